"""Private toolchains: brought, verified and unpacked once, complete or absent."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable

from devtool.adapters.environments import DOWNLOADS, MARKER
from devtool.adapters.mirrors import told
from devtool.adapters.toolchain_sources import with_login
from devtool.errors import DevtoolError, UnreadableError
from devtool.model.codec import parse_json
from devtool.model.redaction import redact
from devtool.model.toolchain import InstallArchive, InstallRustup
from devtool.system import System

_LOCK_SECONDS = 1800.0
_INSTALL_SECONDS = 1800.0
_CHECKSUM_BYTES = 64 * 1024
_ARCHIVE_BYTES = 1024**3
"""Go's are some 70 MB, `rustup-init` some 20: much more is not what it should be."""
_TOLD_FROM_BYTES = 8 * 1024**2
_SHARES = 4
_SHA256 = re.compile(rb"\\?([0-9a-fA-F]{64})(?![0-9a-fA-F])")
_NEWS = re.compile(r"(?i)\s*(?:info: )?(?:downloading|installing|syncing|error|warning)")

Say = Callable[[str], None]


def stands(system: System, action: InstallArchive | InstallRustup) -> bool:
    """Whether the toolchain is there, whole and of this version."""
    try:
        marker = parse_json(system.files.read_text(f"{action.folder}/{MARKER}") or "null")
    except (ValueError, UnreadableError):
        return False
    return marker == _contents(action) and all(map(system.files.executable, _programs(action)))


def ensure_toolchain(system: System, action: InstallArchive | InstallRustup, say: Say) -> None:
    """Make the toolchain unless it stands. Raises DevtoolError, and leaves nothing of it then."""
    folder = action.folder
    with system.files.lock(f"{folder}.lock", _LOCK_SECONDS):
        if stands(system, action):
            return
        system.files.remove_tree(folder)  # what a devtool that was killed has left
        try:
            if isinstance(action, InstallArchive):
                _unpack(system, action, say)
            else:
                _run_installer(system, action, say)
            for program in _programs(action):
                if not system.files.executable(program):
                    raise DevtoolError(f"what `{redact(action.url)}` brought has no `{program}`")
        except BaseException:
            system.files.remove_tree(folder)
            raise
        system.files.write(f"{folder}/{MARKER}", json.dumps(_contents(action)).encode())


def _unpack(system: System, action: InstallArchive, say: Say) -> None:
    archive = _bring(system, action, say)
    say(f"unpacking {action.tool} {action.version}")
    system.files.unpack(archive, action.folder)
    system.files.remove(archive)


def _run_installer(system: System, action: InstallRustup, say: Say) -> None:
    brought = _bring(system, action, say)
    program = system.files.read_bytes(brought, _ARCHIVE_BYTES) or b""
    system.files.write(action.installer, program, 0o755)
    settings = {name: with_login(value, system.env) for name, value in action.settings}
    for argv in action.argvs:
        answer = system.process.run(
            argv,
            timeout_seconds=_INSTALL_SECONDS,
            cwd="/",
            env={"RUSTUP_TOOLCHAIN": None, **told(system.env), **settings},
            on_line=lambda line: say(line.strip()) if _NEWS.match(line) else None,
        )
        if not answer.ok:
            lines = [line.strip() for line in answer.output.splitlines() if line.strip()]
            said = [line for line in lines if line.startswith("error")] or lines
            name = posixpath.basename(argv[0])
            raise DevtoolError(
                f"cannot install Rust {' and '.join(action.toolchains)}: `{name}` {answer.describe()}",
                "\n  ".join(said[-4:]) or None,
            )
    system.files.remove(action.installer)
    system.files.remove(brought)


def _bring(system: System, action: InstallArchive | InstallRustup, say: Say) -> str:
    """Download what the action names, verified; its path, in the cache so that a try after this goes on."""
    network, name = system.network, posixpath.basename(action.url)
    page = network.fetch(
        with_login(action.checksum_url, system.env), env=system.env, limit_bytes=_CHECKSUM_BYTES
    )
    published = _SHA256.match(page.lstrip())
    if published is None:
        raise DevtoolError(
            f"`{action.checksum_url}` holds no checksum",
            "what is there is not what it should be: try a mirror",
        )
    sha256 = published[1].decode().lower()
    path = f"{system.directories.cache}/{DOWNLOADS}/{sha256[:16]}-{name}"
    say(redact(f"downloading {action.url}"))
    network.download(
        with_login(action.url, system.env),
        path,
        env=system.env,
        sha256=sha256,
        limit_bytes=_ARCHIVE_BYTES,
        on_progress=_by_shares(say),
    )
    return path


def _by_shares(say: Say) -> Callable[[int, int | None], None]:
    """A line at each quarter of what takes a while."""
    told = 0

    def tell(here: int, total: int | None) -> None:
        nonlocal told
        share = here * _SHARES // total if total else 0
        if total and total >= _TOLD_FROM_BYTES and told < share < _SHARES:
            told = share
            say(f"{here / 1024**2:.0f} of {total / 1024**2:.0f} MiB are here")

    return tell


def _contents(action: InstallArchive | InstallRustup) -> dict[str, object]:
    version = action.version if isinstance(action, InstallArchive) else "rustup"
    return {"tool": action.tool, "version": version}


def _programs(action: InstallArchive | InstallRustup) -> tuple[str, ...]:
    if isinstance(action, InstallArchive):
        return tuple(f"{action.folder}/{program}" for _, program in action.shims)
    return tuple(f"{action.folder}/cargo/bin/{name}" for name in action.PROGRAMS)
