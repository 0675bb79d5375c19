"""The embedded standalone server: the real binary, from the package `milvus`, with etcd and storage inside.

The package's own wrapper is not used: it moves ports in silence, leaves the
server alive when it is terminated, and waits for the wrong one when two run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from devtool.adapters.environments import ensure_environment, environment_path
from devtool.adapters.grpc import server_version
from devtool.adapters.milvus.edition import Edition, Launch, Listener, Place
from devtool.errors import DevtoolError
from devtool.system import System

VERSION = "2.3.5"
_PACKAGES = (f"milvus=={VERSION}",)
_PYTHON = ">=3.8"
_BINARY_LIMIT_BYTES = 256 * 1024**2
_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)(?:\(\w+\))?\s*(?::\s*(.*?))?\s*\}\}")
_ADDRESS = re.compile(r"^(\s+ip:)(?=\s*(?:#.*)?$)", re.MULTILINE)

PORTS = {
    "proxy": 19530, "metrics": 9091, "etcd": 2379, "etcd_peer": 2380, "proxy_internal": 19529,
    "root_coord": 53100, "data_coord": 13333, "data_node": 21124, "query_coord": 19531,
    "query_node": 21123, "index_coord": 22930, "index_node": 21121,
}  # fmt: skip


def install(system: System, on_line: Listener) -> str:
    """Unpack the binaries of the package once; the path of the server's program."""
    environment = environment_path(system, "milvus-server", _PYTHON, _PACKAGES)
    folder = f"{environment}.unpacked"
    program, complete = f"{folder}/milvus", f"{folder}/complete"
    if system.files.kind(complete) == "file" and system.files.executable(program):
        return program
    on_line(f"installing Milvus {VERSION} (58 MB to fetch, 300 MB on disk, once)")
    python = ensure_environment(system, environment, _PYTHON, _PACKAGES, on_line)
    with system.files.lock(f"{folder}.lock", 300.0):
        if system.files.kind(complete) != "file":
            on_line("unpacking")
            _unpack(system, _package(system, python), folder)
            system.files.write(complete, VERSION.encode())
    return program


def prepare(system: System, program: str, place: Place) -> Launch:
    """Write the server's and etcd's configuration."""
    folder = program.rpartition("/")[0]
    template = system.files.read_text(f"{folder}/config.yaml.template")
    if template is None:
        raise DevtoolError(f"`{folder}` is incomplete", f"remove it with `rm -r '{folder}'` and try again")
    system.files.write(f"{place.state}/configs/milvus.yaml", _configuration(template, place).encode())
    system.files.write(f"{place.state}/configs/glog.conf", b"--logtostderr=true\n--minloglevel=2\n")
    system.files.write(f"{place.state}/etcd.yaml", _etcd(place.ports).encode())
    return Launch(
        (program, "run", "standalone"),
        {
            "LD_LIBRARY_PATH": folder,
            "DYLD_LIBRARY_PATH": folder,
            "LD_PRELOAD": None,
            "DEPLOY_MODE": "STANDALONE",
            "METRICS_PORT": str(place.ports["metrics"]),
            "ETCD_CONFIG_PATH": f"{place.state}/etcd.yaml",
            "MILVUS_RUN_DIR": f"{place.state}/run",
            "MILVUSCONF": f"{place.state}/configs",
        },
    )


def missing(system: System, ports: Mapping[str, int]) -> str | None:
    """What the health page says against it, or that no request is answered; None when it serves."""
    health = system.network.get(f"http://127.0.0.1:{ports['metrics']}/healthz", 5.0)
    if health is None:
        return "no answer yet"
    if health.status != 200:
        return " ".join(health.body.split())[:120] or f"health page answers {health.status}"
    # The page speaks for the components; only a request shows that the port serves.
    if server_version(system, "127.0.0.1", ports["proxy"]) is None:
        return f"port {ports['proxy']} does not answer requests"
    return None


EMBEDDED = Edition(
    "embedded", VERSION, f"Milvus {VERSION}, embedded standalone", PORTS, 150.0, install, prepare, missing
)


def _package(system: System, python: str) -> str:
    """The folder of the package's files."""
    program = "import importlib.util as u; print(u.find_spec('milvus').submodule_search_locations[0])"
    answer = system.process.run([python, "-I", "-c", program], cwd="/")
    if not answer.ok:
        raise DevtoolError(
            f"`{python}` {answer.describe()}", "remove that environment's folder and try again"
        )
    return f"{answer.stdout.strip()}/data"


def _unpack(system: System, package: str, folder: str) -> None:
    try:
        import lzma
    except ImportError:
        raise DevtoolError(
            "this Python was built without lzma, which unpacking the server needs",
            "run devtool with another Python, such as the system's",
        ) from None
    for name in system.files.names(f"{package}/bin"):
        if name.endswith(".lzma"):
            packed = system.files.read_bytes(f"{package}/bin/{name}", _BINARY_LIMIT_BYTES) or b""
            system.files.write(f"{folder}/{name[: -len('.lzma')]}", lzma.decompress(packed), mode=0o755)
    template = system.files.read_bytes(f"{package}/config.yaml.template") or b""
    system.files.write(f"{folder}/config.yaml.template", template)


def _configuration(template: str, place: Place) -> str:
    values = {f"{purpose}_port": str(port) for purpose, port in place.ports.items()}
    values |= {
        "etcd_log_path": "stdout",
        "etcd_log_level": "warn",
        # Empty: everything goes to stdout, which is the one log.
        "system_log_path": '""',
        "etcd_data_dir": json.dumps(f"{place.data}/etcd"),
        "rocksmq_data_dir": json.dumps(f"{place.data}/rocksmq"),
        "local_storage_dir": json.dumps(f"{place.data}/storage"),
    }
    filled = _PLACEHOLDER.sub(lambda found: values.get(found[1], found[2] or ""), template)
    # Else it advertises the address of some network card, which changes with the network.
    return _ADDRESS.sub(r"\1 127.0.0.1", filled)


def _etcd(ports: Mapping[str, int]) -> str:
    """etcd listens on 2379 and 2380 whatever the server's own configuration says."""
    client, peer = (f"http://127.0.0.1:{ports[purpose]}" for purpose in ("etcd", "etcd_peer"))
    return (
        f"name: default\nlisten-client-urls: {client}\nadvertise-client-urls: {client}\n"
        f"listen-peer-urls: {peer}\ninitial-advertise-peer-urls: {peer}\ninitial-cluster: default={peer}\n"
    )
