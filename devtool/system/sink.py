"""Where output goes on to: never waiting, with our own lines only between those of the command."""

from __future__ import annotations

import errno
import os
import select
import stat
import sys

from devtool.system.terminal import reopened


class Sink:
    """One of our outputs. What it does not take at once waits here, and its source is not read meanwhile."""

    def __init__(self, descriptor: int) -> None:
        self.own = reopened(descriptor, os.O_WRONLY)
        self.descriptor = descriptor if self.own is None else self.own
        self.pending = memoryview(b"")
        self.broken = False
        self.trouble = ""
        """Why it takes nothing more; empty also where nobody reads it any more."""
        self.at_line_start = True
        self._line_end = b"\r\n" if os.isatty(descriptor) else b"\n"
        # A terminal that was closed answers as a sick disk does.
        self._left = (errno.EPIPE, errno.EIO) if os.isatty(descriptor) else (errno.EPIPE,)
        self._notices: list[bytes] = []
        mode = os.fstat(descriptor).st_mode
        # Linux lets one wait for the reader's end: a pipe's writing end is then ready to be read.
        telling = stat.S_ISFIFO(mode) and sys.platform == "linux"
        self.telltale = self.own if telling else None
        """The descriptor that becomes readable when nobody reads any more; None where nothing does."""
        # A description that is not ours may block: it is asked first, and given what it must take then.
        self._cautious = self.own is None and (
            stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(descriptor)
        )

    def put(self, data: bytes) -> None:
        """Write what can be written now; the rest waits."""
        if self._notices:
            data = self._with_notices(data)
        if data:
            self.at_line_start = data.endswith(b"\n")
        if self.pending:
            data = bytes(self.pending) + data
        self.pending = memoryview(data)
        self.flush()

    def flush(self) -> None:
        """Write on."""
        try:
            while self.pending and self._writable():
                share = self.pending[: select.PIPE_BUF] if self._cautious else self.pending
                self.pending = self.pending[os.write(self.descriptor, share) :]
        except BlockingIOError:
            return
        except OSError as error:
            self.broken = True
            if error.errno not in self._left:
                self.trouble = (error.strerror or str(error)).lower()
            self.pending = memoryview(b"")

    def announce(self, line: str) -> None:
        """Say a line of our own as soon as the output stands at the start of one."""
        shown = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in line)
        self._notices.append(shown.encode("utf-8", "replace") + self._line_end)
        if self.at_line_start and not self.broken:
            self.put(b"")

    def finish(self) -> None:
        """Say what is still to be said, on a line of its own."""
        if self._notices:
            self.put(b"" if self.at_line_start else self._line_end)

    def close(self) -> None:
        """Give our own description back."""
        if self.own is not None:
            os.close(self.own)

    def _writable(self) -> bool:
        return not self._cautious or bool(select.select([], [self.descriptor], [], 0)[1])

    def _with_notices(self, data: bytes) -> bytes:
        cut = 0 if self.at_line_start else data.rfind(b"\n") + 1
        if not cut and not self.at_line_start:
            return data
        said, self._notices = b"".join(self._notices), []
        self.at_line_start = True
        return data[:cut] + said + data[cut:]
