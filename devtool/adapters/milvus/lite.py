"""milvus-lite served over TCP, where no embedded server exists for the machine."""

from __future__ import annotations

from collections.abc import Mapping

from devtool.adapters.environments import ensure_environment, environment_path
from devtool.adapters.grpc import server_version
from devtool.adapters.milvus.edition import Edition, Launch, Listener, Place
from devtool.system import System

VERSION = "3.2.2"
# Its server imports the client and does not ask for it.
_PACKAGES = (f"milvus-lite=={VERSION}", "pymilvus==2.6.17")
_PYTHON = ">=3.10,<3.14"


def install(system: System, on_line: Listener) -> str:
    """Make the environment that holds it; the path of its command."""
    environment = environment_path(system, "milvus-lite", _PYTHON, _PACKAGES)
    python = ensure_environment(system, environment, _PYTHON, _PACKAGES, on_line)
    return f"{python.rpartition('/')[0]}/milvus-lite"


def prepare(system: System, program: str, place: Place) -> Launch:
    """It is configured by its arguments alone."""
    port = str(place.ports["proxy"])
    # Through the interpreter: the script's first line names where its environment was made.
    python = f"{program.rpartition('/')[0]}/python"
    argv = (python, program, "server", "--data-dir", place.data, "--host", "127.0.0.1", "--port", port)
    # The checkout's `setenv.sh` exports a library path that its libraries do not survive.
    return Launch(argv, {"LD_LIBRARY_PATH": None, "LD_PRELOAD": None, "PYTHONUNBUFFERED": "1"})


def missing(system: System, ports: Mapping[str, int]) -> str | None:
    """What stands between a request and its answer; None when it serves."""
    if server_version(system, "127.0.0.1", ports["proxy"]) is None:
        return f"port {ports['proxy']} does not answer requests"
    return None


LITE = Edition("lite", VERSION, f"milvus-lite {VERSION}", {"proxy": 19530}, 60.0, install, prepare, missing)
