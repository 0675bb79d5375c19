"""Settings for an editor: what the checkout states, put into the templates and merged into what is there."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from devtool.adapters.editor import checkout_file, read_settings, user_files, writable
from devtool.adapters.jsonc.filling import filled
from devtool.adapters.jsonc.merging import ALL, Merged, keys_of, merge
from devtool.adapters.jsonc.reading import MalformedError, parse, value_of
from devtool.adapters.versions import major
from devtool.detect import detect
from devtool.errors import DevtoolError, InputError
from devtool.model.editor import Conflict, EditedFile, Edition
from devtool.model.remedy import Plan, Step
from devtool.model.requirement import Needs
from devtool.model.text_change import WriteText
from devtool.remedies.application import Application, apply
from devtool.requirements.editor import editor_values
from devtool.requirements.editor_keys import EDITOR_KEYS, EXAMPLE
from devtool.requirements.reading import Reading, read
from devtool.system import System
from devtool.system.invocation import program
from devtool.system.resources import template

FILES = ("settings.json", "extensions.json", "tasks.json", "launch.json")
_REASON = "VS Code finds what this checkout is built, tested and debugged with"
_USER_REASON = "VS Code works on C++ and Go together"


def edit_checkout(system: System, forced: tuple[str, ...]) -> Edition:
    """What the editor's files of the checkout would become. Raises InputError."""
    reading = read(system, system.cwd)
    root = reading.needs.root
    if root is None or reading.needs.project is None:
        raise InputError(
            f"`{system.cwd}` is no checkout that devtool knows",
            "stand in a checkout of Milvus, or say what the editor should know in a `devtool.toml`",
        )
    _refuse_unknown(reading)
    stated = editor_values(system, detect(system, system.cwd), reading)
    if not stated:
        raise InputError(
            f"nothing says what an editor should know of {reading.needs.project}",
            "say it in its `devtool.toml`; `devtool vscode --help` has every key"
            f"\n\n    [editor]\n    {EXAMPLE}\n",
        )
    values = {**stated, **_derived(system, reading.needs, stated)}
    texts = {checkout_file(system, root, name): filled(template(f"vscode/{name}"), values) for name in FILES}
    return _edited(system, texts, forced)


def _refuse_unknown(reading: Reading) -> None:
    """Raises InputError for a key of `[editor]` that no template has a place for."""
    profile = reading.profile
    for key in profile.editor if profile is not None else ():
        if key not in EDITOR_KEYS:
            assert profile is not None
            near = get_close_matches(key, EDITOR_KEYS, n=1)
            raise InputError(
                f"{profile.source}: `editor.{key}` is not a key of devtool's",
                f"did you mean `{near[0]}`?" if near else f"the keys are {', '.join(EDITOR_KEYS)}",
            )


def edit_user(system: System, forced: tuple[str, ...]) -> Edition:
    """What the person's own settings would become, in every editor that is there. Raises DevtoolError."""
    text = filled(template("vscode/user.json"), {})
    return _edited(system, dict.fromkeys(user_files(system), text), forced)


def write(system: System, edition: Edition, *, user: bool) -> Edition:
    """Write what changes, as one fix that `devtool undo` takes back. Raises DevtoolError."""
    changed = [file for file in edition.files if file.changes]
    for file in changed:
        if not writable(system, file.path):
            raise DevtoolError(f"you may not write `{file.path}`", "nothing was changed")
    reason = _USER_REASON if user else _REASON
    steps = (Step(WriteText(file.path, file.before, file.after, reason)) for file in changed)
    application = apply(system, Plan(tuple(steps)))
    if application.error is not None:
        raise _told(application)
    return replace(edition, fix=application.fix.id if application.fix else None)


def _told(application: Application) -> DevtoolError:
    """Why it stopped, with what stands by then and how to take it back."""
    error, fix = application.error, application.fix
    assert error is not None
    if not application.done or fix is None:
        return error
    files = "file was" if application.done == 1 else "files were"
    return DevtoolError(
        error.message,
        f"{application.done} {files} written before that; `devtool undo` takes back fix {fix.id}",
    )


def _derived(system: System, needs: Needs, stated: Mapping[str, str]) -> dict[str, object]:
    """What follows from the needs, and from how devtool itself was started."""
    gofumpt, linter = needs.tool("gofumpt"), needs.tool("golangci-lint")
    typed = program(system.env)
    second = linter is not None and (major((linter.specifier or "").lstrip("=")) or 0) >= 2
    clang_format = "clang_format" in stated
    return {
        "project": needs.project,
        "devtool": _absolute(system, shlex.split(typed)[0]),
        "gofumpt": True if gofumpt is not None and gofumpt.needed else None,
        "go_formatter": "gofumpt" if gofumpt is not None and gofumpt.needed else "gofmt",
        # https://github.com/golang/vscode-go/pull/3734
        "go_linter": None
        if linter is None or not linter.needed
        else ("golangci-lint-v2" if second else "golangci-lint"),
        "cpp_formatter": "xaver.clang-format" if clang_format else "llvm-vs-code-extensions.vscode-clangd",
    }


def _absolute(system: System, command: str) -> str:
    """A command typed by its path, as an editor can start it from anywhere."""
    # Not `system.cwd`: `-C` sets that, and the path was typed before it.
    return (
        posixpath.normpath(posixpath.join(system.env.get("PWD", "/"), command)) if "/" in command else command
    )


def _edited(system: System, texts: Mapping[str, str], forced: tuple[str, ...]) -> Edition:
    """Everything is read and merged before anything is written: one broken file stops all."""
    ours = {path: _content(text) for path, text in texts.items()}
    _known(forced, (key for content in ours.values() for key in keys_of(content)))
    files = [_file(system, path, texts[path], content, forced) for path, content in ours.items() if content]
    return Edition(tuple(files))


def _file(system: System, path: str, text: str, ours: dict[str, Any], forced: tuple[str, ...]) -> EditedFile:
    before = read_settings(system, path)
    if before is None:
        return EditedFile(path, None, text)
    try:
        merged = _merged(before, ours, forced)
    except MalformedError as error:
        raise InputError(
            f"`{path}` is not JSON with comments: {error}", "mend the file; nothing was changed"
        ) from None
    conflicts = tuple(Conflict(each.key, each.theirs, each.ours) for each in merged.differing)
    return EditedFile(path, before, merged.text, tuple(merged.added), tuple(merged.replaced), conflicts)


def _merged(before: str, ours: dict[str, Any], forced: tuple[str, ...]) -> Merged:
    if "tasks" in ours:
        ours = {**ours, "tasks": _without_second_default(ours["tasks"], before)}
    return merge(before, ours, forced)


def _without_second_default(tasks: list[dict[str, Any]], before: str) -> list[dict[str, Any]]:
    """Our tasks, none the default of a group in which the person has chosen one: VS Code would ask."""
    root = parse(before)
    theirs = value_of(before, root) if root is not None else None
    own = theirs.get("tasks") if isinstance(theirs, dict) else None
    labels = {task["label"] for task in tasks}
    groups = [
        task.get("group")
        for task in (own if isinstance(own, list) else ())
        if isinstance(task, dict) and task.get("label") not in labels
    ]
    taken = [group.get("kind") for group in groups if isinstance(group, dict) and group.get("isDefault")]

    def second(task: dict[str, Any]) -> bool:
        group = task.get("group")
        return isinstance(group, dict) and group["kind"] in taken

    return [{**task, "group": task["group"]["kind"]} if second(task) else task for task in tasks]


def _content(text: str) -> dict[str, Any]:
    root = parse(text)
    content = None if root is None else value_of(text, root)
    assert isinstance(content, dict), "a template is an object"
    return content


def _known(forced: tuple[str, ...], keys: Iterable[str]) -> None:
    """Raises InputError where a forced key is none of ours."""
    known = list(dict.fromkeys(keys))
    for key in forced:
        if key != ALL and key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else "`devtool vscode --check` shows what differs"
            raise InputError(f"devtool sets no `{key}`", hint)
