"""Finding what the files of a checkout state: lines that match a form."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache

from devtool.requirements.patterns import LINE_LIMIT, required_text
from devtool.requirements.profile import Form, Profile
from devtool.requirements.tree import Tree

_ASSIGNMENT = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)=(?:\"([^\"]*)\"|'([^']*)'|([^\s#]*))")
_REFERENCE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Stated:
    """One line that states something."""

    value: str
    specifier: str
    confidence: str
    path: str
    line: int
    text: str

    @property
    def source(self) -> str:
        """`path:line`."""
        return f"{self.path}:{self.line}"


class Checkout:
    """A tree, read as one profile tells."""

    def __init__(self, tree: Tree, profile: Profile) -> None:
        self.tree = tree
        self.profile = profile
        self._variables: dict[str, str] | None = None

    @property
    def variables(self) -> dict[str, str]:
        """What the profile's file of variables sets, and what follows from it. Nothing is executed."""
        if self._variables is None:
            path = self.profile.variables_file
            self._variables = dict(assignments((self.tree.read(path) if path else None) or ""))
            for name, template in self.profile.derived.items():
                if name not in self._variables and (made := self._fill(template)) is not None:
                    self._variables[name] = made
        return self._variables

    def find(self, form: Form) -> list[Stated]:
        """Every line that matches the form, in the order of its paths."""
        found: list[Stated] = []
        for path in self.paths(form):
            text = self.tree.read(path)
            if text is None:
                continue
            lines = ((form.value or "", 1, "")) if form.pattern is None else None
            for value, line, raw in [lines] if lines else hits(text, form.pattern or ""):
                value = form.value if form.value is not None else value
                specifier = form.specifier.format(value) if value or "{}" not in form.specifier else ""
                found.append(Stated(value, specifier, form.confidence, path, line, raw))
        return found

    def matches(self, forms: tuple[Form, ...]) -> Stated | None:
        """The first line that matches one of the forms, or None."""
        return next((found[0] for form in forms if (found := self.find(form))), None)

    def unreadable(self, forms: tuple[Form, ...]) -> tuple[str, ...]:
        """What stood in the way of reading the files of these forms, one line each."""
        paths = dict.fromkeys(path for form in forms for path in self.paths(form))
        problems = self.tree.problems
        return tuple(f"{path}: {problems[path]}" for path in paths if path in problems)

    def paths(self, form: Form) -> list[str]:
        """The paths that a form means in this checkout."""
        filled = [made for path in form.paths if (made := self._fill(path)) is not None]
        return [path for made in filled for path in self._spread(made)]

    def _fill(self, template: str) -> str | None:
        """`template` with its variables put in, None when one is not set or would leave the root."""
        if "{" not in template:
            return template
        names = _REFERENCE.findall(template)
        if not all(name in self.variables for name in names):
            return None
        made = _REFERENCE.sub(lambda match: self.variables[match[1]], template)
        return None if ".." in made.split("/") or made.startswith("/") else made

    def _spread(self, path: str) -> list[str]:
        if "*" not in path:
            return [path]
        folder, _, rest = path.partition("/*")
        return [posixpath.normpath(f"{folder}/{name}{rest}") for name in self.tree.names(folder)]


@lru_cache(maxsize=4096)
def hits(text: str, pattern: str) -> tuple[tuple[str, int, str], ...]:
    """(value, line number, line) of every line in which the pattern is found."""
    certain = required_text(pattern)
    if certain not in text:
        return ()
    search = re.compile(pattern).search
    found = []
    for number, line in enumerate(text_lines(text), 1):
        if certain in line and (match := search(line)):
            found.append((match[1] or "" if match.re.groups else "", number, line.strip()))
    return tuple(found)


@lru_cache(maxsize=512)
def text_lines(text: str) -> tuple[str, ...]:
    """The lines of a text, each cut where no statement reaches."""
    return tuple(line.rstrip("\r")[:LINE_LIMIT] for line in text.split("\n"))


@lru_cache(maxsize=512)
def assignments(text: str) -> tuple[tuple[str, str], ...]:
    """`NAME=value` lines of an env file, read and not sourced."""
    matches = (match for line in text_lines(text) if (match := _ASSIGNMENT.match(line)))
    return tuple((m[1], next((g for g in m.groups()[1:] if g is not None), "")) for m in matches)
