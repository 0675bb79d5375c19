"""Which packages a script would install, and where: its branches are followed, all of them, and none is run.

What hangs on something that only running it would tell keeps that condition
beside it, and a name that is not written out is kept as unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from devtool.adapters.script.lexing import ScriptError, Token
from devtool.requirements.commands import Item, items
from devtool.requirements.places import MANAGERS, Place

_MOST_STEPS = 20_000
_DEEPEST = 20
_VERBS = {
    "apt-get": ("install",),
    "dnf": ("install",),
    "yum": ("install", "localinstall"),
    "zypper": ("install", "in"),
    "apk": ("add",),
    "brew": ("install",),
}
_BEFORE = {"sudo", "!", "exec", "time", "command", "env", "nice"}
_WITH_VALUE = {
    "apt-get": ("-o", "-t", "-c", "--target-release", "--option"),
    "apk": ("-t", "--virtual", "--repository", "-X"),
    "zypper": ("-r", "--repo", "-t", "--type"),
}
_DECLARING = {"local", "export", "declare", "readonly"}
_SETTING = re.compile(r"([A-Za-z_]\w*)(\+?)=(.*)", re.DOTALL)
_REFERENCE = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:\[[@*]\])?\})")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._@/-]*")


@dataclass(frozen=True)
class Installed:
    """One package that a line installs."""

    name: str
    line: int
    manager: str
    place: Place
    readable: bool = True
    """Whether `name` is the name, or what is written in its place."""


@dataclass(frozen=True)
class _Value:
    """What a variable holds somewhere."""

    place: Place
    words: tuple[Token, ...]


@dataclass
class _Frame:
    """An open `if`, `case` or loop."""

    kind: str
    around: Place
    condition: list[str] = field(default_factory=list)
    reading: bool = False
    patterns: tuple[str, ...] = ()


def installed(text: str, place: Place) -> list[Installed]:
    """Every package that a script installs where `place` holds. Raises ScriptError."""
    try:
        walker = _Walker(items(text))
        walker.walk(0, len(walker.items), place, 0)
    except RecursionError:
        raise ScriptError("it is nested too deeply") from None
    return list(dict.fromkeys(walker.found))


class _Walker:
    def __init__(self, found: list[Item]) -> None:
        self.items = found
        self.found: list[Installed] = []
        self._variables: dict[str, list[_Value]] = {}
        self._steps = 0
        self._functions = dict(self._bodies())

    def _bodies(self) -> Iterator[tuple[str, tuple[int, int]]]:
        for start, item in enumerate(self.items):
            if item.kind == "function":
                yield item.name, (start + 1, self._end(start))

    def _end(self, start: int) -> int:
        """Where the body of the function that begins here ends."""
        depth = 0
        for at in range(start, len(self.items)):
            depth += (self.items[at].kind == "{") - (self.items[at].kind == "}")
            if self.items[at].kind == "}" and depth <= 0:
                return at
        return len(self.items)

    def walk(self, start: int, end: int, place: Place, depth: int) -> None:
        """Follow the items from `start` to before `end`, every branch of them."""
        frames: list[_Frame] = []
        at = start
        while at < end:
            self._steps += 1
            if self._steps > _MOST_STEPS:
                raise ScriptError("it is too long to follow")
            item = self.items[at]
            at += 1
            if item.kind == "function":
                at = self._end(at - 1) + 1
            elif item.kind in ("command", "array"):
                if frames and frames[-1].reading:
                    frames[-1].condition += [item.joined, *(word.text for word in item.words)]
                else:
                    self._carry_out(item, place, depth)
            else:
                place = _branch(item, place, frames)

    def _carry_out(self, item: Item, place: Place, depth: int) -> None:
        if item.kind == "array":
            self._set(item.name.rstrip("+"), _Value(place, item.words), grows=item.name.endswith("+"))
            return
        words = [*item.words]
        while words and (words[0].text in _BEFORE or _SETTING.match(words[0].text)):
            if len(words) == 1 or words[0].text in _BEFORE:
                self._assign(words[:1], place)
            words.pop(0)
            while words and item.words[0].text == "sudo" and words[0].text.startswith("-"):
                words.pop(0)
        if not words:
            return
        name = words[0].text
        if name in _DECLARING:
            self._assign(words[1:], place)
        elif name in self._functions and depth < _DEEPEST:
            self.walk(*self._functions[name], place, depth + 1)
        elif manager := MANAGERS.get(name.rpartition("/")[2]):
            where = place.undecided("where the command before it fails") if item.joined == "||" else place
            self.found += self._installs(manager, words[1:], where)

    def _assign(self, words: list[Token], place: Place) -> None:
        for word in words:
            if match := _SETTING.match(word.text):
                text = match[3]
                quoted = text[:1] in "\"'" and text[-1:] == text[:1] and len(text) > 1
                parts = text[1:-1].split() if quoted else [text]
                made = tuple(Token(part, word.line) for part in parts if part)
                self._set(match[1], _Value(place, made), grows=bool(match[2]))

    def _set(self, name: str, value: _Value, *, grows: bool) -> None:
        before = self._variables.get(name, [])
        if not grows:
            before = [kept for each in before if (kept := _outside(each, value.place)) and each.words]
        self._variables[name] = [*before, value]

    def _installs(self, manager: str, words: list[Token], place: Place) -> Iterator[Installed]:
        plain = list(_arguments(manager, words))
        if manager == "pacman":
            installing = any(re.fullmatch("-S[a-z]*", word.text) for word in words)
        else:
            installing = bool(plain) and plain.pop(0).text in _VERBS[manager]
        for word in plain if installing else ():
            yield from self._named(word, manager, place)

    def _named(self, word: Token, manager: str, place: Place) -> Iterator[Installed]:
        plain = word.text.strip("\"'")
        if whole := _REFERENCE.fullmatch(plain):
            values = self._variables.get(whole[1] or whole[2])
            for value in values or ():
                if (both := place.within(value.place)) is not None:
                    for each in value.words:
                        yield _one(each, manager, both)
            if values is not None:
                return
        yield _one(word, manager, place)


def _outside(value: _Value, place: Place) -> _Value | None:
    """What is left of a value once the variable is set anew in a place; None where nothing is."""
    both = value.place.within(place)
    if both is None or (value.place.condition and place.condition != value.place.condition):
        return value
    return None if both == value.place else replace(value, place=value.place.without(place))


def _one(word: Token, manager: str, place: Place) -> Installed:
    plain = word.text.strip("\"'")
    # `name=version` and `name:architecture` are apt's.
    name = re.split("[=:]", plain)[0] if manager == "apt-get" else plain
    file = "//" in plain or plain.endswith((".rpm", ".deb"))
    readable = _NAME.fullmatch(name) is not None and not file
    return Installed(name if readable else plain, word.line, manager, place, readable)


def _arguments(manager: str, words: list[Token]) -> Iterator[Token]:
    """The words that are neither options nor values of options."""
    skip = False
    for word in words:
        if not skip and not word.text.startswith("-"):
            yield word
        skip = not skip and word.text in _WITH_VALUE.get(manager, ())


def _branch(item: Item, place: Place, frames: list[_Frame]) -> Place:
    """The place behind a keyword."""
    kind = item.kind
    if kind in ("if", "case", "for", "while", "until"):
        frames.append(_Frame(kind, place, reading=kind in ("if", "while", "until")))
        return place
    if not frames:
        return place
    frame = frames[-1]
    if kind in ("then", "do"):
        frame.reading = False
        condition = " ".join(filter(None, frame.condition))
        return frame.around.where(condition) if kind == "then" else place
    if kind == "elif":
        frame.condition, frame.reading = [], True
        return frame.around
    if kind == "else":
        return frame.around.otherwise(" ".join(filter(None, frame.condition)))
    if kind == "pattern":
        patterns = tuple(word.text for word in item.words)
        made = frame.around.matching(patterns, frame.patterns)
        frame.patterns += patterns
        return made
    if kind == ";;":
        return frame.around
    if kind in ("fi", "esac", "done"):
        frames.pop()
        return frame.around
    return place
