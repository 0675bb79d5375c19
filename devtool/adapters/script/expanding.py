"""What a word of a shell script says once its variables and commands are put in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from devtool.adapters.script.lexing import ScriptError, piece_end
from devtool.adapters.script.parsing import Command, parse

Ask = Callable[[tuple[str, ...]], "str | None"]
"""What a command prints, None where it fails. Raises UnfollowedError where that is not known."""

_PARAMETER = re.compile(r"([A-Za-z_]\w*)(?:(:?[-+])(.*))?", re.DOTALL)
_NAME = re.compile(r"\$([A-Za-z_]\w*)")
_SUBSTITUTE = re.compile(r"s(.)([^.*\[\]^$\\]*?)\1([^&\\]*?)\1(g?)")
_SPECIAL_IN_QUOTES = '$`"\\\n'


class UnfollowedError(Exception):
    """Only running the script would tell; the text says what stands in the way."""


def expand(word: str, variables: Mapping[str, str], ask: Ask) -> str:
    """The word without its quotes, expanded. Raises UnfollowedError."""
    try:
        return _expanded(word, variables, ask, quoted=False)
    except ScriptError as error:
        raise UnfollowedError(str(error)) from None


def _expanded(text: str, variables: Mapping[str, str], ask: Ask, *, quoted: bool) -> str:
    made = []
    at = 0
    while at < len(text):
        if quoted and text[at] in "'\"":
            made.append(text[at])
            at += 1
            continue
        if name := _NAME.match(text, at):
            made.append(variables.get(name[1], ""))
            at = name.end()
            continue
        end = piece_end(text, at)
        made.append(_piece(text[at:end], variables, ask, quoted))
        at = end
    return "".join(made)


def _piece(piece: str, variables: Mapping[str, str], ask: Ask, quoted: bool) -> str:
    if piece.startswith("\\"):
        return piece if quoted and piece[1:] not in _SPECIAL_IN_QUOTES else piece[1:].replace("\n", "")
    if piece.startswith("'"):
        return piece[1:-1]
    if piece.startswith('"'):
        return _expanded(piece[1:-1], variables, ask, quoted=True)
    if piece.startswith("$(("):
        raise UnfollowedError("arithmetic")
    if piece.startswith("$("):
        return _printed(piece[2:-1], variables, ask)
    if piece.startswith("`"):
        return _printed(piece[1:-1], variables, ask)
    if piece.startswith("${"):
        return _parameter(piece[2:-1], variables, ask, quoted)
    if piece == "$":
        raise UnfollowedError("a special parameter")
    return piece


def _parameter(text: str, variables: Mapping[str, str], ask: Ask, quoted: bool) -> str:
    match = _PARAMETER.fullmatch(text)
    if match is None:
        raise UnfollowedError(f"`${{{text}}}`")
    name, operator, word = match.groups()
    value = variables.get(name, "")
    if operator is None:
        return value
    there = name in variables if len(operator) == 1 else bool(value)
    if operator.endswith("-"):
        return value if there else _expanded(word, variables, ask, quoted=quoted)
    return _expanded(word, variables, ask, quoted=quoted) if there else ""


def _printed(text: str, variables: Mapping[str, str], ask: Ask) -> str:
    nodes = parse(text)
    if len(nodes) != 1 or not isinstance(nodes[0], Command):
        raise UnfollowedError(f"`$({text})`")
    if not all(nodes[0].pipe):
        raise UnfollowedError(f"`$({text})`")
    first, *filters = [tuple(expand(word, variables, ask) for word in words) for words in nodes[0].pipe]
    if first[0] == "echo":
        said: str | None = " ".join(first[1:])
    else:
        said = ask(first)
    for each in filters:
        said = _filtered(each, said or "")
    return (said or "").rstrip("\n")


def _filtered(argv: Sequence[str], text: str) -> str:
    """The text behind a filter whose work is plain."""
    lines = text.split("\n")
    if tuple(argv) == ("cut", "-d.", "-f1"):
        return "\n".join(line.split(".")[0] for line in lines)
    if len(argv) == 2 and argv[0] == "sed" and (match := _SUBSTITUTE.fullmatch(argv[1])) and match[2]:
        count = -1 if match[4] else 1
        return "\n".join(line.replace(match[2], match[3], count) for line in lines)
    raise UnfollowedError(f"`{' '.join(argv)}`")
