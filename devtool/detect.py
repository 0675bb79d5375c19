"""What this machine is. Decides nothing about whether that is good enough: checks do."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from devtool.adapters import control_group
from devtool.errors import UnreadableError
from devtool.model.host import Host
from devtool.system import System

_ARCHITECTURES = {"amd64": "x86_64", "aarch64": "arm64"}
_MANAGERS = ("apt-get", "dnf", "yum", "zypper", "pacman", "apk", "brew", "port", "nix-env")
# The family in os-release's ID or ID_LIKE: Fedora can hold an apt-get, Debian a dnf.
_NATIVE = {
    "debian": ("apt-get",),
    "ubuntu": ("apt-get",),
    "fedora": ("dnf", "yum"),
    "rhel": ("dnf", "yum"),
    "suse": ("zypper",),
    "opensuse": ("zypper",),
    "arch": ("pacman",),
    "alpine": ("apk",),
    "macos": ("brew",),
}
_MACOS_FACTS = ("hw.memsize", "sysctl.proc_translated")
# Runtimes that leave no other mark, by what their control groups are called.
_GROUP_NAMES = (
    ("kubepods", "kubernetes"),
    ("libpod", "podman"),
    ("docker", "docker"),
    ("containerd", "containerd"),
    ("lxc", "lxc"),
)


def detect(system: System, path: str) -> Host:
    """This machine, with the free disk space where `path` lies."""
    kernel_name, release, machine = system.machine.kernel()
    os_name = {"darwin": "macos"}.get(kernel_name.lower(), kernel_name.lower())
    macos = _macos_facts(system) if os_name == "macos" else {}
    translated = macos.get("sysctl.proc_translated") == "1"
    distribution = _distribution(system, os_name)
    container = _container(system) if os_name == "linux" else None
    memory = _number(macos.get("hw.memsize")) if os_name == "macos" else _linux_memory(system)
    limits = control_group.limits(lambda path: _text(system, path))
    return Host(
        os=os_name,
        distribution=distribution.get("ID"),
        version=distribution.get("VERSION_ID"),
        kernel=release,
        architecture="arm64" if translated else _ARCHITECTURES.get(machine, machine),
        translated=translated,
        wsl=_wsl(release) if container is None else None,
        container=container,
        cpus=system.machine.cpus(),
        cpu_limit=limits.cpus,
        memory_bytes=memory,
        memory_limit_bytes=_limit_below(memory, limits.memory_bytes),
        disk_path=path,
        disk_free_bytes=system.files.free_bytes(path),
        shell=posixpath.basename(system.env.get("SHELL", "")) or None,
        package_managers=_package_managers(system, distribution),
        page_size_bytes=system.machine.page_size_bytes(),
        is_root=system.machine.is_root(),
        home=system.machine.home(system.env),
    )


def _distribution(system: System, os_name: str) -> Mapping[str, str]:
    """The fields of os-release; on macOS the two we use, made up to match."""
    if os_name == "macos":
        answer = system.process.run(["/usr/bin/sw_vers", "-productVersion"], cwd="/")
        version = {"VERSION_ID": answer.stdout.strip()} if answer.ok else {}
        return {"ID": "macos", **version}
    text = _text(system, "/etc/os-release") or _text(system, "/usr/lib/os-release") or ""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line)
    return {key.strip(): value.strip().strip("\"'") for key, value in pairs if value.strip().strip("\"'")}


def _macos_facts(system: System) -> dict[str, str]:
    # Without `-n`: an Intel Mac does not know the second name and would print one line only.
    answer = system.process.run(["/usr/sbin/sysctl", *_MACOS_FACTS], cwd="/")
    pairs = (line.split(":", 1) for line in answer.stdout.splitlines() if ":" in line)
    return {name.strip(): value.strip() for name, value in pairs}


def _container(system: System) -> str | None:
    """The runtime around this process, by the marks that runtimes leave."""
    groups = _text(system, "/proc/self/cgroup") or ""
    named = next((name for mark, name in _GROUP_NAMES if mark in groups), None)
    if system.env.get("KUBERNETES_SERVICE_HOST") or named == "kubernetes":
        return "kubernetes"
    if system.files.kind("/run/.containerenv"):
        return "podman"
    if system.files.kind("/.dockerenv"):
        return "docker"
    # https://systemd.io/CONTAINER_INTERFACE/: only root may read the environment of process 1.
    told = (
        system.env.get("container")
        or (_text(system, "/run/systemd/container") or "").strip()
        or _variable(_text(system, "/proc/1/environ") or "", "container")
    )
    # systemd counts WSL among the containers.
    return told if told and told != "wsl" else named


def _variable(block: str, name: str) -> str | None:
    found = (entry.partition("=")[2] for entry in block.split("\0") if entry.startswith(f"{name}="))
    return next(found, None)


def _wsl(release: str) -> int | None:
    """1 or 2 by the kernel's release: `4.4.0-19041-Microsoft`, `5.15.153.1-microsoft-standard-WSL2`."""
    if re.search("wsl2|microsoft-standard", release, re.IGNORECASE):
        return 2
    return 1 if "microsoft" in release.lower() else None


def _linux_memory(system: System) -> int | None:
    match = re.search(r"^MemTotal:\s+(\d+) kB", _text(system, "/proc/meminfo") or "", re.MULTILINE)
    return int(match[1]) * 1024 if match else None


def _limit_below(memory: int | None, limit: int | None) -> int | None:
    # cgroup v1 says "no limit" as a number near 2**63.
    return limit if limit is not None and limit < (memory or 2**62) else None


def _package_managers(system: System, distribution: Mapping[str, str]) -> tuple[str, ...]:
    """Those on PATH, the distribution's own first."""
    found = [name for name in _MANAGERS if system.process.which(name)]
    family = f"{distribution.get('ID', '')} {distribution.get('ID_LIKE', '')}".split()
    native = [name for member in family for name in _NATIVE.get(member, ())]
    return tuple(sorted(found, key=lambda name: name not in native))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _text(system: System, path: str) -> str | None:
    """The file's content; None where it is not or may not be read."""
    try:
        return system.files.read_text(path)
    except UnreadableError:
        return None
