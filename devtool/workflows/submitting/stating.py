"""What a project demands of pull requests: its `mergify.yml`, else its profile."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devtool.adapters.objects import Objects
from devtool.errors import InputError
from devtool.requirements.mergify import read_mergify
from devtool.requirements.pull_requests import MERGIFY, PullRequests, Rule
from devtool.requirements.reading import find_profile
from devtool.workflows.submitting.finding import Base, default_branch

if TYPE_CHECKING:
    from devtool.adapters.objects import RevisionTree
    from devtool.system import System


@dataclass(frozen=True)
class Statement:
    """The rules, and the file they are read from."""

    project: PullRequests
    rules: tuple[Rule, ...]
    path: str = ""
    """The file whose lines the rules name; empty where there are none."""
    revision: str = ""
    """The branch that it was read from; empty for the profile."""
    profile: str = ""
    note: str = ""
    """What stood in the way of reading others; empty where nothing did."""

    @property
    def shown(self) -> str:
        """The file and the branch, for people."""
        return f"{self.path} of {self.revision}" if self.revision else self.path


def read_statement(system: System, repository: str, base: Base) -> Statement:
    """The rules as they stand where nobody's pull request can change them. Raises InputError."""
    with Objects(system, repository) as objects:
        tree = objects.at(base.id)
        profile = find_profile(tree, posixpath.basename(repository))
        project = profile.pull_requests if profile is not None else PullRequests()
        source = profile.source if profile is not None else ""
        note = ""
        for shown, each, decisive in _revisions(system, repository, base, objects, tree):
            for path in MERGIFY:
                text = each.read(path)
                if text is None:
                    continue
                try:
                    rules = read_mergify(text, path, project)
                except InputError as error:
                    if decisive:
                        raise
                    # Nobody notices it on a branch that Mergify does not read: Milvus's 2.5 has such a file.
                    note = (
                        f"{error.message}, in `{shown}`; Mergify reads the default branch, which is not here"
                    )
                    continue
                return Statement(project, rules, path, shown, source)
    return Statement(project, project.rules, source if project.rules else "", "", source, note)


def _revisions(
    system: System, repository: str, base: Base, objects: Objects, tree: RevisionTree
) -> list[tuple[str, RevisionTree, bool]]:
    """The default branch, which Mergify reads whatever branch a pull request is for; else the base has to do.

    Each with whether a file that cannot be read there is the one that Mergify cannot read.
    """
    default = default_branch(system, repository, base.remote) if base.remote else None
    found = [(base.shown, tree, default == base.target or not base.remote)]
    if default is not None and default != base.target:
        name = f"{base.remote}/{default}"
        found.insert(0, (name, objects.at(f"refs/remotes/{name}"), True))
    return found
