"""The sign-off hook of a checkout: what it takes to have it run, next to whatever hook is there."""

from __future__ import annotations

import posixpath

from devtool.adapters.hooks import HookPlace, find_hooks, is_ignored, is_tracked
from devtool.detect import detect
from devtool.errors import DevtoolError
from devtool.model.remedy import Action, AppendLine, Plan, RunCommand, Step
from devtool.model.report import Report
from devtool.model.requirement import Needs
from devtool.model.setup import Setup
from devtool.model.text_change import MoveFile, WriteText
from devtool.system import System
from devtool.system.resources import resource
from devtool.workflows.repairing import carry_out

ID = "sign-off-hook"
_NAME = "commit-msg"
_KEPT = f"{_NAME}.before-devtool"
_MODE = 0o755
# The second line of the hook: an older one of ours begins alike.
_MARK = "# devtool's sign-off hook: "
_PRE_COMMIT = "https://pre-commit.com"
_ONLY_WHERE = "devtool-sign-off"
_REASON = "a commit without a sign-off is refused before it exists"
_REASON_KEPT = "the hook that is there stays, and runs first"


def prepare_hooks(system: System) -> Setup:
    """Plan the sign-off hook of the checkout around `system.cwd`; changes nothing. Raises DevtoolError."""
    place = find_hooks(system)
    report = Report(
        detect(system, system.cwd), Needs(project=posixpath.basename(place.root), root=place.root), ()
    )
    return Setup(report, Plan(tuple(Step(action, (ID,)) for action in _actions(system, place))))


def install_hooks(system: System, setup: Setup, *, yes: bool) -> bool:
    """Carry the plan out if the person agrees; whether the hook is there now, by a second look.

    Raises DevtoolError.
    """
    if setup.plan.steps:
        place = find_hooks(system)
        if place.is_shared:
            system.console.note(
                f"`{place.folder}` serves other checkouts too: there the hook lets every commit pass"
            )
        carry_out(system, setup.plan, yes=yes)
    return not _actions(system, find_hooks(system))


def _actions(system: System, place: HookPlace) -> list[Action]:
    """What is lacking, in order."""
    path = f"{place.folder}/{_NAME}"
    marker = f"{place.common}/{_ONLY_WHERE}"
    actions: list[Action] = []
    if place.is_shared and system.files.kind(marker) is None:
        actions.append(WriteText(marker, None, "", "the hook asks for a sign-off in this checkout alone"))
    wanted = _text(place)
    if _runs(system, path, wanted) or (
        _PRE_COMMIT in (_script(system, path) or "") and _runs(system, f"{path}.legacy", wanted)
    ):
        return actions
    present = _script(system, path)
    if present == wanted:
        return [*actions, RunCommand(("chmod", "+x", path), _REASON, undo_argv=("chmod", "-x", path))]
    if place.in_work_tree:
        actions += _left_out(system, place, path)
    before = present if present is not None and _is_ours(present) else None
    if before is None and _there(system, path):
        actions += _aside(system, place, path)
        before = present if not any(isinstance(each, MoveFile) for each in actions) else None
    return [*actions, WriteText(path, before, wanted, _REASON, mode=_MODE)]


def _aside(system: System, place: HookPlace, path: str) -> list[Action]:
    """What keeps the hook that is there. Raises DevtoolError where another one is kept already."""
    kept = f"{place.folder}/{_KEPT}"
    if not _there(system, kept):
        ignored = _left_out(system, place, kept) if place.in_work_tree else []
        return [*ignored, MoveFile(path, kept, _REASON_KEPT)]
    # Husky writes its own anew with every `npm install`.
    same = _script(system, kept) == _script(system, path) is not None
    if same and system.files.link_target(path) is None and system.files.executable(path):
        return []
    raise DevtoolError(
        f"`{path}` is a hook of somebody else's, and `{kept}` is kept from an earlier one",
        "remove whichever of the two is out of use, then try again",
    )


def _left_out(system: System, place: HookPlace, path: str) -> list[Action]:
    """What keeps our file out of the next commit. Raises DevtoolError where the checkout has its own."""
    if is_tracked(system, place, path):
        raise DevtoolError(
            f"git runs the checkout's own `{path}`, and the hook would become part of the next commit",
            "nothing was changed; `git config core.hooksPath` says that git looks there",
        )
    if is_ignored(system, place, path):
        return []
    line = f"/{posixpath.relpath(path, place.root)}"
    return [AppendLine(f"{place.common}/info/exclude", line, "the hook is no part of the checkout")]


def _text(place: HookPlace) -> str:
    text = resource(f"hooks/{_NAME}")
    assert text is not None, "the package carries its hook"
    return text.replace("only_where=''", f"only_where='{_ONLY_WHERE}'") if place.is_shared else text


def _runs(system: System, path: str, wanted: str) -> bool:
    return _script(system, path) == wanted and system.files.executable(path)


def _is_ours(text: str) -> bool:
    return text.partition("\n")[2].startswith(_MARK)


def _script(system: System, path: str) -> str | None:
    """The text of a hook; None where there is none, or no text that could be written again."""
    content = system.files.read_bytes(path) if system.files.kind(path) == "file" else None
    try:
        return None if content is None else content.decode()
    except UnicodeDecodeError:
        return None


def _there(system: System, path: str) -> bool:
    return system.files.kind(path) is not None or system.files.link_target(path) is not None
