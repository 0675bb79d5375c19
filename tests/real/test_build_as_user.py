"""An ordinary user, whom the machine does not know by name, builds the sample with both Composes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import require
from tests.support.engine import Compose, Shaped, docker
from tests.support.inside import give, owners

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(os.geteuid() != 0 and not os.environ.get("CI"), reason="becomes another user"),
]
UID, GID = 54331, 54332
"""Nobody has these on any machine."""
SOCKET = Path("/var/run/docker.sock")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of the user's own, which can be reached."""
    made = tmp_path / "home"
    made.mkdir()
    os.chown(made, UID, GID)
    for above in tmp_path.parents:
        mode = above.stat().st_mode
        if mode & 0o011 != 0o011:
            above.chmod(mode | 0o011)
    tmp_path.chmod(0o711)
    return made


def devtool(checkout: Path, home: Path, compose: Compose, *words: str) -> subprocess.CompletedProcess[str]:
    """Run ours as that user, in the group that may use the engine."""
    setpriv = shutil.which("setpriv")
    require(setpriv and SOCKET.is_socket(), "no setpriv here, or no engine at its usual socket")
    user = [str(setpriv), "--reuid", str(UID), "--regid", str(GID), "--groups", str(SOCKET.stat().st_gid)]
    # The Python of the tests may lie in root's home. The user may read there, and write nowhere.
    user += ["--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"]
    env = {
        name: value for name, value in compose.env.items() if not name.startswith(("XDG_", "USER", "LOGNAME"))
    }
    done = subprocess.run(
        [*user, sys.executable, "-m", "devtool", *words],
        cwd=checkout,
        env={**env, "HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done


@pytest.mark.parametrize("generation", ["compose_v1", "compose_v5"])
def test_the_sample_builds_in_both_ways_and_all_of_it_belongs_to_the_user(
    generation: str, shaped: Shaped, home: Path, request: pytest.FixtureRequest
) -> None:
    compose: Compose = request.getfixturevalue(generation)
    checkout = shaped()
    give(checkout, UID, GID)

    in_builder = devtool(checkout, home, compose, "build", "all", "--no-gate")
    shutil.rmtree(checkout / "cmake_build")
    devtool(checkout, home, compose, "container", "up")
    in_container = devtool(checkout, home, compose, "build", "all", "--no-gate")
    tested = devtool(checkout, home, compose, "build", "test-cpp", "--no-gate")
    inside = devtool(
        checkout, home, compose, "container", "exec", "--", "sh", "-c", "id -u; echo $HOME; touch ~/x"
    )
    devtool(checkout, home, compose, "container", "down")

    assert "in a builder of its own" in in_builder.stderr
    assert "in the dev container" in in_container.stderr
    assert "100% tests passed" in tested.stdout
    assert inside.stdout.split() == [str(UID), f"/home/user{UID}"]
    assert (checkout / "bin/milvus").is_file()
    assert owners(checkout) == {(UID, GID)}
    assert docker("ps", "-aq", "--filter", f"label=devcontainer.local_folder={checkout}") == ""
