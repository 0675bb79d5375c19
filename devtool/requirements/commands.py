"""The commands of a shell script in their order, with the keywords between them; nothing is run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from devtool.adapters.script.lexing import Token, lex

_ALONE = {"if", "elif", "then", "else", "fi", "for", "while", "until", "do", "done", "{", "}"}


@dataclass(frozen=True)
class Item:
    """A keyword, a plain command, or what an array is set to."""

    kind: str
    """`command`, `array`, `function`, `case`, `pattern`, `;;`, or the keyword itself."""
    words: tuple[Token, ...] = ()
    joined: str = ""
    """What stands before a command: `&&`, `||`, `|` or nothing."""
    name: str = ""
    """Of an array (with `+` behind it where it grows) or a function."""


def items(text: str) -> list[Item]:
    """The script cut into items. Raises ScriptError, and RecursionError for what nests without end."""
    return list(_Cutter(lex(text)).cut())


class _Cutter:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._words: list[Token] = []
        self._joined = ""
        self._awaiting: list[bool] = []
        """For every open `case`, whether a pattern comes next."""

    def cut(self) -> Iterator[Item]:
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            yield from self._operator(token) if token.operator else self._word(token)
        yield from self._flush()

    def _operator(self, token: Token) -> Iterator[Item]:
        pattern = bool(self._awaiting) and self._awaiting[-1]
        if token.redirection:
            self._at += "&" not in token.text or token.text == "&>"
        elif pattern and token.text == ")":
            self._awaiting[-1] = False
            yield Item("pattern", tuple(self._words))
            self._words = []
        elif pattern and token.text != ";;":
            return
        elif token.text == "(" and self._words and self._words[-1].text.endswith("="):
            yield Item("array", tuple(self._array()), name=self._words.pop().text[:-1])
            self._words = []
        elif token.text == "(" and len(self._words) == 1 and self._next() == ")":
            self._at += 1
            yield Item("function", name=self._words.pop().text)
        else:
            yield from self._flush()
            self._joined = token.text if token.text in ("&&", "||", "|") else self._joined
            if token.text == ";;":
                yield Item(";;")
                if self._awaiting:
                    self._awaiting[-1] = True

    def _word(self, token: Token) -> Iterator[Item]:
        if self._words and not (self._awaiting and self._awaiting[-1]):
            self._words.append(token)
        elif token.text == "esac" and self._awaiting:
            self._awaiting.pop()
            yield Item("esac")
        elif self._awaiting and self._awaiting[-1]:
            self._words.append(token)
        elif token.text == "case" and self._at + 1 < len(self._tokens):
            yield Item("case", (self._tokens[self._at],))
            self._at += 2
            self._awaiting.append(True)
        elif token.text == "function" and self._at < len(self._tokens):
            yield Item("function", name=self._tokens[self._at].text)
            self._at += 3 if self._next(1) == "(" else 1
        elif token.text in _ALONE:
            self._joined = ""
            yield Item(token.text)
        else:
            self._words.append(token)

    def _flush(self) -> Iterator[Item]:
        if self._words:
            yield Item("command", tuple(self._words), self._joined)
            self._words, self._joined = [], ""

    def _array(self) -> Iterator[Token]:
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.operator and token.text == ")":
                return
            if not token.operator:
                yield token

    def _next(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at].text if at < len(self._tokens) else ""
