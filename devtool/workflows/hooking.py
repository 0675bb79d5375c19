"""The sign-off hooks of a checkout: what it takes to have them run, next to whatever hooks are there."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Sequence

from devtool.adapters.hooks import HookPlace, find_hooks, is_ignored, is_tracked
from devtool.detect import detect
from devtool.errors import DevtoolError
from devtool.model.remedy import Action, AppendLine, Plan, RunCommand, Step
from devtool.model.report import Report
from devtool.model.requirement import Needs
from devtool.model.setup import Setup
from devtool.model.text_change import MoveFile, RemoveFile, WriteText
from devtool.system import System
from devtool.system.resources import resource
from devtool.workflows.repairing import carry_out

ID = "sign-off-hook"
NAMES = ("commit-msg", "prepare-commit-msg", "pre-push")
"""The hooks that there are; the first is the one that is meant where none is named."""
_MODE = 0o755
# The second line of the hook: an older one of ours begins alike.
_MARK = "# devtool's sign-off hook: "
_PRE_COMMIT = "https://pre-commit.com"
_ONLY_WHERE = "devtool-sign-off"
_REASONS = {
    "commit-msg": "a commit without a sign-off is refused before it exists",
    "prepare-commit-msg": "your sign-off is added to the messages of your commits",
    "pre-push": "a push of commits without a sign-off is refused",
}
_REASON_GONE = "the hook was put here by devtool"
_REASON_BACK = "the hook that was there before serves again"
_CALL = 'devtool dco pre-push "$@"'
_REASON_KEPT = "the hook that is there stays, and runs first"


def prepare_hooks(system: System, names: Sequence[str] = NAMES[:1]) -> Setup:
    """Plan these sign-off hooks of the checkout around `system.cwd`; changes nothing. Raises DevtoolError."""
    place = find_hooks(system)
    return _setup(system, place, [each for name in names for each in _actions(system, place, name)])


def install_hooks(system: System, setup: Setup, names: Sequence[str] = NAMES[:1], *, yes: bool) -> bool:
    """Carry the plan out if the person agrees; whether the hooks are there now, by a second look.

    Raises DevtoolError.
    """
    if setup.plan.steps:
        place = find_hooks(system)
        if place.is_shared:
            system.console.note(
                f"`{place.folder}` serves other checkouts too: there the hook lets every commit pass"
            )
        carry_out(system, setup.plan, yes=yes)
    return not prepare_hooks(system, names).plan.steps


def prepare_removal(system: System, names: Sequence[str] = NAMES) -> Setup:
    """Plan to take these hooks away, and to put back what was there before them. Raises DevtoolError."""
    place = find_hooks(system)
    return _setup(system, place, [each for name in names for each in _removal(system, place, name)])


def remove_hooks(system: System, setup: Setup, names: Sequence[str] = NAMES, *, yes: bool) -> bool:
    """Carry the removal out if the person agrees; whether the hooks are gone. Raises DevtoolError."""
    if setup.plan.steps:
        carry_out(system, setup.plan, yes=yes)
    return not prepare_removal(system, names).plan.steps


def _setup(system: System, place: HookPlace, actions: list[Action]) -> Setup:
    needs = Needs(project=posixpath.basename(place.root), root=place.root)
    report = Report(detect(system, system.cwd), needs, ())
    once = dict.fromkeys(actions)
    return Setup(report, Plan(tuple(Step(action, (ID,)) for action in once)))


def _actions(system: System, place: HookPlace, name: str) -> list[Action]:
    """What is lacking of one hook, in order."""
    path = f"{place.folder}/{name}"
    marker = _marker(place, name)
    actions: list[Action] = []
    if place.is_shared and system.files.kind(marker) is None:
        actions.append(WriteText(marker, None, "", "the hook works in this checkout alone"))
    wanted = _text(system, place, name)
    if _runs(system, path, wanted) or (
        _PRE_COMMIT in (_script(system, path) or "") and _runs(system, f"{path}.legacy", wanted)
    ):
        return actions
    present = _script(system, path)
    if present == wanted:
        return [*actions, RunCommand(("chmod", "+x", path), _REASONS[name], undo_argv=("chmod", "-x", path))]
    if place.in_work_tree:
        actions += _left_out(system, place, path)
    before = present if present is not None and _is_ours(present) else None
    if before is None and _there(system, path):
        actions += _aside(system, place, path)
        before = present if not any(isinstance(each, MoveFile) for each in actions) else None
    return [*actions, WriteText(path, before, wanted, _REASONS[name], mode=_MODE)]


def _removal(system: System, place: HookPlace, name: str) -> list[Action]:
    """What is ours of one hook; in a folder that others share only what makes it work here."""
    if place.is_shared:
        marker = _marker(place, name)
        there = system.files.kind(marker) is not None
        return [RemoveFile(marker, "", "the hook works in this checkout no more")] if there else []
    path = f"{place.folder}/{name}"
    legacy = _script(system, f"{path}.legacy")
    if legacy is not None and _is_ours(legacy):
        return [RemoveFile(f"{path}.legacy", legacy, _REASON_GONE, _MODE)]
    present, kept = _script(system, path), _kept(path)
    if present is None or not _is_ours(present):
        return []
    if not _there(system, kept):
        return [RemoveFile(path, present, _REASON_GONE, _MODE)]
    before = _script(system, kept)
    if before is None or system.files.link_target(kept) is not None:
        back = shlex.join(["mv", kept, path])
        raise DevtoolError(f"`{kept}`, the hook from before, is no text file", f"`{back}` puts it back")
    return [
        WriteText(path, present, before, _REASON_BACK, mode=_MODE),
        RemoveFile(kept, before, _REASON_BACK, _MODE),
    ]


def _marker(place: HookPlace, name: str) -> str:
    return f"{place.common}/{_only_where(name)}"


def _only_where(name: str) -> str:
    return _ONLY_WHERE if name == NAMES[0] else f"{_ONLY_WHERE}-{name}"


def _kept(path: str) -> str:
    return f"{path}.before-devtool"


def _aside(system: System, place: HookPlace, path: str) -> list[Action]:
    """What keeps the hook that is there. Raises DevtoolError where another one is kept already."""
    kept = _kept(path)
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


def _text(system: System, place: HookPlace, name: str) -> str:
    text = resource(f"hooks/{name}")
    assert text is not None, "the package carries its hooks"
    return _marked(text.replace(_CALL, _own_call(system)), place, name)


def _own_call(system: System) -> str:
    """This devtool, else the one on PATH; from `/`, since a checkout may hold another."""
    words = system.machine.own_words()
    more = '-C "$folder" dco pre-push "$@"'
    own = f"if [ -x {shlex.quote(words[0])} ]; then {shlex.join(words)} {more}; else devtool {more}; fi"
    return f"folder=$PWD && cd / && {own}"


def _marked(text: str, place: HookPlace, name: str) -> str:
    """The hook, made to work only where a checkout asks for it if others have it too."""
    return text.replace("only_where=''", f"only_where='{_only_where(name)}'") if place.is_shared else text


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
