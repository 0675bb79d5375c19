"""A dev container for a project that has none: what would be written, and writing it."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from devtool.adapters.container_templates import CONFIGURATION, filled
from devtool.adapters.editor import read_settings, writable
from devtool.adapters.repository import find_root
from devtool.detect import detect
from devtool.errors import DevtoolError, InputError
from devtool.model.editor import EditedFile
from devtool.model.recipe import Initialisation
from devtool.model.remedy import Plan, Step
from devtool.model.requirement import Needs
from devtool.model.text_change import WriteText
from devtool.remedies.application import apply
from devtool.requirements.profile import DevContainer
from devtool.requirements.reading import built_in, read, settle_needs
from devtool.requirements.tree import WorkingTree
from devtool.system import System
from devtool.workflows.containers.equipment import recipe

_GUESSING = "plain"
"""The profile that reads the usual files of a project that no other speaks for."""
_FOLDER = posixpath.dirname(CONFIGURATION)
_OTHER_PLACE = ".devcontainer.json"
_REASON = "a dev container for this checkout, made from what it asks for"


def plan(system: System) -> Initialisation:
    """What the files would become; changes nothing. Raises InputError."""
    needs, wishes = _needs(system)
    assert needs.root is not None, "a folder at least"
    name = needs.project or posixpath.basename(needs.root) or "project"
    made = recipe(needs, detect(system, needs.root), name, wishes)
    files = tuple(_file(system, needs.root, name, text) for name, text in filled(made).items())
    return Initialisation(needs.root, made, files)


def write(system: System, initialisation: Initialisation, *, force: bool) -> Initialisation:
    """Write them, as one fix that `devtool undo` takes back.

    Raises InputError where something else is there, unless forced; DevtoolError where writing fails.
    """
    if not initialisation.changes:
        return initialisation
    if not force:
        _refuse(system, initialisation)
    changed = [file for file in initialisation.files if file.changes]
    for file in changed:
        if not writable(system, file.path):
            raise DevtoolError(f"you may not write `{file.path}`", "nothing was changed")
    steps = tuple(Step(WriteText(file.path, file.before, file.after, _REASON)) for file in changed)
    application = apply(system, Plan(steps))
    if application.error is not None:
        fix = application.fix
        hint = f"`devtool undo` takes back what was written before that, fix {fix.id}" if fix else None
        raise DevtoolError(application.error.message, hint or application.error.hint)
    return replace(initialisation, fix=application.fix.id if application.fix else None)


def _needs(system: System) -> tuple[Needs, DevContainer]:
    """What the checkout says, or else what its usual files do."""
    reading = read(system, system.cwd)
    profile = reading.profile
    wishes = profile.devcontainer if profile else DevContainer()
    root = reading.needs.root or find_root(system, system.cwd) or system.cwd
    if profile is not None and profile.needs:
        return reading.needs, wishes
    guessed = settle_needs(WorkingTree(system, root), built_in(_GUESSING), root)
    return replace(guessed, project=reading.needs.project), wishes


def _file(system: System, root: str, name: str, text: str) -> EditedFile:
    path = f"{root}/{name}"
    folder = posixpath.dirname(path)
    if system.files.kind(folder) not in (None, "folder"):
        raise InputError(f"`{folder}` is a file, not a folder", "move it elsewhere, then try again")
    if not system.files.real(path).startswith(f"{system.files.real(root).rstrip('/')}/"):
        # A checkout can carry links, and must not lead us to what the person keeps elsewhere.
        raise InputError(
            f"`{path}` leads out of the checkout", "put a plain file or folder in place of the link"
        )
    return EditedFile(path, read_settings(system, path), text)


def _refuse(system: System, initialisation: Initialisation) -> None:
    """Raises InputError where a dev container, or a file of that name, is there already."""
    root = initialisation.root
    own = f"{root}/{CONFIGURATION}"
    folder = f"{root}/{_FOLDER}"
    deeper = (f"{folder}/{name}/devcontainer.json" for name in system.files.names(folder))
    for path in (own, f"{root}/{_OTHER_PLACE}", *deeper):
        if system.files.kind(path) == "file" and not (path == own and _stands(initialisation, own)):
            beside = "writes over it" if path == own else "writes another beside it"
            hint = (
                f"`devtool container up` takes it; `--diff` shows what would be written, `--force` {beside}"
            )
            raise InputError(f"this checkout has a dev container already: `{path}`", hint)
    for file in initialisation.files:
        if file.before is not None and file.changes:
            hint = (
                "`--diff` shows the difference, `--force` writes over it, and `devtool undo` takes that back"
            )
            raise InputError(f"`{file.path}` is there, and is not what would be written", hint)


def _stands(initialisation: Initialisation, path: str) -> bool:
    return any(file.path == path and not file.changes for file in initialisation.files)
