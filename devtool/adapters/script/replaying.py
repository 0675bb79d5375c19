"""What a script would export, followed command by command and run nowhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from devtool.adapters.script.expanding import Ask, UnfollowedError, expand
from devtool.adapters.script.lexing import ScriptError
from devtool.adapters.script.parsing import Case, Command, For, If, Node, inside, parse

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_SILENT = {"echo", "printf", "set", ":", "true", "shopt", "local"}
_MOST_WORDS = 100


@dataclass(frozen=True)
class Exported:
    """A variable as the script leaves it."""

    value: str
    line: int


@dataclass(frozen=True)
class Unread:
    """A variable that the script may export, and why nobody can say so without running it."""

    name: str
    line: int
    reason: str


@dataclass
class Replay:
    """What came of following a script."""

    exported: dict[str, Exported] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    """All of them at its end, exported or not."""
    stopped: int | None = None
    """The line that would end the script early."""


class _BreakError(Exception):
    pass


def replay(
    text: str,
    variables: Mapping[str, str],
    ask: Ask,
    *,
    fixed: Collection[str] = (),
    lists: Collection[str] = (),
) -> Replay:
    """What the script exports where `variables` are set. Raises ScriptError.

    `fixed` names keep their value whatever the script assigns; from `lists` empty entries are dropped.
    """
    player = _Player(Replay(variables=dict(variables)), ask, frozenset(fixed), frozenset(lists))
    try:
        player.play(parse(text))
    except _BreakError:
        raise ScriptError("`break` outside a loop") from None
    except RecursionError:
        raise ScriptError("nested too deeply") from None
    return player.made


class _Player:
    def __init__(self, made: Replay, ask: Ask, fixed: frozenset[str], lists: frozenset[str]) -> None:
        self.made, self._ask, self._fixed, self._lists = made, ask, fixed, lists
        self._unknown: dict[str, str] = {}

    def play(self, nodes: Iterable[Node]) -> None:
        """Follow the commands; what hangs on one that cannot be followed is left unread."""
        status: bool | str = True
        for node in nodes:
            if not isinstance(node, Command):
                self._compound(node)
                status = True
            elif node.joined and isinstance(status, str):
                self._lose(node, status)
            elif not _passed_over(node, status is True):
                try:
                    status = self._command(node)
                except UnfollowedError as error:
                    status = str(error)

    def _holds(self, condition: Iterable[Node]) -> bool:
        """Whether the last command of a condition succeeds. Raises UnfollowedError."""
        status = True
        for node in condition:
            if not isinstance(node, Command):
                raise UnfollowedError("a condition made of other conditions")
            if not _passed_over(node, status):
                status = self._command(node)
        return status

    def _compound(self, node: Node) -> None:
        """Follow a compound command; one that cannot be followed leaves what it sets unread."""
        try:
            if isinstance(node, If):
                self.play(node.then if self._holds(node.condition) else node.otherwise)
            elif isinstance(node, Case):
                subject = self._expand(node.subject)
                arms = (body for forms, body in node.arms if self._matches(subject, forms))
                self.play(next(arms, ()))
            elif isinstance(node, For):
                self._for(node)
            else:
                raise UnfollowedError("a loop or a function")
        except UnfollowedError as error:
            for command in inside(node):
                self._lose(command, str(error))

    def _for(self, node: For) -> None:
        try:
            for word in node.words[:_MOST_WORDS]:
                self._set(node.name, self._expand(word))
                self.play(node.body)
        except _BreakError:
            return

    def _command(self, command: Command) -> bool:
        if len(command.pipe) != 1:
            return True  # what a pipe prints stays in the pipe
        words = command.pipe[0]
        if not words or words[0] in _SILENT:
            return True
        if words[0] == "export" or _ASSIGNMENT.match(words[0]):
            self._assign(words, command.line)
            return True
        if words[0] == "!":
            return not self._command(Command((words[1:],), command.line))
        if words[0] == "break":
            raise _BreakError
        if words[0] in ("exit", "return"):
            # What follows is still worth knowing: most of it hangs on nothing that is missing.
            self.made.stopped = self.made.stopped or command.line
            return True
        argv = tuple(self._expand(word) for word in words)
        if argv[0] in ("[", "[[", "test"):
            return _test(argv[1:] if argv[0] == "test" else argv[1:-1])
        return self._ask(argv) is not None

    def _assign(self, words: tuple[str, ...], line: int) -> None:
        exporting = words[0] == "export"
        for word in words[exporting:]:
            match = _ASSIGNMENT.match(word)
            name = match[1] if match else word
            if not name.isidentifier() or (not exporting and match is None):
                raise UnfollowedError(f"`{word}`")
            try:
                if match and name not in self._fixed:
                    self._set(name, self._expand(match[2]))
                if exporting and name in self._unknown:
                    raise UnfollowedError(self._unknown[name])
                if exporting:
                    self.made.exported[name] = Exported(self.made.variables.get(name, ""), line)
            except UnfollowedError as error:
                self._forget(name, line, str(error), exporting)

    def _expand(self, word: str) -> str:
        for name, reason in self._unknown.items():
            if re.search(rf"\$\{{?{name}\b", word):
                raise UnfollowedError(reason)
        return expand(word, self.made.variables, self._ask)

    def _set(self, name: str, value: str) -> None:
        if name in self._lists:
            value = ":".join(filter(None, value.split(":")))
        self.made.variables[name] = value
        self._unknown.pop(name, None)

    def _lose(self, command: Command, reason: str) -> None:
        for words in command.pipe:
            exporting = words[:1] == ("export",)
            for word in words[exporting:]:
                match = _ASSIGNMENT.match(word)
                if match is None and not exporting:
                    break
                name = match[1] if match else word
                if name not in self._fixed:
                    self._forget(name, command.line, reason, exporting)

    def _forget(self, name: str, line: int, reason: str, exporting: bool) -> None:
        self._unknown[name] = reason
        if exporting:
            self.made.exported.pop(name, None)
            self.made.unread.append(Unread(name, line, reason))

    @staticmethod
    def _matches(subject: str, forms: tuple[str, ...]) -> bool:
        return any(fnmatchcase(subject, form) for form in forms)


def _passed_over(command: Command, status: bool) -> bool:
    return (command.joined == "&&" and not status) or (command.joined == "||" and status)


def _test(words: tuple[str, ...]) -> bool:
    """What `[` says. Raises UnfollowedError for what only the machine could tell."""
    if words[:1] == ("!",):
        return not _test(words[1:])
    if len(words) == 2 and words[0] in ("-n", "-z"):
        return bool(words[1]) == (words[0] == "-n")
    if len(words) == 3 and words[1] in ("=", "==", "!="):
        return (words[0] == words[2]) == (words[1] != "!=")
    compare = {"-gt": int.__gt__, "-ge": int.__ge__, "-lt": int.__lt__, "-le": int.__le__, "-eq": int.__eq__}
    if len(words) == 3 and words[1] in compare and words[0].isdigit() and words[2].isdigit():
        return bool(compare[words[1]](int(words[0]), int(words[2])))
    raise UnfollowedError(f"`test {' '.join(words)}`")
