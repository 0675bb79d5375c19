"""Docker Compose: the plugin, or the old program of its own."""

from __future__ import annotations

from devtool.adapters.compose.generation import plugin_places
from devtool.checks.check import Check
from devtool.checks.packages import from_packages
from devtool.checks.tool import Seen, ask, judge, needed
from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System

_PATTERN = r"(?:version:? v?|^v?)(\d+\.\d+\.\d+)"
# Elsewhere the package of that name is the first Compose, which is no longer maintained.
_PACKAGES = {"ubuntu": {"apt-get": ("docker-compose-v2",)}, "macos": {"brew": ("docker-compose",)}}
_BY_HAND = "install the Compose plugin: https://docs.docker.com/compose/install/linux/"


def examine(system: System, host: Host, needs: Needs) -> Finding:
    """Hold the plugin against the checkout; without one, `docker-compose`."""
    need = needs.tool("compose")
    seen = ask(system, ["docker", "compose", "version"], pattern=_PATTERN)
    if seen.version is None and _no_plugin(seen):
        old = ask(system, ["docker-compose", "--version"], pattern=_PATTERN)
        seen = Seen("compose", None, absent=True) if old.absent else old
    packages = _PACKAGES.get(host.distribution or "", {})
    remedy = from_packages(system, host, packages, tool="compose") if seen.absent else None
    return judge("compose", need, seen, lacking="warning", remedies=(remedy or Remedy(_BY_HAND),))


def _no_plugin(seen: Seen) -> bool:
    """Whether the client is absent, or says that it has no such command."""
    return seen.absent or bool(seen.answer and seen.answer.outcome == "ended" and seen.answer.status)


def _plugins(system: System, needs: Needs) -> list[str]:
    return plugin_places(system)


COMPOSE = Check(
    "compose",
    "Docker Compose fits this checkout",
    "container",
    examine,
    needed("compose"),
    programs=("docker", "docker-compose"),
    variables=("DOCKER_CONFIG",),
    files=_plugins,
)
