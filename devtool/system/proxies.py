"""Which proxy a request goes through, as the environment says: either case, `NO_PROXY` with networks.

The conventions are curl's, https://curl.se/docs/manpage.html#ENVIRONMENT, with
an upper-case `HTTP_PROXY` read as well, as pip and git's Python kin do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from devtool.errors import InputError

_DEFAULT_PORT = 80
_WITH_PORT = re.compile(r"(?P<host>\[[^\]]+\]|[^:]+):(?P<port>\d{1,5})")


@dataclass(frozen=True)
class HttpProxy:
    """One proxy; what it may ask for is no part of its name."""

    host: str
    port: int
    user: str | None = None
    password: str = ""

    @property
    def place(self) -> str:
        """The address, without credentials."""
        return f"{self.host}:{self.port}"

    @property
    def headers(self) -> dict[str, str]:
        """What the proxy is told about who asks."""
        return {} if self.user is None else {"Proxy-Authorization": basic(unquote(self.user), self.password)}


def proxy_for(scheme: str, host: str, port: int, env: Mapping[str, str]) -> HttpProxy | None:
    """The proxy for requests to that place, None for none.

    Raises InputError for a proxy of a kind that is not spoken here.
    """
    variable, value = _named(scheme, env)
    if not value or _excepted(host.lower(), port, _first(env, "no_proxy")[1]):
        return None
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        proxy_port = parts.port or _DEFAULT_PORT
    except ValueError:
        parts, proxy_port = urlsplit(""), 0
    if parts.scheme != "http" or not parts.hostname:
        raise InputError(
            f"`{variable}` names a proxy that devtool cannot speak to",
            f"set `{variable}` to `http://HOST:PORT`; most proxies take that for https too",
        )
    password = unquote(parts.password or "")
    return HttpProxy(parts.hostname, proxy_port, parts.username, password)


def basic(user: str, password: str) -> str:
    """The header's value that carries a name and a password."""
    import base64

    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def _named(scheme: str, env: Mapping[str, str]) -> tuple[str, str]:
    name, value = _first(env, f"{scheme}_proxy")
    return (name, value) if name in env else _first(env, "all_proxy")


def _first(env: Mapping[str, str], name: str) -> tuple[str, str]:
    """The variable in lower case decides if it is there, even when it is empty."""
    chosen = name if name in env or name.upper() not in env else name.upper()
    return chosen, env.get(chosen, "").strip()


def _excepted(host: str, port: int, exceptions: str) -> bool:
    return any(_covers(entry.lower(), host, port) for entry in re.split(r"[\s,]+", exceptions) if entry)


def _covers(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    if "/" in entry:
        return _in_network(entry, host)
    match = _WITH_PORT.fullmatch(entry)
    if match and int(match["port"]) != port:
        return False
    entry = match["host"] if match else entry
    entry = entry.strip("[]").removeprefix("*").lstrip(".")
    return bool(entry) and (host == entry or host.endswith(f".{entry}"))


def _in_network(entry: str, host: str) -> bool:
    from ipaddress import ip_address, ip_network

    try:
        return ip_address(host) in ip_network(entry, strict=False)
    except ValueError:  # a name is never looked up to decide this
        return False
