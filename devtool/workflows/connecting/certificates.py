"""Why TLS came to nothing: whose certificate it was, and what is wrong with it."""

from __future__ import annotations

from devtool.model.connection import Address, Fault
from devtool.system import System
from devtool.system.talking import Certificate, Talk
from devtool.workflows.connecting.faults import place

FAULTS = frozenset(("untrusted", "expired", "not-yet-valid", "wrong-name", "certificate-wanted"))
_KNOWLEDGE = "network-tls-untrusted"
_LONGEST = 1.5


def judge(system: System, address: Address, ip: str, talk: Talk) -> Fault:
    """The fault behind one of FAULTS."""
    if talk.trouble == "certificate-wanted":
        return wanted(address, talk.detail)
    name = address.server_name or address.host
    shown = system.network.certificate(ip, address.port, name, min(address.limit_seconds, _LONGEST))
    if talk.trouble == "wrong-name":
        return _wrong_name(address, name, shown)
    if talk.trouble == "expired":
        when = f" on {shown.ends}" if shown else ""
        return Fault(
            "certificate-expired",
            f"the certificate of {place(address)} expired{when}",
            "have it renewed on the server; `date -u` shows whether this machine's clock is right",
            _KNOWLEDGE,
        )
    if talk.trouble == "not-yet-valid":
        when = f" before {shown.begins}" if shown else " yet"
        return Fault(
            "certificate-not-yet-valid",
            f"the certificate of {place(address)} does not hold{when}",
            "set this machine's clock: `date -u` shows it",
            _KNOWLEDGE,
        )
    by = f", which `{shown.issuer}` signed" if shown else ""
    instead = "another `--ca FILE` than this one" if address.authority else "`--ca FILE`"
    return Fault(
        "certificate-untrusted",
        f"nothing here vouches for the certificate of {place(address)}{by}: {talk.detail}",
        f"give its authority's certificate with {instead}, in pymilvus as `server_pem_path`",
        _KNOWLEDGE,
    )


def wanted(address: Address, said: str) -> Fault:
    """It wants to know us too."""
    refused = f"{place(address)} refuses the client certificate `{address.certificate}`: {said}"
    missing = f"{place(address)} wants a certificate of the client (mutual TLS), and none was given"
    return Fault(
        "certificate-refused" if address.certificate else "certificate-wanted",
        refused if address.certificate else missing,
        "give a certificate that the server's authority signed: `--cert FILE --key FILE`, in pymilvus as "
        "`client_pem_path` and `client_key_path`",
    )


def own_files(address: Address, said: str) -> Fault:
    """Ours cannot be used."""
    files = [f for f in (address.authority, address.certificate, address.key) if f]
    return Fault(
        "own-files",
        f"the certificates given for TLS cannot be used: {said}",
        f"look whether these are there, in PEM, and belong together: {', '.join(f'`{f}`' for f in files)}",
    )


def no_agreement(address: Address, said: str) -> Fault:
    """TLS, but none that both speak."""
    return Fault(
        "tls-broken",
        f"{place(address)} and this machine do not agree on TLS: {said}",
        f"`openssl s_client -connect {place(address)} -alpn h2` shows what it offers",
    )


def _wrong_name(address: Address, name: str, shown: Certificate | None) -> Fault:
    names = ", ".join(f"`{each}`" for each in shown.names[:6]) if shown and shown.names else "another name"
    first = next((each for each in shown.names if "*" not in each), "NAME") if shown else "NAME"
    return Fault(
        "certificate-name",
        f"the certificate of {place(address)} is for {names}, not for `{name}`",
        f"connect by that name, or say it is expected: `--server-name {first}`, in pymilvus as `server_name`",
        _KNOWLEDGE,
    )
