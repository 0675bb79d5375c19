"""A real, fresh Debian 12: a root file system of its own, made once, each test on a layer over it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import filelock

from tests.conftest import require
from tests.support.tools import CACHE

ROOT = Path(__file__).parents[2]
HOME = "/root"
DEVTOOL = "/srv/devtool/scripts/devtool"
_RELEASE = "bookworm"
_RECIPE = "1"
"""To be counted up when `_make` makes something else."""
_KEPT_SECONDS = 7 * 24 * 3600
# What README asks of a machine; the rest is for setup to bring.
_PERSON_INSTALLED = "python3,python3-venv,git,ca-certificates"
_CODE = ("devtool", "scripts", "vscode", ".devcontainer")
_INPUTS = ("pyproject.toml", "requirements.lock", "requirements-build.lock", "README.md", "LICENSE")
_NETWORK = re.compile(r"(?i).*_proxy|PIP_.*|.*_CA_BUNDLE|.*_CA_CERTS\w*|SSL_CERT_\w+|PIP_CERT")
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_PIP_FILES = {
    "etc/pip.conf": Path("/etc/pip.conf"),
    "etc/xdg/pip/pip.conf": Path("~/.config/pip/pip.conf").expanduser(),
}


@dataclass
class Debian:
    """One machine, from its first start to the end of the test."""

    path: Path
    """Of its root, seen from outside."""
    env: dict[str, str] = field(default_factory=dict)

    def start(self, argv: list[str], cwd: str = "/", **more: str) -> subprocess.Popen[str]:
        """Start a program as root; whatever it starts ends with it."""
        apart = ["unshare", "--pid", "--fork", "--kill-child", "--mount", f"--mount-proc={self.path}/proc"]
        inside = ["chroot", str(self.path), "/usr/bin/env", "-C", cwd]
        return subprocess.Popen(
            [*apart, *inside, *argv],
            env={**self.env, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )

    def run(self, argv: list[str], cwd: str = "/", *, status: int = 0, **more: str) -> str:
        """Run a program to its end; what it said on both streams."""
        process = self.start(argv, cwd, **more)
        said, _ = process.communicate(timeout=240)
        assert process.returncode == status, f"{argv} left with {process.returncode}:\n{said}"
        return said

    def devtool(self, *arguments: str, cwd: str = "/", status: int = 0, **more: str) -> str:
        """Run devtool as a person does, in the folder."""
        return self.run([DEVTOOL, *arguments], cwd, status=status, **more)

    def home(self) -> dict[str, tuple[int, int, bytes | str]]:
        """The home, byte for byte, but for devtool's own records: mode, time, content."""
        found: dict[str, tuple[int, int, bytes | str]] = {}
        home = self.path / HOME[1:]
        records = ".local/state/devtool"
        for path in sorted(home.rglob("*")):
            name, facts = str(path.relative_to(home)), path.lstat()
            if name.startswith(records) or records.startswith(f"{name}/"):
                continue
            if path.is_symlink():
                found[name] = (0, 0, os.readlink(path))
            elif path.is_dir():
                found[name] = (facts.st_mode, 0, b"")
            else:
                found[name] = (facts.st_mode, facts.st_mtime_ns, path.read_bytes())
        return found

    def packages(self) -> set[str]:
        """The installed packages."""
        asked = self.run(["dpkg-query", "-W", "-f", "${Package} ${Status}\n"]).splitlines()
        return {line.split()[0] for line in asked if line.endswith(" installed")}

    def journal(self) -> str:
        """All that the journal holds."""
        folder = self.path / HOME[1:] / ".local/state/devtool/journal"
        return "".join(path.read_text() for path in sorted(folder.glob("*.json")))


def until(condition: Callable[[], object], seconds: float = 120) -> None:
    """Wait for it to hold."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


@contextmanager
def debian(folder: Path) -> Iterator[Debian]:
    """A machine as Debian leaves it, with what README asks of one."""
    lower, merged = base(), folder / "merged"
    upper, work = folder / "layer/upper", folder / "layer/work"
    mounted: list[Path] = []

    def mount(place: Path, *argv: str) -> None:
        place.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", *argv, str(place)], check=True)
        mounted.append(place)

    try:
        # In memory: dpkg has each of its files written to the disk before it goes on.
        mount(folder / "layer", "-t", "tmpfs", "-o", "size=3g", "tmpfs")
        upper.mkdir()
        work.mkdir()
        options = f"lowerdir={lower},upperdir={upper},workdir={work}"
        mount(merged, "-t", "overlay", "overlay", "-o", options)
        for place, kept in (("var/cache/apt/archives", "apt"), ("var/cache/pip", "pip")):
            (cache := CACHE / f"debian-{kept}").mkdir(parents=True, exist_ok=True)
            mount(merged / place, "--bind", str(cache))
        for path in _indexes():
            mount(merged / path[1:], "--bind", path)
        shutil.copy("/etc/resolv.conf", merged / "etc/resolv.conf")
        _put_code(merged)
        yield Debian(merged, {**environment(), "PIP_CACHE_DIR": "/var/cache/pip"})
    finally:
        for place in reversed(mounted):
            subprocess.run(["umount", "-l", str(place)], check=True)


def end(process: subprocess.Popen[str]) -> str:
    """Kill it with all that it started; what it had said."""
    process.send_signal(signal.SIGKILL)
    said, _ = process.communicate()
    return said


def base() -> Path:
    """The root file system, made once for each state of what devtool is locked to."""
    asked = [_RECIPE.encode(), *((ROOT / name).read_bytes() for name in _INPUTS[:3])]
    return kept(f"debian-12-{hashlib.sha256(b''.join(asked)).hexdigest()[:10]}", _make)


def bare() -> Path:
    """A root file system as Debian's installer leaves it, with this machine's mirrors, made once."""
    return kept(f"debian-12-bare-{_RECIPE}", _bootstrap)


def copy_of(tree: Path, path: Path) -> None:
    """Make a root file system that is like another."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(tree), str(path)], check=True)
    (path / "complete").unlink()


def kept(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name in the cache, which `make` fills where nobody has."""
    # Root's own programs lie where a person's PATH does not lead.
    able = os.geteuid() == 0 and all(shutil.which(each, path=_PATH) for each in ("debootstrap", "unshare"))
    require(able, "a Debian of its own takes root and debootstrap")
    path = CACHE / name
    CACHE.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(f"{path}.lock"):
        if not (path / "complete").exists():
            _forget_old()
            shutil.rmtree(path, ignore_errors=True)
            make(path)
        (path / "complete").touch()
    return path


def _forget_old() -> None:
    """Remove those that nobody has made use of for long; another checkout's tests may be at it."""
    for marker in CACHE.glob("debian-12-*/complete"):
        if time.time() - marker.stat().st_mtime > _KEPT_SECONDS:
            shutil.rmtree(marker.parent)


def _make(path: Path) -> None:
    copy_of(bare(), path)
    _put_code(path)
    machine = Debian(path, environment())
    machine.devtool("--version")
    shutil.rmtree(path / "root/.cache", ignore_errors=True)


def _bootstrap(path: Path) -> None:
    sources = {each: each.read_text() for each in _sources() if _RELEASE in each.read_text()}
    mirror = re.search(r"https?://\S+/debian/?(?=\s)", " ".join([*sources.values(), " "]))
    require(mirror, "apt's sources name no mirror of Debian")
    assert mirror is not None
    bootstrap = ["debootstrap", "--variant=minbase", f"--include={_PERSON_INSTALLED}", _RELEASE]
    env = {**os.environ, "PATH": _PATH}
    subprocess.run([*bootstrap, str(path), mirror[0]], check=True, capture_output=True, env=env)
    if sources:
        (path / "etc/apt/sources.list").write_text("")
    for source in sources:
        shutil.copy(source, path / "etc/apt/sources.list.d")
    for settings in Path("/etc/apt/apt.conf.d").iterdir():
        if re.search(r"(?m)^\s*Acquire::", settings.read_text()):
            shutil.copy(settings, path / "etc/apt/apt.conf.d")
    # As in an image of Debian: no package is known before the lists are fetched.
    shutil.rmtree(path / "var/lib/apt/lists")
    for name in ("etc/resolv.conf", "etc/hosts", "etc/ssl/certs/ca-certificates.crt"):
        shutil.copy(f"/{name}", path / name)
    for name, own in _PIP_FILES.items():
        if own.is_file():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(own, path / name)


def _put_code(root: Path) -> None:
    """The checkout, as a person would have cloned it just now."""
    there = root / "srv/devtool"
    for name in _CODE:
        shutil.rmtree(there / name, ignore_errors=True)
        shutil.copytree(ROOT / name, there / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in _INPUTS:
        shutil.copy2(ROOT / name, there / name)


def environment() -> dict[str, str]:
    """What a program in such a root file system is told of the network."""
    network = {name: value for name, value in os.environ.items() if _NETWORK.fullmatch(name)}
    return {**network, "HOME": HOME, "PATH": _PATH, "LANG": "C.UTF-8", "TERM": "dumb"}


def _sources() -> list[Path]:
    folder = Path("/etc/apt/sources.list.d")
    found = [Path("/etc/apt/sources.list"), *sorted(folder.glob("*.list")), *sorted(folder.glob("*.sources"))]
    return [each for each in found if each.is_file() and "debian" in each.read_text()]


def _indexes() -> list[str]:
    """Folders of packages that this machine's pip is told of."""
    said = " ".join(os.environ.get(name, "") for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"))
    for path in _PIP_FILES.values():
        with suppress(FileNotFoundError):
            said += f" {path.read_text()}"
    named = [*re.findall(r"(?:^|\s)(/[\w./-]+)", said)]
    # An index may point to files beside it.
    named += [str(Path(each).parent) for each in re.findall(r"file://(/[\w./-]+)", said)]
    return sorted({each for each in named if Path(each).is_dir()})
