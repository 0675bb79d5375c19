"""The copy of a checkout in a volume, brought up to date with what is new here, and with what is gone.

What was built there stays: only what came from here is ever removed.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from devtool.adapters.engine.api import Api
from devtool.adapters.engine.execution import ask
from devtool.errors import DevtoolError
from devtool.model.codec import parse_json
from devtool.model.container import Blueprint, Container, Person
from devtool.system import System
from devtool.workflows.containers.own_folder import own_folder
from devtool.workflows.containers.preparing import prepare
from devtool.workflows.synchronising.history import follow
from devtool.workflows.synchronising.listing import Marks, list_files
from devtool.workflows.synchronising.placing import MADE, Choice, chosen, source_volume
from devtool.workflows.synchronising.stream import environment, feed, words

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOCK_SECONDS = 1800.0
_RSYNC = re.compile(r"rsync\s+version v?(\d+)\.")
_SENT = re.compile(r"Number of (?:regular )?files transferred: ([\d,.]+)")
_LOOK = """mkdir -p "$1" && chown "$2" "$1" || exit
for each in rsync tar gzip git; do command -v $each >/dev/null 2>&1 && echo $each; done; :"""
# With a folder that became empty goes the folder.
_REMOVE = """for path; do
  rm -f -- "$path"
  while [ "${path%/*}" != "$path" ]; do
    path=${path%/*}
    rmdir -- "$path" 2>/dev/null || break
  done
done"""
_ARGUMENT_BYTES = 65536


@dataclass(frozen=True)
class Copy:
    """What the copy holds of ours."""

    identity: str = ""
    """The volume, and when it was made: another one holds nothing yet."""
    files: Marks = field(default_factory=dict)
    head: str = ""


def synchronise(
    system: System,
    api: Api,
    container: Container,
    blueprint: Blueprint,
    *,
    anew: bool = False,
) -> None:
    """Bring the copy up to date and say how, in a line; nothing where the container has the checkout itself.

    `anew` sends all of it. Raises DevtoolError.
    """
    choice, volume = chosen(system, blueprint.checkout), source_volume(blueprint)
    if choice is None or volume is None:
        return
    if not _mounted(api, container, volume):
        raise DevtoolError(
            f"`{container.name}` was made for a checkout that its engine sees, and that is not so here",
            "`devtool container up --recreate` makes it anew, or `--sync none` leaves it as it is",
        )
    person, place = prepare(system, api, container, blueprint), own_folder(system, blueprint.checkout)
    with (
        system.files.lock(f"{place}/sync.lock", _LOCK_SECONDS),
        system.console.progress("sending the source…"),
    ):
        Sending(system, api, container, blueprint, person, place).send(choice, volume, anew=anew)


@dataclass(frozen=True)
class Sending:
    """One bringing up to date."""

    system: System
    api: Api
    container: Container
    blueprint: Blueprint
    person: Person
    place: str
    """Our own folder for this checkout."""

    def send(self, choice: Choice, volume: str, *, anew: bool) -> None:
        """Do it, and keep what the copy holds now."""
        identity = self._identity(volume)
        before = self._read()
        if anew or before.identity != identity:
            before = Copy(identity)
        tools = self._look()
        way, why = decide(choice, _rsync_here(self.system), tools)
        files = list_files(self.system, self.blueprint.checkout)
        # Until it is done the copy may hold any of both.
        self._write(Copy(identity, {**dict.fromkeys(files), **before.files}, before.head))
        head, note = self._follow(before.head, force=anew) if "git" in tools else ("", _NO_GIT)
        gone = [path for path in before.files if path not in files]
        self._remove(gone)
        changed = [path for path, mark in files.items() if before.files.get(path) != mark]
        count = self._by_rsync(files) if way == "rsync" else self._by_tar(changed)
        self._write(Copy(identity, files, head))
        where = self.api.endpoint.elsewhere or "the engine here"
        self.system.console.note(
            f"devtool: source by {way} ({why}) into the volume `{volume}` of {where}:"
            f" {count} sent, {len(gone)} removed"
        )
        if note and (note != _NO_GIT or not before.files):
            self.system.console.note(f"devtool: {note}")
        if not before.files:
            self.system.console.note(f"devtool: {_FETCHING}")

    def _identity(self, volume: str) -> str:
        made = (self.api.get(f"/volumes/{volume}").get("Labels") or {}).get(MADE, "")
        return f"{self.api.endpoint.stands_for or self.api.endpoint.url} {volume} {made}"

    def _look(self) -> set[str]:
        """Which programs are inside, after making sure of the folder."""
        owner = f"{self.person.uid}:{self.person.gid}"
        argv = ["/bin/sh", "-c", _LOOK, "look", self.blueprint.workspace, owner]
        answer = ask(self.system, self.api, self.container.id, argv)
        if not answer.ok:
            raise DevtoolError(
                f"`{self.blueprint.workspace}` in `{self.container.name}` cannot take the source:"
                f" {answer.output.strip() or answer.describe()}"
            )
        return set(answer.stdout.split())

    def _follow(self, last: str, *, force: bool) -> tuple[str, str | None]:
        return follow(self.system, self.blueprint.checkout, last, self._environment(), force=force)

    def _remove(self, paths: Sequence[str]) -> None:
        for chunk in _chunks(paths):
            argv = ["/bin/sh", "-c", f'cd "$0" && {_REMOVE}', self.blueprint.workspace, *chunk]
            user = f"{self.person.uid}:{self.person.gid}"
            answer = ask(self.system, self.api, self.container.id, argv, user=user)
            if not answer.ok:
                raise DevtoolError(f"cannot remove from the copy: {answer.output.strip()}")

    def _by_tar(self, paths: Sequence[str]) -> int:
        if not paths:
            return 0
        argv = [
            "tar",
            "-c",
            "-z",
            "-f",
            "-",
            "-C",
            self.blueprint.checkout,
            "--null",
            "-T",
            self._list(paths),
        ]
        talk = self.system.process.converse(argv, cwd="/", env={"COPYFILE_DISABLE": "1"})
        try:
            feed(self.system, ["tar", "-x", "-z", "-p", "-o", "-f", "-"], self._environment(), talk.pieces())
        finally:
            talk.close()
        return len(paths)

    def _by_rsync(self, paths: Iterable[str]) -> int:
        argv = ["rsync", "-lptz", "--from0", f"--files-from={self._list(paths)}", "--stats"]
        argv += ["-e", shlex.join(words(self.system)), f"{self.blueprint.checkout}/", "container:./"]
        answer = self.system.process.run(argv, timeout_seconds=None, cwd="/", env=self._environment())
        if not answer.ok:
            lines = answer.stderr.strip().splitlines()
            raise DevtoolError(
                f"`rsync` {answer.describe()}: {lines[0] if lines else ''}", "`--sync git` goes without it"
            )
        said = _SENT.search(answer.stdout)
        return int(re.sub(r"\D", "", said[1])) if said else 0

    def _environment(self) -> dict[str, str]:
        return environment(self.container, self.blueprint, self.person)

    def _list(self, paths: Iterable[str]) -> str:
        listed = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
        self.system.files.write(f"{self.place}/sync.list", listed)
        return f"{self.place}/sync.list"

    def _read(self) -> Copy:
        try:
            data: Any = parse_json(self.system.files.read_text(f"{self.place}/sync.json") or "{}")
            return Copy(str(data["identity"]), dict(data["files"]), str(data["head"]))
        except (DevtoolError, ValueError, KeyError, TypeError):
            return Copy()

    def _write(self, copy: Copy) -> None:
        kept = {"identity": copy.identity, "files": copy.files, "head": copy.head}
        self.system.files.write(f"{self.place}/sync.json", json.dumps(kept).encode())


_FETCHING = "what is built there stays there: `devtool container exec -- tar -c PATH | tar -x` brings it here"
_NO_GIT = "the container has no git: what asks for a version there is told none"


def decide(choice: Choice, rsync_here: str, tools: set[str]) -> tuple[str, str]:
    """The way to go, and why. Raises DevtoolError where what it takes is not there."""
    rsync_inside = "" if "rsync" in tools else "the container has no rsync"
    against = rsync_here or rsync_inside
    if choice.way == "rsync" and against:
        raise DevtoolError(
            f"cannot send the source by rsync: {against}", "`--sync git` takes tar and git's list"
        )
    way, why = (choice.way, choice.said_by) if choice.way else ("rsync", "it is here and inside")
    if choice.way is None and against:
        way, why = "git", against
    if way == "git" and not {"tar", "gzip"} <= tools:
        raise DevtoolError(
            "cannot send the source: the container has no `tar` and `gzip`", "or install rsync on both sides"
        )
    return way, why


def _rsync_here(system: System) -> str:
    """Why this machine's rsync cannot be used, empty where it can."""
    answer = system.process.run(["rsync", "--version"], cwd="/")
    found = _RSYNC.search(answer.stdout)
    if not answer.found:
        return "there is no rsync here"
    # What macOS brings calls itself a version 2 and knows other words.
    return "" if found and int(found[1]) >= 3 else "rsync here is older than 3.0"


def _mounted(api: Api, container: Container, volume: str) -> bool:
    return any(each.get("Name") == volume for each in api.inspect(container.id).get("Mounts") or ())


def _chunks(paths: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    length = 0
    for path in paths:
        if chunk and length + len(path) > _ARGUMENT_BYTES:
            yield chunk
            chunk, length = [], 0
        chunk.append(path)
        length += len(path) + 1
    if chunk:
        yield chunk
