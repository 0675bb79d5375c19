"""An image to make dev containers on, by debootstrap: none can be fetched."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

from tests.support import debian, engine

_AUTHORITIES = Path("/usr/local/share/ca-certificates")
_LABEL = f"LABEL {engine.LABEL}=1"


def make(folder: Path) -> str:
    """Make a Debian 12 that knows this machine's mirrors and authorities, unless it is there; its name."""
    known = {path.name: path.read_bytes() for path in sorted(_AUTHORITIES.glob("*.crt"))}
    said = [*known.values(), json.dumps(_network()).encode()]
    digest = hashlib.sha256(b"".join(said)).hexdigest()[:10]
    name = f"{engine.REPOSITORY}/debian-12:{digest}"
    if not engine.docker("images", "-q", name):
        (folder / "authorities").mkdir()
        for file, content in known.items():
            (folder / "authorities" / file).write_bytes(content)
        bare = f"{name}-bare"
        _import(debian.bare(), bare)
        settings = "".join(f"ENV {key}={json.dumps(value)}\n" for key, value in _network().items())
        (folder / "Dockerfile").write_text(
            f"FROM {bare}\nCOPY authorities {_AUTHORITIES}\nRUN update-ca-certificates\n{settings}{_LABEL}\n"
        )
        engine.docker("build", "-t", name, str(folder))
    return name


def _network() -> dict[str, str]:
    """What tells programs here of proxies and indexes, but for folders that the container does not have."""
    return {
        name: value
        for name, value in debian.environment().items()
        if name not in ("HOME", "PATH", "LANG", "TERM", "PIP_FIND_LINKS")
    }


def _import(tree: Path, name: str) -> None:
    pack = ["tar", "-C", str(tree), "--exclude=./complete", "-c", "."]
    with subprocess.Popen(pack, stdout=subprocess.PIPE) as tar:
        subprocess.run(
            ["docker", "import", "--change", _LABEL, "-", name],
            stdin=tar.stdout,
            check=True,
            capture_output=True,
        )
    assert tar.returncode == 0
