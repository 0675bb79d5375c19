"""A program elsewhere that works on our streams: how to reach it, and what came of it."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Call(NamedTuple):
    """One request of an engine's API."""

    target: str
    body: bytes = b""


class Attachment(NamedTuple):
    """A program that an engine has made ready, and what it shares with us."""

    url: str
    """The engine's address: `unix://PATH` or `tcp://HOST:PORT`."""
    start: Call
    """The request that becomes the stream."""
    terminal: bool = False
    """The stream is a terminal's: keys go there, nothing is told apart in it."""
    input: bool = False
    """Standard input goes there."""
    keeper: Call | None = None
    """The request that becomes the lifeline, where the stream itself carries input; else the stream is it."""
    leash: bool = False
    """End it as soon as nobody reads our output any more, though it says nothing."""
    resize: str = ""
    """The target that takes the terminal's size, to which `?h=24&w=80` is added."""


class Carried(NamedTuple):
    """How the stream ended."""

    outcome: Literal["ended", "refused", "lost"]
    """`refused`: the engine did not start it; `lost`: there was no answer."""
    reason: str = ""
    """Why it was refused or lost."""
    signal_number: int | None = None
    """The signal by which we were told to end it."""
    killed: bool = False
    """Whether it did not end by that signal in time."""
    reader_gone: bool = False
    """Whether somebody who read our output closed it."""
    unwritten: str = ""
    """Why our output takes nothing more, such as that a disk is full."""
