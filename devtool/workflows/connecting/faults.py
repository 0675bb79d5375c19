"""What stands between a client and Milvus: each cause with its cure, in one line each."""

from __future__ import annotations

from devtool.model.connection import Address, Fault


def is_local(address: Address) -> bool:
    """Whether the server is meant to be on this machine."""
    return address.host in ("localhost", "::1") or address.host.startswith("127.")


def place(address: Address) -> str:
    """Host and port as people write them."""
    return address.uri.partition("://")[2]


def name_unknown(address: Address, said: str) -> Fault:
    """No such host."""
    return Fault(
        "name-unknown",
        f"the name `{address.host}` cannot be resolved: {said}",
        f"look for a typo, and at what `getent hosts {address.host}` says; "
        "the name of a compose service holds only inside its network",
        "network-dns-failure",
    )


def name_timeout(address: Address, seconds: float) -> Fault:
    """The resolver itself does not answer."""
    return Fault(
        "name-timeout",
        f"no name server answered within {seconds:g} s when asked for `{address.host}`",
        "look at `/etc/resolv.conf` and the VPN, or give the server's IP address",
        "network-dns-failure",
    )


def refused(address: Address) -> Fault:
    """Nothing listens."""
    return Fault(
        "refused",
        f"nothing listens on {place(address)}: the connection was refused",
        "start one with `devtool deploy up`, or see by `devtool deploy status` on which port it is"
        if is_local(address)
        else "see whether the server runs there, and whether its port is published",
        "pymilvus-connect-failed",
    )


def filtered(address: Address, seconds: float) -> Fault:
    """Packets vanish."""
    return Fault(
        "filtered",
        f"{place(address)} did not take the connection within {seconds:g} s: something drops it on the way",
        "open the port in the firewall or security group, or connect the VPN; an overloaded server "
        "with a full queue looks the same",
        "pymilvus-connect-failed",
    )


def unreachable(address: Address, said: str) -> Fault:
    """No route."""
    return Fault(
        "unreachable",
        f"there is no way to {place(address)}: {said}",
        "look at the network and the VPN: `ip route get` shows the way that would be taken",
        "pymilvus-connect-failed",
    )


def broken_off(address: Address, *, reset: bool) -> Fault:
    """Taken and dropped at once."""
    how = "resets the connection" if reset else "ends the connection at once"
    return Fault(
        "reset" if reset else "closed",
        f"{place(address)} accepts and then {how}",
        "a load balancer or a published container port without a server behind it does that: see whether "
        "Milvus itself runs",
        "pymilvus-connect-failed",
    )


def silent(address: Address, seconds: float) -> Fault:
    """Taken, and never a word."""
    return Fault(
        "silent",
        f"{place(address)} accepts the connection and says nothing within {seconds:g} s",
        "the server hangs or is stopped, or this is no port of Milvus: see its log, and start it again",
        "pymilvus-connect-failed",
    )


def ended(address: Address) -> Fault:
    """It died while we spoke."""
    return Fault(
        "ended-mid-call",
        f"the server at {place(address)} ended in the middle of the call: now nothing listens there",
        "see the end of its log, and whether it was killed for memory: `dmesg | grep -i killed`",
        "pymilvus-connect-failed",
    )


def too_short(address: Address, seconds: float, took: float) -> Fault:
    """It answers, but later than it may."""
    return Fault(
        "limit-too-short",
        f"{place(address)} answers after {took:.2g} s: the limit of {seconds:g} s is too short",
        f"allow more: `--timeout {max(took * 2, 1):.0f}` here, and `timeout=` in the client",
    )


def plaintext_to_tls(address: Address) -> Fault:
    """They speak TLS, we do not."""
    return Fault(
        "plaintext-to-tls",
        f"{place(address)} wants TLS and was spoken to in plain text",
        f"write `https://{place(address)}`, with `--ca FILE` where its authority is your own",
    )


def tls_to_plaintext(address: Address) -> Fault:
    """We speak TLS, they do not."""
    return Fault(
        "tls-to-plaintext",
        f"{place(address)} speaks plain text and was spoken to in TLS",
        f"write `http://{place(address)}`, or turn TLS on there: `common.security.tlsMode` in `milvus.yaml`",
    )


def other_grpc(address: Address, said: str) -> Fault:
    """gRPC, but not Milvus's service."""
    known = {2379: "etcd's port", 2380: "etcd's port", 19529: "Milvus's internal port"}
    what = known.get(address.port, "a gRPC server without Milvus's service")
    return Fault(
        "other-grpc",
        f"{place(address)} is {what}: {said}",
        "use the port of Milvus's proxy, 19530 by default",
        "pymilvus-sdk-server-mismatch",
    )


def gateway(address: Address, status: str) -> Fault:
    """Somebody before Milvus answers for it."""
    return Fault(
        "gateway",
        f"what answers at {place(address)} is no gRPC server: it says HTTP {status}",
        "a gateway stands before Milvus: have it pass gRPC (HTTP/2) on to port 19530",
    )


def starting(address: Address, said: str) -> Fault:
    """It is there and not ready."""
    return Fault(
        "not-ready",
        f"Milvus at {place(address)} is not ready: {said}",
        "wait: a start takes up to a minute (`devtool connect --watch`); if it stays so, see the log of its "
        "coordinators and restart it",
        "pymilvus-connect-failed",
    )


def stuck(address: Address, seconds: float) -> Fault:
    """It gives its version and no more."""
    return Fault(
        "half-dead",
        f"Milvus at {place(address)} gives its version, and no other answer within {seconds:g} s",
        "its coordinators are gone or overloaded: see its log and restart it",
    )


def credentials(address: Address, said: str) -> Fault:
    """Not let in."""
    if address.token is None:
        return Fault(
            "credentials-missing",
            "the server wants a user and a password, and none was given",
            "set MILVUS_USER and MILVUS_PASSWORD, or MILVUS_TOKEN; a fresh Milvus has `root` with `Milvus`",
        )
    who = f"user `{address.user}`" if address.user is not None else "the key"
    return Fault(
        "credentials-wrong",
        f"the server refuses {who}: {said}",
        "check user and password; a token is `user:password`, or the key alone on Zilliz Cloud",
    )


def no_database(address: Address, there: tuple[str, ...]) -> Fault:
    """Let in, but there is no such database."""
    listed = f"it has {', '.join(f'`{name}`' for name in there[:8])}" if there else "it names none"
    return Fault(
        "database-missing",
        f"there is no database `{address.database}` on the server: {listed}",
        "choose one of these by `--database`, or create it",
    )


def call_failed(code: int, reason: str) -> Fault:
    """Milvus's own refusal."""
    return Fault(
        "call-failed",
        f"Milvus refuses to list collections: {reason} (code {code})",
        "the server's log says more: `devtool diagnose` names known failures in it",
    )
