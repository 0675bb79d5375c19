"""The commands of a shell script as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from devtool.adapters.script.lexing import ScriptError, Token, lex

_DEEPEST = 40
_ENDINGS = {"then", "elif", "else", "fi", "do", "done", "esac", "}"}


@dataclass(frozen=True)
class Command:
    """Commands joined by pipes, and what joins this pipe to the one before it: `&&`, `||` or nothing."""

    pipe: tuple[tuple[str, ...], ...]
    line: int
    joined: str = ""


@dataclass(frozen=True)
class If:
    """A condition, and what follows from it."""

    condition: tuple[Node, ...]
    then: tuple[Node, ...]
    otherwise: tuple[Node, ...]


@dataclass(frozen=True)
class For:
    """What is done with each word."""

    name: str
    words: tuple[str, ...]
    body: tuple[Node, ...]


@dataclass(frozen=True)
class Case:
    """What is done where the subject has a form."""

    subject: str
    arms: tuple[tuple[tuple[str, ...], tuple[Node, ...]], ...]


@dataclass(frozen=True)
class Opaque:
    """Commands whose outcome only running them would tell."""

    body: tuple[Node, ...]


Node = Command | If | For | Case | Opaque


def parse(text: str) -> tuple[Node, ...]:
    """The commands of a script. Raises ScriptError."""
    reader = _Reader(lex(text))
    nodes = reader.commands()
    if reader.peek() is not None:
        raise ScriptError(f"line {reader.line}: `{reader.word()}` is out of place")
    return nodes


def inside(node: Node) -> Iterator[Command]:
    """Every plain command in a node, however deep."""
    if isinstance(node, Command):
        yield node
        return
    if isinstance(node, If):
        parts: tuple[Node, ...] = (*node.condition, *node.then, *node.otherwise)
    elif isinstance(node, Case):
        parts = tuple(each for _, body in node.arms for each in body)
    else:
        parts = node.body
    for part in parts:
        yield from inside(part)


class _Reader:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def line(self) -> int:
        """Where the reader stands."""
        return self._tokens[min(self._at, len(self._tokens) - 1)].line

    def peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def word(self) -> str:
        """The next token, whatever it is."""
        token = self.peek()
        if token is None:
            raise ScriptError("it ends in the middle of a command")
        self._at += 1
        return token.text

    def commands(self) -> tuple[Node, ...]:
        """Commands up to a word or an operator that ends them."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ScriptError(f"line {self.line}: nested too deeply")
        found: list[Node] = []
        joined = ""
        while (token := self.peek()) is not None:
            if token.operator and token.text in ("\n", ";", "&"):
                self._at += 1
            elif token.operator and token.text in ("&&", "||"):
                joined = self.word()
                continue
            elif token.operator and token.text == "(":
                self._at += 1
                found.append(Opaque(self.commands()))
                self._expect(")")
            elif token.text in _ENDINGS or (token.operator and not token.redirection):
                break
            else:
                found.append(self._command(joined))
            joined = "" if token.text != "\n" else joined
        self._depth -= 1
        return tuple(found)

    def _command(self, joined: str) -> Node:
        token = self.peek()
        assert token is not None
        compound = {
            "if": self._if,
            "for": self._for,
            "case": self._case,
            "while": self._loop,
            "until": self._loop,
            "{": self._group,
        }.get(token.text)
        if compound is None or token.operator:
            return self._plain(joined)
        if joined:
            raise ScriptError(f"line {token.line}: `{token.text}` after `{joined}`")
        self._at += 1
        node = compound()
        while (trailing := self.peek()) is not None and trailing.redirection:
            self._redirection()
        return node

    def _plain(self, joined: str) -> Node:
        line = self.line
        pipe: list[list[str]] = [[]]
        while (token := self.peek()) is not None:
            if token.redirection:
                self._redirection()
            elif token.operator and token.text == "(" and len(pipe[-1]) == 1:
                return self._function()
            elif token.operator and token.text == "|":
                self._at += 1
                pipe.append([])
            elif token.operator:
                break
            else:
                pipe[-1].append(self.word())
        return Command(tuple(tuple(words) for words in pipe), line, joined)

    def _redirection(self) -> None:
        if "&" not in self.word() or self._tokens[self._at - 1].text == "&>":
            self.word()

    def _function(self) -> Node:
        self._expect("(")
        self._expect(")")
        self._blank()
        self._expect("{")
        return self._group()

    def _group(self) -> Node:
        body = self.commands()
        self._expect("}")
        return Opaque(body)

    def _loop(self) -> Node:
        condition = self.commands()
        self._expect("do")
        body = self.commands()
        self._expect("done")
        return Opaque((*condition, *body))

    def _if(self) -> Node:
        condition = self.commands()
        self._expect("then")
        then = self.commands()
        ending = self.word()
        if ending == "elif":
            return If(condition, then, (self._if(),))
        otherwise: tuple[Node, ...] = ()
        if ending == "else":
            otherwise = self.commands()
            ending = self.word()
        if ending != "fi":
            raise ScriptError(f"line {self.line}: `{ending}` where `fi` belongs")
        return If(condition, then, otherwise)

    def _for(self) -> Node:
        name = self.word()
        self._expect("in")
        words = []
        while (token := self.peek()) is not None and not token.operator:
            words.append(self.word())
        self._blank()
        self._expect("do")
        body = self.commands()
        self._expect("done")
        return For(name, tuple(words), body)

    def _case(self) -> Node:
        subject = self.word()
        self._blank()
        self._expect("in")
        arms: list[tuple[tuple[str, ...], tuple[Node, ...]]] = []
        while True:
            self._blank()
            token = self.peek()
            if token is not None and token.text == "esac":
                self._at += 1
                return Case(subject, tuple(arms))
            patterns = [self.word()]
            while (mark := self.word()) == "|":
                patterns.append(self.word())
            if mark != ")":
                raise ScriptError(f"line {self.line}: `{mark}` where `)` belongs")
            arms.append((tuple(patterns), self.commands()))
            token = self.peek()
            if token is not None and token.text == ";;":
                self._at += 1

    def _blank(self) -> None:
        while (token := self.peek()) is not None and token.operator and token.text in ("\n", ";"):
            self._at += 1

    def _expect(self, text: str) -> None:
        line = self.line
        found = self.word()
        if found != text:
            raise ScriptError(f"line {line}: `{found}` where `{text}` belongs")
