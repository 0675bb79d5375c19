"""What this machine is: gathered once by `devtool.detect`, written literally in tests."""

from __future__ import annotations

from dataclasses import dataclass

GIB = 1024**3


@dataclass(frozen=True)
class Host:
    """One machine, as far as a build cares. `None` means "could not be told"."""

    os: str
    """`linux`, `macos`, or what the kernel calls itself, in lower case."""
    distribution: str | None
    """The `ID` of os-release (`debian`, `ubuntu`, …), or `macos`."""
    version: str | None
    """The distribution's release, such as `12`, `22.04`, `14.5`."""
    kernel: str
    architecture: str
    """The processor's own: `x86_64` or `arm64`, whatever the process runs as."""
    translated: bool
    """Whether this process runs under Rosetta."""
    wsl: int | None
    """1 or 2 under the Windows Subsystem for Linux."""
    container: str | None
    """`docker`, `podman`, `kubernetes`, `lxc`, … when inside one."""
    cpus: int
    cpu_limit: float | None
    """CPUs that the control group allows, where it sets a limit."""
    memory_bytes: int | None
    memory_limit_bytes: int | None
    """The control group's limit, where it sets one below the machine's memory."""
    disk_path: str
    """The folder whose file system `disk_free_bytes` speaks of."""
    disk_free_bytes: int | None
    shell: str | None
    package_managers: tuple[str, ...]
    page_size_bytes: int
    is_root: bool
    home: str | None

    @property
    def brief(self) -> tuple[str, ...]:
        """What it is in a few words each: system, architecture, CPUs, memory."""
        memory = self.usable_memory_bytes
        return (
            " ".join(filter(None, (self.distribution or self.os, self.version))),
            self.architecture,
            f"{self.cpus} CPU{'s' if self.cpus != 1 else ''}",
            *([f"{memory / GIB:.0f} GiB memory"] if memory is not None else []),
        )

    @property
    def usable_memory_bytes(self) -> int | None:
        """The smaller of the machine's memory and the control group's limit."""
        known = [m for m in (self.memory_bytes, self.memory_limit_bytes) if m is not None]
        return min(known) if known else None
