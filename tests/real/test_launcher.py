"""`scripts/devtool` on real shells and real Pythons, over a package that tells what it was started with."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import require
from tests.support import tools

pytestmark = pytest.mark.real

CHECKOUT = Path(__file__).parents[2]
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
TELL = """
import json, os, sys
def main():
    facts = dict(cwd=os.getcwd(), arguments=sys.argv[1:], prefix=sys.prefix, version=sys.version_info[:2])
    print(json.dumps(facts))
"""


@pytest.fixture
def checkout() -> Iterator[Path]:
    """A checkout in an awkward path, with the real scripts and locks; readable by everybody."""
    with TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        root = Path(folder, 'it\'s a "checkout"')
        package = root / "devtool"
        package.mkdir(parents=True)
        for name in ("pyproject.toml", "README.md", "LICENSE", *(p.name for p in CHECKOUT.glob("*.lock"))):
            shutil.copy(CHECKOUT / name, root / name)
        for name in ("scripts", "vscode", ".devcontainer"):
            shutil.copytree(CHECKOUT / name, root / name)
        (package / "__init__.py").write_text('__version__ = "0"\n')
        (package / "cli.py").write_text(TELL)
        yield root


@pytest.fixture
def uv(tmp_path: Path) -> str:
    """A folder for PATH that holds uv alone."""
    folder = tmp_path / "uv"
    folder.mkdir()
    program = shutil.which("uv", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    require(program, "no uv on this machine")
    (folder / "uv").symlink_to(str(program))
    return str(folder)


def environment(home: str, path: str, **more: str) -> dict[str, str]:
    """What `env -i` leaves, and the two things a company's network may need."""
    kept = {k: v for k, v in os.environ.items() if k in {"SSL_CERT_FILE", "PIP_CERT", "PIP_INDEX_URL"}}
    cache = {"UV_CACHE_DIR": str(tools.CACHE / "uv"), "PIP_CACHE_DIR": str(tools.CACHE / "pip")}
    return {**kept, **cache, "HOME": home, "PATH": path, **more}


def start(
    checkout: Path, env: dict[str, str], *arguments: str, cwd: str = "/", shell: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    argv = [*shell, str(checkout / "scripts/devtool"), *arguments]
    return subprocess.run(argv, env=env, cwd=cwd, text=True, capture_output=True, check=False)


def told(answer: subprocess.CompletedProcess[str]) -> dict[str, object]:
    assert answer.returncode == 0, answer.stderr
    facts: dict[str, object] = json.loads(answer.stdout)
    return facts


def test_a_fresh_home_and_a_bare_path_are_enough(checkout: Path, home: str) -> None:
    env = environment(home, SYSTEM_PATH)

    first = start(checkout, env, "one", "two words")
    second = start(checkout, env)

    assert told(first)["arguments"] == ["one", "two words"]
    assert "installing with pip and /" in first.stderr
    assert told(second)["prefix"] == told(first)["prefix"]
    assert second.stderr == ""


@pytest.mark.parametrize("shell", ["dash", "bash --posix", "busybox sh"])
def test_any_posix_shell_runs_it(shell: str, checkout: Path, home: str, uv: str) -> None:
    program, *option = shell.split()
    path = shutil.which(program)
    require(path, f"no {program} on this machine")
    env = environment(home, f"{uv}:{SYSTEM_PATH}")

    answer = start(checkout, env, "", "*", "a'b", shell=[str(path), *option])

    assert told(answer)["arguments"] == ["", "*", "a'b"]


def test_it_is_found_through_links_and_keeps_the_callers_folder(checkout: Path, home: str, uv: str) -> None:
    env = environment(home, f"{uv}:{SYSTEM_PATH}")
    links = Path(home, "my bin")
    links.mkdir()
    (links / "inner").symlink_to(os.path.relpath(checkout / "scripts/devtool", links))
    (links / "dev").symlink_to("inner")

    answer = subprocess.run(
        ["sh", "my bin/dev", "x"], env=env, cwd=home, text=True, capture_output=True, check=False
    )

    assert told(answer)["cwd"] == os.path.realpath(home)
    assert told(answer)["arguments"] == ["x"]


def test_nothing_is_started_once_the_environment_stands(checkout: Path, home: str, uv: str) -> None:
    start(checkout, environment(home, f"{uv}:{SYSTEM_PATH}"))

    answer = start(checkout, environment(home, "/nonexistent"), shell=["/bin/sh"])

    assert told(answer)["arguments"] == []


def test_an_old_python_and_shims_with_nothing_behind_them_are_passed_over(
    checkout: Path, home: str, uv: str
) -> None:
    old, broken = Path(home, "old"), Path(home, "shims")
    old.mkdir()
    broken.mkdir()
    (old / "python3").symlink_to(tools.python("3.8"))
    for name in ("python3", "python3.12", "uv"):
        (broken / name).write_text("#!/bin/sh\necho 'command not found' >&2\nexit 127\n")
        (broken / name).chmod(0o755)

    answer = start(checkout, environment(home, f"{broken}:{old}:{uv}:{SYSTEM_PATH}"))

    assert tuple(told(answer)["version"]) >= (3, 10)


def test_an_active_environment_has_no_influence(checkout: Path, home: str) -> None:
    poison = Path(home, "poison")
    poison.mkdir()
    (poison / "json.py").write_text("raise RuntimeError('imported from PYTHONPATH')\n")
    active = Path(home, "active")
    subprocess.run([tools.python("3.11"), "-m", "venv", "--without-pip", str(active)], check=True)
    env = environment(
        home,
        f"{active}/bin:{SYSTEM_PATH}",
        VIRTUAL_ENV=str(active),
        PYTHONPATH=str(poison),
        PYTHONHOME="/nonexistent",
        PIP_REQUIRE_VIRTUALENV="1",
        PIP_USER="1",
    )

    answer = start(checkout, env)
    shutil.rmtree(active)
    again = start(checkout, env)

    assert str(told(answer)["prefix"]).startswith(f"{checkout}/.devtool/")
    assert told(again) == told(answer)


def test_changed_files_and_only_they_make_it_anew(checkout: Path, home: str, uv: str) -> None:
    env = environment(home, f"{uv}:{SYSTEM_PATH}")
    lock = checkout / "requirements.lock"
    first = told(start(checkout, env))["prefix"]

    os.utime(lock, (time.time() + 5, time.time() + 5))
    touched = start(checkout, env)
    lock.write_text(lock.read_text() + "# another\n")
    os.utime(lock, (time.time() + 5, time.time() + 5))
    changed = start(checkout, env)

    assert (told(touched)["prefix"], touched.stderr) == (first, "")
    assert told(changed)["prefix"] != first


def test_a_vanished_interpreter_and_a_moved_checkout_make_it_anew(checkout: Path, home: str, uv: str) -> None:
    env = environment(home, f"{uv}:{SYSTEM_PATH}")
    start(checkout, env)
    python = checkout / ".devtool/environment/bin/python"
    python.unlink()
    python.symlink_to("/nonexistent/python3")

    mended = start(checkout, env)
    moved_to = checkout.rename(checkout.with_name("moved"))
    moved = start(moved_to, env)
    moved_to.rename(checkout)

    assert "making its own environment" in mended.stderr
    assert str(told(moved)["prefix"]).startswith(str(moved_to))


@pytest.mark.parametrize("after_seconds", [0.05, 0.4, 0.9])
def test_a_launcher_killed_midway_leaves_nothing_to_clean_up(
    after_seconds: float, checkout: Path, home: str, uv: str
) -> None:
    env = environment(home, f"{uv}:{SYSTEM_PATH}")
    process = subprocess.Popen(
        [str(checkout / "scripts/devtool")], env=env, start_new_session=True, stderr=subprocess.DEVNULL
    )
    time.sleep(after_seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()

    answer = start(checkout, env)

    assert told(answer)["arguments"] == []
    assert len(list((checkout / ".devtool").glob("environment.[0-9]*"))) == 1


def test_two_at_once_make_it_once(checkout: Path, home: str, uv: str) -> None:
    env = environment(home, f"{uv}:{SYSTEM_PATH}")
    both = [
        subprocess.Popen(
            [str(checkout / "scripts/devtool")],
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]

    answers = [process.communicate() for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert answers[0][0] == answers[1][0]
    assert sum("making its own environment" in stderr for _, stderr in answers) == 1


def test_a_checkout_that_cannot_be_written_leaves_its_environment_in_the_cache(
    checkout: Path, uv: str
) -> None:
    require(os.geteuid() == 0, "only root can become somebody else")
    nobody = 65534
    with TemporaryDirectory() as home:
        os.chown(home, nobody, nobody)
        env = environment(home, SYSTEM_PATH, UV_CACHE_DIR=f"{home}/uv", PIP_CACHE_DIR=f"{home}/pip")
        run = [str(checkout / "scripts/devtool")]

        first = subprocess.run(
            run, env=env, cwd="/", user=nobody, group=nobody, text=True, capture_output=True, check=False
        )
        second = subprocess.run(
            run, env=env, cwd="/", user=nobody, group=nobody, text=True, capture_output=True, check=False
        )

        assert str(told(first)["prefix"]).startswith(f"{home}/.cache/devtool/environment-")
        assert (told(second), second.stderr) == (told(first), "")
        assert not (checkout / ".devtool").exists()


def test_a_path_that_holds_a_colon_leaves_its_environment_in_the_cache(
    checkout: Path, home: str, uv: str
) -> None:
    elsewhere = checkout.rename(checkout.with_name("a:b"))

    answer = start(elsewhere, environment(home, f"{uv}:{SYSTEM_PATH}"))
    elsewhere.rename(checkout)

    assert str(told(answer)["prefix"]).startswith(f"{home}/.cache/devtool/environment-")


def test_pip_does_what_uv_could_not(checkout: Path, home: str) -> None:
    folder = Path(home, "broken")
    folder.mkdir()
    (folder / "uv").write_text('#!/bin/sh\n[ "$1" = --version ] || { echo "error: no cache" >&2; exit 2; }\n')
    (folder / "uv").chmod(0o755)

    answer = start(checkout, environment(home, f"{folder}:{SYSTEM_PATH}"))

    assert told(answer)["arguments"] == []
    assert "uv could not: error: no cache; trying pip" in answer.stderr


def test_a_folder_that_is_not_ours_is_left_alone(checkout: Path, home: str, uv: str) -> None:
    theirs = Path(home, "theirs")
    theirs.mkdir()
    (theirs / "thesis.tex").touch()
    env = environment(home, f"{uv}:{SYSTEM_PATH}", DEVTOOL_ENVIRONMENT=str(theirs))

    answer = start(checkout, env)

    assert answer.returncode == 2
    assert answer.stderr.startswith(f"devtool: `{theirs}` is in the way")
    assert [p.name for p in theirs.iterdir()] == ["thesis.tex"]


def test_a_python_named_by_the_person_that_does_not_do_is_refused(checkout: Path, home: str) -> None:
    old = tools.python("3.8")

    answer = start(checkout, environment(home, SYSTEM_PATH, DEVTOOL_PYTHON=old))

    assert answer.returncode == 2
    assert answer.stderr.splitlines() == [
        f"devtool: DEVTOOL_PYTHON={old} is no usable Python >= 3.10 (`{old}` is {full_version(old)})",
        "  name one that is, or unset it to have one looked for",
    ]


def test_without_a_network_it_says_what_pip_said_and_leaves_with_2(checkout: Path, home: str) -> None:
    env = environment(home, SYSTEM_PATH, PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="1")
    env["PIP_CACHE_DIR"] = f"{home}/empty"

    answer = start(checkout, env)

    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "pip could not make the environment: ERROR: No matching distribution found" in answer.stderr
    assert "Connection refused" in answer.stderr


def full_version(python: str) -> str:
    return subprocess.run(
        [python, "-c", "import platform; print(platform.python_version())"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
