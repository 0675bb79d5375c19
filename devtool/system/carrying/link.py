"""One stream to an engine: what it says, and what it has not taken yet."""

from __future__ import annotations

import socket
from contextlib import suppress


class Link:
    """A connection that never makes us wait."""

    def __init__(self, connection: socket.socket, early: bytes) -> None:
        connection.setblocking(False)
        self._connection = connection
        self.descriptor = connection.fileno()
        self.early = early
        """What came together with the answer."""
        self.ended = False
        self.unsent = b""
        self._input_over = False

    def take(self, count: int) -> bytes:
        """What is there now; at the end of the stream `ended` holds."""
        try:
            data = self._connection.recv(count)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        self.ended = not data
        return data

    def put(self, data: bytes) -> None:
        """Send what is taken now; the rest waits for `flush`."""
        self.unsent += data
        self.flush()

    def flush(self) -> None:
        """Send on."""
        try:
            while self.unsent:
                self.unsent = self.unsent[self._connection.send(self.unsent) :]
        except BlockingIOError:
            return
        except OSError:  # nobody reads there any more
            self.unsent = b""
        if self._input_over:
            self._shut()

    def end_input(self) -> None:
        """Say that no more input comes, after what waits."""
        self._input_over = True
        if not self.unsent:
            self._shut()

    def close(self) -> None:
        """End the connection: whoever holds on to it over there is let go."""
        self._connection.close()

    def _shut(self) -> None:
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)
