"""Whether the credential helpers that Docker's configuration names can be run and answer.

What a helper answers is a secret: it is read to see that there is an answer,
and never kept, shown or logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from devtool.adapters.engine.endpoint import config_path, read_config
from devtool.checks.check import finding
from devtool.errors import UnreadableError
from devtool.model.command import Answer
from devtool.model.host import Host
from devtool.model.remedy import Remedy, RemoveJsonKey
from devtool.model.report import Finding, Severity
from devtool.model.requirement import Needs
from devtool.system import System

# Docker Hub, by the name that docker's client asks helpers for.
DOCKER_HUB = "https://index.docker.io/v1/"
_MOST_PROBED = 4
# https://github.com/docker/docker-credential-helpers: `credentials/error.go`
_HEALTHY_REFUSALS = ("credentials not found", "no credentials server url", "no credentials username")
_CURES = {
    "desktop": "start Docker Desktop",
    "desktop.exe": "start Docker Desktop and its WSL integration",
    "osxkeychain": "run `security unlock-keychain`",
    "pass": "run `gpg --list-secret-keys` and `pass init` with one of the keys it lists",
    "secretservice": "unlock the desktop's keyring",
}


@dataclass(frozen=True)
class Helper:
    """One entry of the configuration."""

    name: str
    key: str
    """`credsStore` or `credHelpers`."""
    registry: str
    """The registry that it is asked for."""

    @property
    def program(self) -> str:
        """What docker's client looks for on PATH."""
        return f"docker-credential-{self.name}"


@dataclass(frozen=True)
class Fault:
    """One helper that does not work."""

    helper: Helper
    problem: str
    absent: bool
    certain: bool
    """False when it ran out of time: it may only be slow."""
    evidence: tuple[str, ...] = ()


def examine_credentials(system: System, host: Host, needs: Needs) -> Finding:
    """Ask every helper that `config.json` names, as docker's client would."""
    check_id = "docker-credentials"
    if system.process.which("docker") is None:
        return finding(check_id, "skipped", "`docker` is not on PATH")
    try:
        config = read_config(system)
    except UnreadableError as error:
        return finding(check_id, "unknown", error.message)
    path = config_path(system) or ""
    helpers = _named(config)
    if not helpers:
        return finding(check_id, "ok", "docker's configuration names no credential helper")
    faults = [fault for helper in helpers[:_MOST_PROBED] if (fault := _probe(system, helper))]
    if not faults:
        names = ", ".join(f"`{name}`" for name in dict.fromkeys(helper.program for helper in helpers))
        return finding(check_id, "ok", f"{names} answers")
    worst = faults[0]
    certain = [fault for fault in faults if fault.certain]
    everyday = [fault for fault in certain if fault.helper.key == "credsStore"]
    severity: Severity = "failure" if everyday else "warning" if certain else "unknown"
    told = (everyday or certain or [worst])[0]
    effect = (
        "`docker run` and builds stop with `error getting credentials`"
        if told.helper.key == "credsStore"
        else f"images of `{told.helper.registry}` cannot be fetched"
    )
    return finding(
        check_id,
        severity,
        f"`{path}` names the credential helper `{told.helper.name}`, and {told.problem}: {effect}",
        *(line for fault in faults for line in fault.evidence),
        remedies=tuple(_remedies(path, config, helpers, faults, told)),
    )


def _named(config: dict[str, Any]) -> list[Helper]:
    store = config.get("credsStore")
    found = [Helper(store, "credsStore", DOCKER_HUB)] if isinstance(store, str) and store else []
    table = config.get("credHelpers")
    if isinstance(table, dict):
        found += [
            Helper(name, "credHelpers", registry)
            for registry, name in table.items()
            if isinstance(name, str) and name
        ]
    return found


def _probe(system: System, helper: Helper) -> Fault | None:
    # `get`, not `list`: a helper whose `list` works can still fail to hand out (locked keyring).
    answer = system.process.run([helper.program, "get"], cwd="/", stdin=helper.registry.encode())
    if answer.ok or (answer.outcome == "ended" and _healthy(answer)):
        return None
    if answer.outcome == "absent":
        return Fault(helper, f"`{helper.program}` is not on PATH", absent=True, certain=True)
    # Its complaints come on stdout, and so does a secret.
    complaint = "" if '"Secret"' in answer.stdout else answer.stdout.strip()
    said = tuple((answer.stderr.strip() or complaint).splitlines()[:3])
    return Fault(
        helper, f"`{helper.program} get` {answer.describe()}", False, answer.outcome != "timed-out", said
    )


def _healthy(answer: Answer) -> bool:
    """Whether it only says that it holds no login."""
    return any(sentence in answer.output.lower() for sentence in _HEALTHY_REFUSALS)


def _remedies(
    path: str, config: dict[str, Any], helpers: list[Helper], faults: list[Fault], told: Fault
) -> list[Remedy]:
    if not told.certain:
        return [
            Remedy(f"run `echo {told.helper.registry} | {told.helper.program} get` and see what it waits for")
        ]
    key = told.helper.key
    failing = {fault.helper for fault in faults if fault.certain}
    remedies = []
    if all(helper in failing for helper in helpers if helper.key == key):
        # Logins that the helper holds appear in `auths` without a secret.
        auths = config.get("auths")
        held = [name for name, entry in auths.items() if not entry] if isinstance(auths, dict) else []
        again = (
            f"; log in again where you need to: {', '.join(f'`docker login {name}`' for name in held)}"
            if held
            else ""
        )
        reason = f"`{told.helper.program}` does not work here, and public images need no login"
        remedies.append(Remedy(f"take `{key}` out of `{path}`{again}", (RemoveJsonKey(path, key, reason),)))
    else:
        remedies.append(Remedy(f"take the line for `{told.helper.registry}` out of `{key}` in `{path}`"))
    if told.absent:
        remedies.append(Remedy(f"install `{told.helper.program}`"))
    elif told.helper.name in _CURES:
        remedies.append(Remedy(f"repair the helper: {_CURES[told.helper.name]}"))
    return remedies
