"""Actions that install what no package manager here gives, apart from everything else and behind shims."""

from __future__ import annotations

import posixpath
import shlex
from dataclasses import dataclass

from devtool.model.shim import placing, shim_text

# Without the last it replaces rustup itself by a newer one.
INSTALL_TOOLCHAIN = ("toolchain", "install", "--profile", "minimal", "--no-self-update")
_PYTHONS_OWN = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")


@dataclass(frozen=True)
class MakeToolEnvironment:
    """Install one Python tool in an environment of its own and expose it by a shim."""

    tool: str
    """The distribution and the command, such as `conan`."""
    version: str
    """The exact version."""
    python_specifier: str
    """What its interpreter must satisfy, PEP 440; empty when any will do."""
    environment: str
    """Absolute path of the environment to make."""
    shim: str
    """Absolute path of the shim to make."""
    reason: str
    needs_root: bool = False
    further: tuple[str, ...] = ()
    """Commands that come with the tool, exposed beside it."""
    interpreter: str = "python3"
    """The Python that the preview names."""

    @property
    def what(self) -> str:
        """In words what the command does; empty where the command says it."""
        return f"install {self.package} apart from everything else, as `{self.shim}`"

    @property
    def package(self) -> str:
        """What to install."""
        return f"{self.tool}=={self.version}"

    @property
    def shim_texts(self) -> tuple[tuple[str, str], ...]:
        """Path and content of each shim."""
        beside = posixpath.dirname(self.shim)
        shims = {self.shim: self.tool, **{f"{beside}/{name}": name for name in self.further}}
        return tuple(
            (path, shim_text(f"{self.environment}/bin/{name}", without=_PYTHONS_OWN))
            for path, name in shims.items()
        )

    @property
    def command(self) -> str:
        """The shell lines as the folder's owner would type them."""
        python = shlex.quote(f"{self.environment}/bin/python")
        return "\n".join(
            [
                f"{shlex.quote(self.interpreter)} -m venv {shlex.quote(self.environment)}"
                + (f"   # with a Python {self.python_specifier}" if self.python_specifier else ""),
                f"{python} -m pip install {self.package}",
                *placing(*self.shim_texts),
            ]
        )

    @property
    def preview(self) -> str:
        """The shell lines a person could run by hand."""
        return f"sudo sh -c {shlex.quote(self.command)}" if self.needs_root else self.command


@dataclass(frozen=True)
class InstallArchive:
    """Unpack an official archive, its checksum verified, and expose programs in it by shims."""

    tool: str
    version: str
    url: str
    """Of the archive: a tar of any compression, or a zip."""
    checksum_url: str
    """Of its published SHA-256: the first word of that page."""
    folder: str
    """Absolute path of the folder to make, which will hold what the archive holds."""
    shims: tuple[tuple[str, str], ...]
    """Absolute path of each shim, and its program below the folder."""
    reason: str
    without: tuple[str, ...] = ()
    """Variables of the caller that must not reach the programs."""
    needs_root: bool = False

    @property
    def what(self) -> str:
        """In words what the command does; empty where the command says it."""
        return f"install {self.tool} {self.version} apart from everything else, as `{self.shims[0][0]}`"

    @property
    def shim_texts(self) -> tuple[tuple[str, str], ...]:
        """Path and content of each shim."""
        return tuple(
            (path, shim_text(f"{self.folder}/{program}", without=self.without))
            for path, program in self.shims
        )

    @property
    def command(self) -> str:
        """The shell lines as the folder's owner would type them."""
        folder = shlex.quote(self.folder)
        archive = f"{self.folder}{_ending(self.url)}"
        unpacking = f"unzip -q {shlex.quote(archive)} -d {folder}"
        if not archive.endswith(".zip"):
            unpacking = f"tar -xf {shlex.quote(archive)} -C {folder}"
        return _joined(
            f"mkdir -p {folder}",
            *_verified(self.url, self.checksum_url, archive),
            unpacking,
            f"rm {shlex.quote(archive)}",
            *placing(*self.shim_texts),
        )

    @property
    def preview(self) -> str:
        """The shell lines a person could run by hand."""
        return self.command


@dataclass(frozen=True)
class InstallRustup:
    """Install rustup with toolchains in homes of its own, touching no profile, and expose it by shims."""

    url: str
    """Of `rustup-init` for this machine."""
    checksum_url: str
    """Of its published SHA-256: the first word of that page."""
    folder: str
    """Absolute path of the folder to make; `cargo` and `rustup` in it are the two homes."""
    shims: str
    """Absolute path of the folder of shims."""
    toolchains: tuple[str, ...]
    """Those to install; the first becomes the default."""
    reason: str
    dist_server: str | None = None
    """Where toolchains come from, if not from where rustup looks by itself."""
    needs_root: bool = False

    tool = "rust"
    PROGRAMS = ("cargo", "rustc", "rustup")

    @property
    def what(self) -> str:
        """In words what the command does; empty where the command says it."""
        return (
            f"install rustup with Rust {' and '.join(self.toolchains)} apart from everything else,"
            f" as `{self.shims}/cargo`"
        )

    @property
    def homes(self) -> tuple[tuple[str, str], ...]:
        """The variables that keep cargo and rustup to the folder."""
        return (("CARGO_HOME", f"{self.folder}/cargo"), ("RUSTUP_HOME", f"{self.folder}/rustup"))

    @property
    def settings(self) -> tuple[tuple[str, str], ...]:
        """The environment that the installation runs in."""
        # Else it stops where it sees a cargo of the distribution on PATH.
        mirror = (("RUSTUP_DIST_SERVER", self.dist_server),) if self.dist_server else ()
        return (*self.homes, ("RUSTUP_INIT_SKIP_PATH_CHECK", "yes"), *mirror)

    @property
    def installer(self) -> str:
        """Where `rustup-init` is put; by this name it knows what it is to do."""
        return f"{self.folder}/rustup-init"

    @property
    def argvs(self) -> tuple[tuple[str, ...], ...]:
        """The commands that install, in order, once the installer is there."""
        first, *further = self.toolchains
        return (
            (self.installer, "-y", "--no-modify-path", "--profile", "minimal", "--default-toolchain", first),
            *((f"{self.folder}/cargo/bin/rustup", *INSTALL_TOOLCHAIN, name) for name in further),
        )

    @property
    def shim_texts(self) -> tuple[tuple[str, str], ...]:
        """Path and content of each shim."""
        return tuple(
            (f"{self.shims}/{name}", shim_text(f"{self.folder}/cargo/bin/{name}", settings=self.homes))
            for name in self.PROGRAMS
        )

    @property
    def command(self) -> str:
        """The shell lines as the folder's owner would type them."""
        installer = shlex.quote(self.installer)
        env = ["env", *(f"{name}={value}" for name, value in self.settings)]
        return _joined(
            f"mkdir -p {shlex.quote(self.folder)}",
            *_verified(self.url, self.checksum_url, self.installer),
            f"chmod 755 {installer}",
            *(shlex.join([*env, *argv]) for argv in self.argvs),
            f"rm {installer}",
            *placing(*self.shim_texts),
        )

    @property
    def preview(self) -> str:
        """The shell lines a person could run by hand."""
        return self.command


Toolchain = MakeToolEnvironment | InstallArchive | InstallRustup
"""Actions that end with shims."""


def _ending(url: str) -> str:
    name = posixpath.basename(url)
    return next((end for end in (".zip", ".tar.xz", ".tar.gz") if name.endswith(end)), ".tar")


def _verified(url: str, checksum_url: str, path: str) -> tuple[str, ...]:
    """The shell lines that download and hold the file against its published checksum."""
    file = shlex.quote(path)
    published = f"$(curl -fsSL {shlex.quote(checksum_url)} | cut -c1-64)"
    summing = "$(command -v sha256sum || echo shasum -a 256)"  # macOS has the second
    return (
        f"curl -fL -o {file} {shlex.quote(url)}",
        f"printf '%s  %s\\n' \"{published}\" {file} | {summing} -c",
    )


def _joined(*lines: str) -> str:
    """One command: a wrong checksum must stop what follows, also in a terminal it is pasted into."""
    return " &&\n".join(lines)
