"""One conversation with a port, plain or behind TLS, told step by step: what went wrong is a word.

The words are those that a cure can be named for; the platform's own text goes beside them.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Step = Literal["connecting", "securing", "talking"]
Trouble = Literal[
    "refused", "timed-out", "reset", "closed", "unreachable", "not-tls", "untrusted", "expired",
    "not-yet-valid", "wrong-name", "certificate-wanted", "own-files", "tls",
]  # fmt: skip
_LIMIT_BYTES = 1024**2
# https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/
_VERDICTS: dict[int, Trouble] = {9: "not-yet-valid", 10: "expired", 62: "wrong-name", 64: "wrong-name"}
_ALERTS = (
    "ALERT_CERTIFICATE_REQUIRED",
    "ALERT_BAD_CERTIFICATE",
    "ALERT_UNKNOWN_CA",
    "ALERT_HANDSHAKE_FAILURE",
)
_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, which the module `ssl` does not name


@dataclass(frozen=True)
class Trust:
    """How to speak TLS: whom to expect and believe, and who we are. Paths are absolute."""

    name: str
    authority: str | None = None
    certificate: str | None = None
    key: str | None = None


@dataclass(frozen=True)
class Certificate:
    """What a server shows, believed or not."""

    names: tuple[str, ...]
    issuer: str
    begins: str
    ends: str


@dataclass(frozen=True)
class Talk:
    """How far a conversation came, and how long each step took."""

    step: Step
    """The last one that was begun."""
    trouble: Trouble | None = None
    detail: str = ""
    """The platform's own words for the trouble."""
    received: bytes = field(default=b"", repr=False)
    tls: str | None = None
    """The protocol's version, once both sides agreed."""
    connect_seconds: float = 0.0
    answer_seconds: float = 0.0


def resolve(host: str, timeout_seconds: float) -> tuple[str, ...] | OSError:
    """The addresses of a name, or what stood in the way."""
    import threading

    # The system's resolver has no time limit of its own, and cannot be interrupted.

    found: list[tuple[str, ...] | OSError] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            found.append(tuple(dict.fromkeys(str(row[4][0]) for row in rows)))
        except (OSError, UnicodeError) as error:
            found.append(error if isinstance(error, OSError) else OSError(str(error)))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(timeout_seconds)
    return found[0] if found else TimeoutError("timed out")


def talk(
    address: str,
    port: int,
    request: bytes,
    enough: Callable[[bytes], bool],
    timeout_seconds: float,
    trust: Trust | None,
) -> Talk:
    """Connect, secure with `trust`, send and read; each step has the time limit to itself."""
    begun = time.monotonic()
    try:
        connection = socket.create_connection((address, port), timeout_seconds)
    except OSError as error:
        return Talk("connecting", _trouble(error), _words(error))
    so_far = Talk("connecting", connect_seconds=time.monotonic() - begun)
    with connection:
        if trust is None:
            return _exchange(connection, request, enough, timeout_seconds, so_far)
        try:
            context = _context(trust)
        except (OSError, ValueError) as error:
            return replace(so_far, step="securing", trouble="own-files", detail=_words(error))
        try:
            secured = context.wrap_socket(connection, server_hostname=trust.name)
        except (OSError, ValueError) as error:  # ValueError: a name that is none
            return replace(so_far, step="securing", trouble=_trouble(error), detail=_words(error))
        with secured:
            so_far = replace(so_far, tls=secured.version())
            return _exchange(secured, request, enough, timeout_seconds, so_far)


def certificate(address: str, port: int, name: str, timeout_seconds: float) -> Certificate | None:
    """What the server there shows of itself, believed or not; None when it shows nothing."""
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    encoded = _shown(blind, address, port, name, timeout_seconds)
    if not isinstance(encoded, bytes):
        return None
    # The module decodes only what it has verified: so it is told to believe in this very certificate.
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    own.check_hostname = False
    own.verify_flags |= ssl.VerifyFlags(ssl.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME)
    try:
        own.load_verify_locations(cadata=encoded)
    except ssl.SSLError:
        return None
    decoded = _shown(own, address, port, name, timeout_seconds)
    if not decoded or isinstance(decoded, bytes):
        return None
    names = tuple(str(value) for _, value in decoded.get("subjectAltName", ()))
    issuer = {str(key): str(value) for part in decoded.get("issuer", ()) for key, value in part}
    return Certificate(
        names or _common_name(decoded.get("subject", ())),
        issuer.get("commonName") or issuer.get("organizationName") or "nobody it names",
        str(decoded.get("notBefore", "")),
        str(decoded.get("notAfter", "")),
    )


def _common_name(subject: object) -> tuple[str, ...]:
    parts = subject if isinstance(subject, tuple) else ()
    return tuple(str(value) for part in parts for key, value in part if key == "commonName")


def _shown(
    context: ssl.SSLContext, address: str, port: int, name: str, timeout_seconds: float
) -> Mapping[str, Any] | bytes | None:
    """The server's certificate: as it is where the context does not verify, else decoded."""
    context.set_alpn_protocols(["h2"])
    try:
        with (
            socket.create_connection((address, port), timeout_seconds) as connection,
            context.wrap_socket(connection, server_hostname=name) as secured,
        ):
            return (
                secured.getpeercert(True) if context.verify_mode == ssl.CERT_NONE else secured.getpeercert()
            )
    except (OSError, ValueError):
        return None


def _context(trust: Trust) -> ssl.SSLContext:
    # As gRPC does it: the authority that is named stands in place of the system's.
    context = ssl.create_default_context(cafile=trust.authority)
    # From Python 3.13 on it is stricter than gRPC, and refuses what clients take.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.set_alpn_protocols(["h2"])
    if trust.certificate:
        context.load_cert_chain(trust.certificate, trust.key)
    return context


def _exchange(
    connection: socket.socket,
    request: bytes,
    enough: Callable[[bytes], bool],
    timeout_seconds: float,
    so_far: Talk,
) -> Talk:
    begun = time.monotonic()
    received, detail = b"", ""
    trouble: Trouble | None = None
    try:
        connection.settimeout(timeout_seconds)
        connection.sendall(request)
        while len(received) < _LIMIT_BYTES and not enough(received):
            connection.settimeout(max(0.001, begun + timeout_seconds - time.monotonic()))
            if not (piece := connection.recv(65536)):
                trouble = "closed"
                break
            received += piece
    except OSError as error:
        trouble, detail = _trouble(error), _words(error)
    seconds = time.monotonic() - begun
    return replace(
        so_far, step="talking", trouble=trouble, detail=detail, received=received, answer_seconds=seconds
    )


def _trouble(error: Exception) -> Trouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _VERDICTS.get(error.verify_code, "untrusted")
    # Which of the two it is depends on the OpenSSL that Python was built with.
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return "closed"
    if isinstance(error, ssl.SSLError):
        reason = error.reason or ""
        if "WRONG_VERSION_NUMBER" in reason or "RECORD_LAYER" in reason or "HTTP_REQUEST" in reason:
            return "not-tls"
        return "certificate-wanted" if reason.endswith(_ALERTS) else "tls"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, TimeoutError):
        return "timed-out"
    if isinstance(error, (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)):
        return "reset"
    return "unreachable" if isinstance(error, OSError) else "tls"


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
