"""One HTTP GET: through proxies and redirects, over trusted TLS, each way of failing told in one line."""

from __future__ import annotations

import os
import re
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, InvalidURL
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from devtool import __version__
from devtool.errors import DevtoolError, InputError
from devtool.model.redaction import redact
from devtool.system.proxies import HttpProxy, basic, proxy_for

_REDIRECTS = 10
_MOVED = (301, 302, 303, 307, 308)
_PASSING = (408, 425, 429)
# Where a Python that was built elsewhere does not look: Debian, Fedora, openSUSE, Alpine and macOS.
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to try."""

    connect_seconds: float = 15.0
    read_seconds: float = 30.0
    """For the next bytes, not for all of them."""
    attempts: int = 4
    pause_seconds: float = 1.0
    """Before the second attempt; doubled before each further one."""


class PassingTroubleError(Exception):
    """What may be gone at the next attempt."""

    def __init__(self, error: DevtoolError) -> None:
        super().__init__(error.message)
        self.error = error


class Response:
    """An open answer; every fault of reading it is a PassingTroubleError."""

    def __init__(self, connection: HTTPConnection, raw: HTTPResponse, url: str, proxy: HttpProxy | None):
        self._connection = connection
        self._raw = raw
        self._url = url
        self._proxy = proxy
        self.status = raw.status

    def header(self, name: str) -> str | None:
        """The header's value."""
        return self._raw.getheader(name)

    def read(self, count: int) -> bytes:
        """The next bytes, empty at the end."""
        try:
            return self._raw.read1(count)
        except (OSError, HTTPException) as error:
            raise _explained(error, self._url, self._proxy) from None

    def close(self) -> None:
        """Hang up."""
        self._raw.close()  # it may own the socket
        self._connection.close()


def get(url: str, headers: Mapping[str, str], env: Mapping[str, str], patience: Patience) -> Response:
    """The answer at the end of all redirects, of status 200, 206 or 416.

    Raises PassingTroubleError for what is worth another attempt, else DevtoolError.
    """
    origin = _split(url).netloc
    for _ in range(_REDIRECTS + 1):
        response = _ask(url, headers, env, patience, origin)
        if response.status not in _MOVED:
            return _accepted(response, url)
        response.close()
        target = _target(url, response.header("Location") or "")
        if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
            raise DevtoolError(
                f"{_cannot(url)}: it leads to `{redact(target)}`, which nothing protects",
                "name another mirror",
            )
        url = target
    raise DevtoolError(f"{_cannot(url)}: it was passed on {_REDIRECTS} times", "name another mirror")


def _ask(
    url: str, headers: Mapping[str, str], env: Mapping[str, str], patience: Patience, origin: str
) -> Response:
    parts = _split(url)
    host, port = _address(parts)
    proxy = proxy_for(parts.scheme, host, port, env)
    own = {"User-Agent": f"devtool/{__version__}", "Accept-Encoding": "identity", **headers}
    if parts.username and parts.netloc == origin:  # the credentials are for nobody else
        own["Authorization"] = basic(unquote(parts.username), unquote(parts.password or ""))
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    connection = _connection(parts, host, port, proxy, env, patience)
    if proxy is not None and parts.scheme == "http":
        target = f"http://{parts.netloc.rpartition('@')[2]}{target}"
        own |= proxy.headers
    own["Host"] = parts.netloc.rpartition("@")[2]
    try:
        connection.connect()
        if connection.sock is not None:
            connection.sock.settimeout(patience.read_seconds)
        connection.request("GET", target, headers=own)
        return Response(connection, connection.getresponse(), url, proxy)
    except (OSError, HTTPException, ValueError) as error:
        connection.close()
        raise _explained(error, url, proxy) from None


def _split(url: str) -> SplitResult:
    with suppress(ValueError):
        return urlsplit(url)
    raise InputError(f"`{redact(url)}` is no address to download from", "give an https:// address")


def _target(url: str, location: str) -> str:
    with suppress(ValueError):
        return urljoin(url, location)
    raise DevtoolError(f"{_cannot(url)}: it leads to no address", "name another mirror")


def _address(parts: SplitResult) -> tuple[str, int]:
    with suppress(ValueError):
        port = parts.port or {"http": 80, "https": 443}[parts.scheme] if parts.scheme in _SCHEMES else None
        if parts.hostname and port:
            return parts.hostname, port
    raise InputError(f"`{redact(parts.geturl())}` is no address to download from", "give an https:// address")


_SCHEMES = ("http", "https")
_READING = threading.Lock()


def _connection(
    parts: SplitResult,
    host: str,
    port: int,
    proxy: HttpProxy | None,
    env: Mapping[str, str],
    patience: Patience,
) -> HTTPConnection:
    first = (proxy.host, proxy.port) if proxy else (host, port)
    if parts.scheme == "http":
        return HTTPConnection(*first, timeout=patience.connect_seconds)
    connection = HTTPSConnection(*first, timeout=patience.connect_seconds, context=_trust(env))
    if proxy is not None:
        connection.set_tunnel(host, port, proxy.headers)
    return connection


def _trust(env: Mapping[str, str]) -> ssl.SSLContext:
    # Reading a bundle takes 20 ms, and many mirrors may be asked at once.
    with _READING:
        return _trusting(env.get("SSL_CERT_FILE") or None, env.get("SSL_CERT_DIR") or None)


@lru_cache
def _trusting(named: str | None, folder: str | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=named, capath=folder)
    except (OSError, ssl.SSLError):
        raise InputError(
            f"`{named or folder}` holds no certificates that can be read",
            "`SSL_CERT_FILE` names a bundle in PEM form",
        ) from None
    if not (named or folder or context.cert_store_stats()["x509_ca"] or _default_folder_holds_any()):
        for bundle in filter(os.path.isfile, _BUNDLES):
            context.load_verify_locations(bundle)
            break
    return context


def _default_folder_holds_any() -> bool:
    """Whether certificates lie where OpenSSL looks one up only when it is asked for."""
    folder = ssl.get_default_verify_paths().capath
    return folder is not None and bool(os.listdir(folder))


def _accepted(response: Response, url: str) -> Response:
    status = response.status
    if status in (200, 206, 416):
        return response
    response.close()
    if status >= 500 or status in _PASSING:
        raise PassingTroubleError(
            DevtoolError(f"{_cannot(url)}: the server answers {status}", "try again later")
        )
    if status == 407:
        raise _wants_login(url, "the proxy")
    said, hint = {
        401: ("the server wants a login", "put it into the mirror's address: `https://USER:PASSWORD@HOST`"),
        403: ("the server forbids it", "a proxy or a mirror may refuse this kind of file; name another"),
        404: ("there is no such file", "check the version, and the mirror if one is set"),
        410: ("there is no such file any more", "check the version, and the mirror if one is set"),
    }.get(status, ("no file comes with that answer", "check the mirror if one is set"))
    raise DevtoolError(f"{_cannot(url)}: {said} ({status})", hint)


def _explained(error: Exception, url: str, proxy: HttpProxy | None) -> Exception:
    """The line for what went wrong: passing trouble unless another attempt would meet the same."""
    host = urlsplit(url).hostname or ""
    asked, through = (proxy.place, f" through the proxy `{proxy.place}`") if proxy else (host, "")
    tunnel = re.match(r"Tunnel connection failed: (\d+)", str(error))
    check = "check the network" + ("" if proxy else "; behind a proxy, set `https_proxy`")
    if tunnel and tunnel[1] == "407":
        return _wants_login(url, f"the proxy `{asked}`")
    if tunnel:
        refusal = DevtoolError(
            f"{_cannot(url)}: the proxy `{asked}` answers {tunnel[1]}",
            f"the proxy does not let `{host}` through; ask whoever runs it, or name a mirror",
        )
        return PassingTroubleError(refusal) if tunnel[1].startswith("5") else refusal
    if isinstance(error, ssl.SSLCertVerificationError):
        return DevtoolError(
            f"{_cannot(url)}: the certificate of `{host}` is not trusted here: {error.verify_message}",
            "name your proxy's or mirror's CA bundle in `SSL_CERT_FILE`",
        )
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        reason = (error.reason or str(error)).lower().replace("_", " ")
        return DevtoolError(
            f"{_cannot(url)}: `{host}` speaks no TLS that works here: {reason}", "name another mirror"
        )
    if isinstance(error, socket.gaierror):
        unknown = DevtoolError(
            f"{_cannot(url)}: no address is known for `{asked.rpartition(':')[0] or asked}`",
            "check the network's DNS" + ("" if proxy else "; behind a proxy, set `https_proxy`"),
        )
        return PassingTroubleError(unknown) if error.errno == socket.EAI_AGAIN else unknown
    if isinstance(error, ConnectionRefusedError):
        said = f"the proxy `{asked}` refuses the connection" if proxy else f"`{host}` refuses the connection"
        return PassingTroubleError(DevtoolError(f"{_cannot(url)}: {said}", check))
    if isinstance(error, TimeoutError):
        return PassingTroubleError(
            DevtoolError(f"{_cannot(url)}: `{host}` does not answer in time{through}", check)
        )
    if isinstance(error, ValueError | InvalidURL):
        return InputError(f"{_cannot(url)}: this is no address to download from")
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error) or "it was cut off"
    return PassingTroubleError(
        DevtoolError(f"{_cannot(url)}: the connection broke{through}: {redact(reason).lower()}", check)
    )


def _wants_login(url: str, proxy: str) -> DevtoolError:
    return DevtoolError(
        f"{_cannot(url)}: {proxy} wants a login (407)",
        "put it into the proxy's address: `https_proxy=http://USER:PASSWORD@HOST:PORT`",
    )


def _cannot(url: str) -> str:
    return f"cannot download `{redact(url)}`"
