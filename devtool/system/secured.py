"""A connection behind TLS as a plain one: who waits with `select`, or ends only its input, need not know."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from contextlib import suppress

_PIECE_BYTES = 262144


def secure(connection: socket.socket, host: str, folder: str, *, verify: bool) -> socket.socket:
    """The plain end; a thread keeps the other one. Raises OSError where a side does not prove itself.

    The folder may hold `ca.pem`, and `cert.pem` with `key.pem`, as docker has them.
    """
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    name = None if not verify else host
    channel = _context(folder, verify).wrap_bio(incoming, outgoing, server_hostname=name)
    while not _greeted(channel, connection, outgoing):
        connection.sendall(outgoing.read())
        data = connection.recv(_PIECE_BYTES)
        if not data:
            raise ConnectionResetError("it ends the connection instead of proving itself")
        incoming.write(data)
    connection.sendall(outgoing.read())
    ours, theirs = socket.socketpair()
    relay = _Relay(theirs, connection, channel, incoming, outgoing)
    threading.Thread(target=relay.run, daemon=True).start()
    return ours


def _greeted(channel: ssl.SSLObject, connection: socket.socket, outgoing: ssl.MemoryBIO) -> bool:
    try:
        channel.do_handshake()
    except ssl.SSLWantReadError:
        return False
    except ssl.SSLError:
        with suppress(OSError):
            connection.sendall(outgoing.read())  # so that the other side learns why
        raise
    return True


def _context(folder: str, verify: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = verify
    context.verify_mode = ssl.CERT_REQUIRED if verify else ssl.CERT_NONE
    if verify:
        try:
            context.load_verify_locations(f"{folder}/ca.pem")
        except FileNotFoundError:
            context.load_default_certs()
    with suppress(FileNotFoundError):
        context.load_cert_chain(f"{folder}/cert.pem", f"{folder}/key.pem")
    return context


class _Relay:
    """Hands on between a plain socket and a secured one; each direction may end before the other."""

    def __init__(
        self,
        plain: socket.socket,
        remote: socket.socket,
        channel: ssl.SSLObject,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
    ) -> None:
        self._plain, self._remote, self._channel = plain, remote, channel
        self._incoming, self._outgoing = incoming, outgoing
        self._to_plain = self._to_remote = b""
        self._plain_open = self._remote_open = True
        plain.setblocking(False)
        remote.setblocking(False)

    def run(self) -> None:
        """Until the other side has ended, or nobody takes what it says."""
        with self._plain, self._remote, suppress(OSError):
            self._decrypt()
            while self._remote_open or self._to_plain:
                self._turn()

    def _turn(self) -> None:
        # Nothing is read that could not be handed on: whoever is slow slows the other.
        reading = [self._remote] if self._remote_open and not self._to_plain else []
        reading += [self._plain] if self._plain_open and not self._to_remote else []
        writing = [self._plain] if self._to_plain else []
        writing += [self._remote] if self._to_remote else []
        ready, writable, _ = select.select(reading, writing, [])
        if self._remote in ready:
            data = self._remote.recv(_PIECE_BYTES)
            self._remote_open = bool(data)
            self._incoming.write(data)
            self._decrypt()
        if self._plain in ready:
            self._encrypt(self._plain.recv(_PIECE_BYTES))
        if self._plain in writable:
            self._to_plain = self._to_plain[self._plain.send(self._to_plain) :]
        if self._remote in writable:
            self._to_remote = self._to_remote[self._remote.send(self._to_remote) :]

    def _decrypt(self) -> None:
        pieces = []
        try:
            while piece := self._channel.read(_PIECE_BYTES):
                pieces.append(piece)
            self._remote_open = False
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:  # it said goodbye, or broke off
            self._remote_open = False
        self._to_plain += b"".join(pieces)
        self._to_remote += self._outgoing.read()

    def _encrypt(self, data: bytes) -> None:
        if data:
            self._channel.write(data)
        else:
            self._plain_open = False
            with suppress(ssl.SSLError):  # the other side goes on, so its goodbye is not there yet
                self._channel.unwrap()
        self._to_remote += self._outgoing.read()
