"""ccache's storage that machines share: its address, and what ccache is told of it.

https://ccache.dev/manual/4.7.html#_remote_storage_backends
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from devtool.errors import InputError
from devtool.model.container import Blueprint

_PORTS = {"redis": 6379, "http": 80, "https": 443, "redis+unix": 0}
# In milliseconds. A build goes on where the storage goes away, and each compiler then waits for it so long.
_LIMITS = {"connect-timeout": 200, "operation-timeout": 2000}
_OLD, _NEW = (4, 4), (4, 7)
_FORM = "`redis://HOST[:PORT]`, `http://HOST[:PORT][/PATH]` or `redis+unix:///SOCKET`"


@dataclass(frozen=True)
class RemoteCache:
    """One storage."""

    scheme: str
    host: str
    """Its name or number, the socket's path for `redis+unix`."""
    port: int
    storage: str
    """As ccache takes it; carries the login."""
    request: str
    """What a server of this kind answers with a line, the login in it."""

    @property
    def shown(self) -> str:
        """The address without login and attributes."""
        if self.scheme == "redis+unix":
            return f"redis+unix://{self.host}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port != _PORTS[self.scheme] else ""
        return f"{self.scheme}://{host}{port}"

    def refusal(self, answer: str) -> str | None:
        """Why the server turns us away by what it answered, None where it does not."""
        answer = answer.strip()
        if self.scheme == "redis":
            return (
                None if answer.startswith("+") else f"it says `{answer.removeprefix('-').partition('.')[0]}`"
            )
        words = answer.split(None, 2)
        if not answer.startswith("HTTP/") or len(words) < 2:
            return "it is no HTTP server"
        return f"it says `{answer}`" if words[1] in ("401", "403", "407") else None


def parse(url: str) -> RemoteCache:
    """The storage at the address. Raises InputError, which repeats no login."""
    address, *attributes = url.split("|")
    if any(each.isspace() or not each.isprintable() for each in url) or any("=" not in a for a in attributes):
        raise InputError("the address of the shared cache has blanks or no `=` after `|`", f"write {_FORM}")
    parts = urlsplit(address)
    if parts.scheme not in _PORTS:
        said = f"begins with `{parts.scheme}`" if parts.scheme else "has no scheme"
        raise InputError(f"the address of the shared cache {said}", f"write {_FORM}")
    host, port = _place(parts)
    if parts.scheme.startswith("redis"):
        # The usual form of a login without a user is one with an empty user to ccache.
        address = address.replace("://:", "://", 1)
    given = {each.partition("=")[0] for each in attributes}
    limits = [f"{name}={value}" for name, value in _LIMITS.items() if name not in given]
    return RemoteCache(parts.scheme, host, port, "|".join([address, *attributes, *limits]), _request(parts))


def is_address(url: str) -> bool:
    """Whether a storage can be there."""
    try:
        parse(url)
    except InputError:
        return False
    return True


def environment(url: str, blueprint: Blueprint, version: tuple[int, ...] = _NEW) -> dict[str, str]:
    """What this ccache is told, so that checkouts at different paths share; empty below 4.4.

    Raises InputError for an address that cannot be one.
    """
    storage = parse(url).storage
    if version < _OLD:
        return {}
    decided = blueprint.service.environment
    paths = {
        "CCACHE_BASEDIR": blueprint.workspace,
        "CCACHE_NOHASHDIR": "1",
        # Images of one recipe hold one compiler, made at different times.
        "CCACHE_COMPILERCHECK": "content",
    }
    variable = "CCACHE_REMOTE_STORAGE" if version >= _NEW else "CCACHE_SECONDARY_STORAGE"
    return {variable: storage, **{name: value for name, value in paths.items() if name not in decided}}


def _place(parts: SplitResult) -> tuple[str, int]:
    try:
        port = parts.port
    except ValueError:
        raise InputError("the port of the shared cache is no number up to 65535", f"write {_FORM}") from None
    if parts.scheme == "redis+unix":
        if not parts.path.startswith("/"):
            raise InputError("the socket of the shared cache is no absolute path", f"write {_FORM}")
        return parts.path, 0
    if not parts.hostname:
        raise InputError("the address of the shared cache names no host", f"write {_FORM}")
    if parts.scheme in ("http", "https") and parts.username and parts.password is None:
        # ccache stops every compiler for it.
        raise InputError("a login of a shared cache over HTTP takes the form `USER:PASSWORD@`")
    return parts.hostname, _PORTS[parts.scheme] if port is None else port


def _request(parts: SplitResult) -> str:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if parts.scheme == "redis":
        if not user and not password:
            return "PING\r\n"
        words = ["AUTH", *filter(None, (user, password))]
        return f"*{len(words)}\r\n" + "".join(f"${len(each.encode())}\r\n{each}\r\n" for each in words)
    if parts.scheme == "http":
        login = b64encode(f"{user}:{password}".encode()).decode()
        said = f"Authorization: Basic {login}\r\n" if user else ""
        return f"HEAD {parts.path or '/'} HTTP/1.0\r\nHost: {parts.hostname}\r\n{said}\r\n"
    return ""
