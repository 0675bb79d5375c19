"""The doors as types: what the rest of devtool may ask of the outside.

Imported for checking types only: to build these classes at every start costs more than most checks take.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from devtool.model.carrying import Attachment, Call, Carried
from devtool.model.command import Answer
from devtool.model.following import Followed
from devtool.system.conversation import Conversation as Conversation
from devtool.system.engine_call import Reply
from devtool.system.files import DEFAULT_LIMIT_BYTES, Kind, Stamp
from devtool.system.following.watcher import Watch
from devtool.system.network import Contact, HttpAnswer, Listener
from devtool.system.process import PROBE_SECONDS, Changes


class Process(Protocol):
    """What the rest of devtool may do with programs."""

    def within(self, changes: Changes) -> Process:
        """The same door, its programs in an environment with these changes."""

    def which(self, name: str) -> str | None:
        """Absolute path of the program that `name` means on PATH, or None."""

    def which_all(self, name: str) -> list[str]:
        """Every program of that name on PATH, in order, each file once."""

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout_seconds: float | None = PROBE_SECONDS,
        cwd: str | None = None,
        env: Changes | None = None,
        stdin: bytes = b"",
        on_line: Callable[[str], None] | None = None,
    ) -> Answer:
        """Run to the end and give the answer; `on_line` sees each line of both streams as it comes."""

    def attach(self, argv: Sequence[str]) -> Answer:
        """Run on the person's terminal, which answers its questions; its output goes to stderr."""

    def become(self, argv: Sequence[str], *, cwd: str, env: Mapping[str, str]) -> Answer:
        """Leave this process to the person's command, in exactly this environment.

        Comes back only where it cannot be started: `absent` or `refused`.
        """

    def follow(
        self,
        argv: Sequence[str],
        *,
        cwd: str,
        env: Mapping[str, str],
        log_folder: str | None,
        watch: Watch | None = None,
        fail_fast: bool = False,
        called: str = "",
    ) -> Followed:
        """Run the person's own command in exactly this environment, on their terminal, to its end.

        Its output goes where ours goes, at once and untouched, and into a new log named as it is `called`.
        `watch` is called in another process; what it makes sees the output and gives lines to announce,
        and with `fail_fast` the first one ends the command.
        Raises DevtoolError when the machine has no terminal or process left.
        """

    def carry(self, attachment: Attachment) -> Carried:
        """Let a program behind an engine's stream work on our own streams; it ends when we do."""

    def converse(
        self, argv: Sequence[str], *, cwd: str | None = None, env: Changes | None = None
    ) -> Conversation:
        """Start a program that answers requests on its standard input until it is closed."""

    def spawn(self, argv: Sequence[str], *, log_path: str, cwd: str, env: Changes | None = None) -> int:
        """Start a server that outlives us, both streams into the log file; its process id.

        Raises DevtoolError when it cannot be started.
        """

    def born(self, pid: int) -> float | None:
        """When the process was started, in seconds after the machine; None when it is gone or a zombie."""

    def end_group(self, pid: int, grace_seconds: float) -> bool:
        """Terminate the process group led by `pid`, kill what is left; whether it is gone."""

    def end_all(self) -> None:
        """End every group that `run` and `converse` started and that still lives."""


class Files(Protocol):
    """What the rest of devtool may do with files. Paths are absolute."""

    def read_bytes(self, path: str, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> bytes | None:
        """The content, or None where nothing is. Raises UnreadableError for anything but a plain file."""

    def read_text(self, path: str, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> str | None:
        """The content as UTF-8 with replacement, or None where nothing is. Raises UnreadableError."""

    def pieces(self, path: str) -> Iterator[bytes]:
        """What a file or a pipe holds, as it comes. Raises UnreadableError, also where nothing is."""

    def write(self, path: str, content: bytes, mode: int | None = None) -> None:
        """Replace the file at once; keeps symlinks, owner and permissions. Raises DevtoolError."""

    def kind(self, path: str) -> Kind | None:
        """What is at the path (links followed), None where nothing is."""

    def stamp(self, path: str) -> Stamp | None:
        """Identity of the file's present state (links followed), None where nothing is."""

    def owner_id(self, path: str) -> int | None:
        """The owner's user number, None where nothing is."""

    def group_id(self, path: str) -> int | None:
        """The number of the group it belongs to, None where nothing is."""

    def writable(self, path: str) -> bool:
        """Whether this user may write to what is at the path."""

    def executable(self, path: str) -> bool:
        """Whether this user may run the file at the path."""

    def names(self, path: str) -> list[str]:
        """Sorted names in a folder; empty where there is none."""

    def make_folder(self, path: str) -> None:
        """Make the folder and those above it. Raises DevtoolError."""

    def remove(self, path: str) -> None:
        """Remove a file or a link; nothing happens where nothing is. Raises DevtoolError."""

    def remove_tree(self, path: str) -> None:
        """Remove a folder and all in it; nothing happens where nothing is. Raises DevtoolError."""

    def move(self, source: str, target: str) -> None:
        """Rename within one file system, replacing the target. Raises DevtoolError."""

    def unpack(self, archive: str, folder: str) -> None:
        """Unpack a tar archive or a zip into the folder, which it makes, and nowhere else.

        Raises DevtoolError, and leaves what came before that.
        """

    def link_target(self, path: str) -> str | None:
        """What a symbolic link says, None where there is no link."""

    def real(self, path: str) -> str:
        """The path with every link followed."""

    def free_bytes(self, path: str) -> int | None:
        """Free space for this user where the path lies (its nearest existing folder)."""

    def lock(self, path: str, timeout_seconds: float) -> AbstractContextManager[None]:
        """Hold the lock file while in the `with` block. Raises DevtoolError after the time limit."""


class Console(Protocol):
    """What the rest of devtool may say and ask."""

    @property
    def interactive(self) -> bool:
        """Whether a person can answer: stdin and stderr are terminals, and this is not CI."""

    @property
    def colour(self) -> bool:
        """Whether results may carry colour."""

    @property
    def width(self) -> int:
        """Columns of the terminal; 80 where there is none."""

    def result(self, text: str) -> None:
        """Print a result, with a line end."""

    def code(self, text: str) -> None:
        """Print what a program will take, every byte of it as it is where no person reads it."""

    def note(self, text: str) -> None:
        """Print one line of progress or advice."""

    def confirm(self, question: str) -> bool:
        """Ask; False at once without a terminal."""

    @property
    def awaits_typing(self) -> bool:
        """Whether standard input is a terminal, which gives nothing until somebody types."""

    @property
    def on_terminal(self) -> bool:
        """Whether standard input and standard output are both a terminal."""

    def incoming(self) -> Iterator[bytes]:
        """Standard input, as it comes. Raises UnreadableError where it cannot be read."""

    def progress(self, text: str) -> AbstractContextManager[None]:
        """Show that something is going on while in the `with` block; nothing without a terminal."""


class Clock(Protocol):
    """What the rest of devtool may ask about time."""

    def now(self) -> float:
        """Seconds since the epoch."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class Network(Protocol):
    """What the rest of devtool may do with the network."""

    def contact(self, host: str, port: int, timeout_seconds: float) -> Contact:
        """Open a TCP connection and close it again."""

    def get(self, url: str, timeout_seconds: float) -> HttpAnswer | None:
        """An HTTP GET without proxy or redirect; None when nothing answers in time."""

    def get_unix(self, socket_path: str, target: str, timeout_seconds: float) -> HttpAnswer | OSError:
        """An HTTP GET over a Unix socket, or the error that stood in the way."""

    def call_engine(self, url: str, method: str, request: Call, timeout_seconds: float) -> Reply | OSError:
        """One request of the API at `unix://PATH` or `tcp://HOST:PORT`, or what stood in the way."""

    def exchange(
        self, host: str, port: int, request: bytes, enough: Callable[[bytes], bool], timeout_seconds: float
    ) -> bytes | OSError:
        """Send, and read until `enough` of it came, the other side closed, or the time is up."""

    def fetch(
        self, url: str, *, env: Mapping[str, str], limit_bytes: int, timeout_seconds: float | None = None
    ) -> bytes:
        """What a small page holds, through proxies and redirects. Raises DevtoolError.

        With a time limit, for each wait on the network, it is asked once.
        """

    def download(
        self,
        url: str,
        path: str,
        *,
        env: Mapping[str, str],
        sha256: str,
        limit_bytes: int,
        on_progress: Callable[[int, int | None], None] | None = None,
    ) -> None:
        """Bring a file to `path`, whole and with this checksum, as `fetch` does; goes on where it broke off.

        `on_progress` is told the bytes that are here, and of how many where that is known.
        Raises DevtoolError, and leaves at most `PATH.part` then.
        """

    def listeners(self, ports: tuple[int, ...]) -> tuple[Listener, ...]:
        """Who listens on these TCP ports."""

    def free_port(self, preferred: int) -> int:
        """`preferred` if it can be bound, else (and for 0) one the kernel gives."""


class Machine(Protocol):
    """What the rest of devtool may ask the kernel."""

    def kernel(self) -> tuple[str, str, str]:
        """The system's name, its release and the architecture, as `uname` gives them."""

    def cpus(self) -> int:
        """How many processors this process may use."""

    def page_size_bytes(self) -> int:
        """The size of a memory page."""

    def is_root(self) -> bool:
        """Whether the effective user is root."""

    def user_id(self) -> int:
        """The effective user's number."""

    def group_id(self) -> int:
        """The number of the effective group."""

    def parent_id(self) -> int:
        """The number of the process that started this one."""

    def own_words(self) -> tuple[str, ...]:
        """The words that start this devtool again, from `/`."""

    def home(self, env: Mapping[str, str]) -> str | None:
        """The person's home folder by `HOME`, else by the user database; None where that is no folder."""
