"""Whether the proxies that the environment names are alive, and leave this machine's own servers alone."""

from __future__ import annotations

from dataclasses import dataclass

from devtool.adapters.shell import find_profile
from devtool.checks.check import Check, finding
from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System

# Lower case first: curl and gRPC read no upper-case `HTTP_PROXY`.
PROXY_VARIABLES = (
    "http_proxy", "https_proxy", "all_proxy", "grpc_proxy",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
)  # fmt: skip
# Those that pymilvus follows, measured with grpcio 1.60 and 1.85: never `all_proxy`, never upper case.
_GRPC_VARIABLES = ("grpc_proxy", "https_proxy", "http_proxy")
_DEFAULT_PORTS = {"http": 80, "https": 443, "socks": 1080, "socks4": 1080, "socks5": 1080, "socks5h": 1080}
_CONTACT_SECONDS = 1.5
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Proxy:
    """Where one variable points; user name and password are left out on purpose."""

    variable: str
    host: str
    port: int

    @property
    def place(self) -> str:
        """The address to contact."""
        return f"{self.host}:{self.port}"


def examine_proxy(system: System, host: Host, needs: Needs) -> Finding:
    """Open and close a connection to every proxy that is set."""
    named = [name for name in PROXY_VARIABLES if system.env.get(name, "").strip()]
    if not named:
        return finding("proxy", "ok", "no proxy is set")
    proxies = [read_proxy(name, system.env[name]) for name in named]
    unread = [name for name, proxy in zip(named, proxies, strict=True) if proxy is None]
    if unread:
        return finding(
            "proxy", "unknown", f"`{'`, `'.join(unread)}` cannot be read as the address of a proxy"
        )
    told: dict[str, list[Proxy]] = {}
    for proxy in proxies:
        if proxy is not None:
            told.setdefault(proxy.place, []).append(proxy)
    dead = []
    for place, group in told.items():
        contact = system.network.contact(group[0].host, group[0].port, _CONTACT_SECONDS)
        if contact != "open":
            said = {"refused": "refuses", "timed-out": "does not answer", "unreachable": "cannot be reached"}
            dead.append(f"{place} ({', '.join(p.variable for p in group)}) {said[contact]}")
    if not dead:
        return finding("proxy", "ok", f"{', '.join(told)} accepts connections ({', '.join(named)})")
    return finding(
        "proxy",
        "failure",
        f"a proxy is set and {'; '.join(dead)}: every download goes there and fails",
        remedies=(
            Remedy(f"start the proxy, or run `unset {' '.join(named)}` and remove the lines that set it"),
        ),
    )


def examine_no_proxy(system: System, host: Host, needs: Needs) -> Finding:
    """Tell whether connections to this machine's own servers would be sent to the proxy."""
    by = next((name for name in _GRPC_VARIABLES if "://" in system.env.get(name, "")), None)
    if by is None:
        return finding("no-proxy", "ok", "no proxy that pymilvus would follow is set")
    # gRPC reads the first of the two that is there, and neither in upper case.
    name = "no_grpc_proxy" if system.env.get("no_grpc_proxy") else "no_proxy"
    excluded = [entry.strip() for entry in system.env.get(name, "").split(",")]
    missing = [own for own in ("localhost", LOOPBACK) if not any(_covers(entry, own) for entry in excluded)]
    if not missing:
        return finding("no-proxy", "ok", f"`{name}` keeps this machine's own servers away from the proxy")
    summary = f"`{by}` is set and `{name}` lacks {' and '.join(missing)}"
    effect = "pymilvus would look for a server on this machine behind the proxy"
    profile = find_profile(system, host)
    if profile is None:
        cure = Remedy(f"add {','.join(missing)} to `{name}`")
        return finding("no-proxy", "warning", f"{summary}: {effect}", remedies=(cure,))
    line = profile.prefixed(name, ",".join(missing))
    if profile.holds(system, line):
        return finding(
            "no-proxy", "warning", f"{summary}; `{profile.path}` has the line: open a new terminal"
        )
    remedy = profile.append(line, "pymilvus sends even 127.0.0.1 to the proxy otherwise")
    return finding("no-proxy", "warning", f"{summary}: {effect}", remedies=(remedy,))


def read_proxy(variable: str, value: str) -> Proxy | None:
    """The address in a proxy variable, or None where there is none to read."""
    from urllib.parse import urlsplit

    spelled = value.strip() if "://" in value else f"http://{value.strip()}"
    try:
        parts = urlsplit(spelled)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname:
        return None
    return Proxy(variable, parts.hostname, port or _DEFAULT_PORTS.get(parts.scheme, 80))


def _covers(entry: str, own: str) -> bool:
    """As gRPC matches: by the end of the name or by network; `*` means nothing to it."""
    if not entry:
        return False
    if "/" in entry and own == LOOPBACK:
        from ipaddress import ip_address, ip_network

        try:
            return ip_address(own) in ip_network(entry, strict=False)
        except ValueError:
            return False
    return own.endswith(entry)


NETWORK_CHECKS = (
    Check("proxy", "proxies that answer", "build", examine_proxy),
    Check("no-proxy", "own servers past the proxy", "test", examine_no_proxy),
)
