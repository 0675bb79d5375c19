"""Files that a program writes, changed without what they are made from."""

from __future__ import annotations

from devtool.adapters.objects import Objects
from devtool.model.pull_request import FileChange, Judgement, Proposal
from devtool.requirements.patterns import LINE_LIMIT
from devtool.requirements.pull_requests import Generated, matches
from devtool.workflows.submitting.stating import Statement

_HEAD_LINES = 40
_MOST_LOOKED_AT = 2000
_MOST_SHOWN = 5


def judge_generated(proposal: Proposal, statement: Statement, objects: Objects) -> list[Judgement]:
    """One judgement for each kind that was edited by hand, or one that says all is well."""
    kinds = statement.project.generated
    if not kinds:
        return [Judgement("pr-generated-files", "skipped", "which files are generated is not stated")]
    sorted_out = _by_kind(proposal.files, kinds, objects)
    written = {each.path for files in sorted_out for each in files}
    hand_made = [each for each in proposal.files if each.path not in written]
    found = [
        _edited(kind, files, statement)
        for kind, files in zip(kinds, sorted_out, strict=True)
        if files and not any(matches(name, kind.sources) for each in hand_made for name in _names(each))
    ]
    if found:
        return found
    number = len(written)
    several = "1 generated file comes" if number == 1 else f"{number} generated files come"
    summary = f"{several} with what is behind" if number else "no generated file is changed"
    return [Judgement("pr-generated-files", "ok", summary, stated=_stated(kinds[0], statement))]


def _by_kind(
    files: tuple[FileChange, ...], kinds: tuple[Generated, ...], objects: Objects
) -> list[list[FileChange]]:
    """The files of each kind, each of the first that fits; what was removed or moved is nobody's edit."""
    found: list[list[FileChange]] = [[] for _ in kinds]
    for number, each in enumerate(files):
        if each.status not in "MA" or each.module or number >= _MOST_LOOKED_AT:
            continue
        for place, kind in enumerate(kinds):
            if matches(each.path, kind.paths) and _has_header(each, kind, objects):
                found[place].append(each)
                break
    return found


def _has_header(file: FileChange, kind: Generated, objects: Objects) -> bool:
    if kind.header is None:
        return True
    text = objects.text(file.blob) if file.blob and not file.binary else None
    lines = (text or "").split("\n", _HEAD_LINES)[:_HEAD_LINES]
    return any(kind.header.search(line[:LINE_LIMIT]) for line in lines)


def _edited(kind: Generated, files: list[FileChange], statement: Statement) -> Judgement:
    names = tuple(each.path for each in files[:_MOST_SHOWN])
    more = len(files) - len(names)
    found = (*names, f"and {more} more") if more else names
    what = f"`{names[0]}`" if len(files) == 1 else f"{len(files)} generated files"
    sources = ", ".join(f"`{each}`" for each in kind.sources if not each.startswith("!"))
    changed = "is changed without what a program makes it from"
    if len(files) > 1:
        changed = "are changed without what a program makes them from"
    return Judgement(
        "pr-generated-files",
        "failure",
        f"{what} {changed}",
        expected=(f"a change to one of {sources} beside it",),
        found=found,
        stated=_stated(kind, statement),
        repair="change what it is made from, then have it made anew",
        commands=(kind.command,) if kind.command else (),
        path=names[0],
    )


def _names(file: FileChange) -> tuple[str, ...]:
    return (file.path, file.before) if file.before else (file.path,)


def _stated(kind: Generated, statement: Statement) -> str:
    return f"{statement.profile}:{kind.line}" if statement.profile else ""
