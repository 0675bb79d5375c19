"""Private environments on fakes: which installer, which Python, what stands."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from devtool.adapters.environments import MARKER, ensure_environment, find_interpreter, own_python
from devtool.adapters.interpreters import _PROBE, Interpreter
from devtool.errors import DevtoolError
from devtool.model.command import Answer
from tests.support import FakeFiles, FakeProcess, ended, fake_system

ENV = "/data/env"
VENV = f"/usr/bin/python3.11 -m venv {ENV}"
PIP = f"{ENV}/bin/python -m pip install --prefer-binary --retries 1 six"


def probe(path: str, version: str, complete: bool = True) -> dict[str, Answer]:
    return {f"{path} -I -c {_PROBE}": ended(f"{path}\n{version}\n{complete}\n")}


def process(answers: Mapping[str, Answer], **programs: str) -> FakeProcess:
    named = {"python3.11": "/usr/bin/python3.11", **programs}
    return FakeProcess({**probe("/usr/bin/python3.11", "3.11.4"), **answers}, named)


def test_an_interpreter_on_path_that_fits_is_taken() -> None:
    found = process({})

    interpreter = find_interpreter(fake_system(process=found), "<3.12")

    assert interpreter == Interpreter("/usr/bin/python3.11", "3.11.4")
    found.assert_used()


def test_an_interpreter_of_a_version_manager_is_found() -> None:
    pyenv = "/home/me/.pyenv/versions"
    files = FakeFiles(
        executables={f"{pyenv}/3.9.18/bin/python3": "", f"{pyenv}/3.10.13/bin/python3": ""},
    )
    answers = {
        **probe(f"{pyenv}/3.10.13/bin/python3", "3.10.13"),
        **probe(f"{pyenv}/3.9.18/bin/python3", "3.9.18"),
    }

    interpreter = find_interpreter(fake_system(process=process(answers), files=files), "<3.10")

    assert interpreter == Interpreter(f"{pyenv}/3.9.18/bin/python3", "3.9.18")


def test_a_shim_that_means_no_version_is_passed_over() -> None:
    shim = f"/shims/python3.13 -I -c {_PROBE}"
    found = process({shim: ended(stderr="pyenv: python3.13: command not found", status=127)})
    found.programs = {**found.programs, "python3.13": "/shims/python3.13"}

    assert find_interpreter(fake_system(process=found), "") == Interpreter("/usr/bin/python3.11", "3.11.4")


def test_no_interpreter_is_an_answer() -> None:
    assert find_interpreter(fake_system(process=process({})), ">=3.12") is None


def test_an_environment_is_made_by_pip_and_marked_last() -> None:
    pip = (
        "Collecting six",
        "  Downloading six (1.2 MB)",
        "  Downloading x (3 kB)",
        "Installing collected packages: x, six",
    )
    made, files, said = process({VENV: ended(), PIP: ended("\n".join(pip))}), FakeFiles(), list[str]()

    python = ensure_environment(fake_system(process=made, files=files), ENV, "", ("six",), said.append)

    assert python == f"{ENV}/bin/python"
    assert json.loads(files.content[f"{ENV}/{MARKER}"]) == {"python": "", "packages": ["six"]}
    assert said == ["Downloading six (1.2 MB)", "installing 2 packages"]
    made.assert_used()


def test_an_environment_that_stands_is_left_alone() -> None:
    files = FakeFiles(
        {f"{ENV}/{MARKER}": json.dumps({"python": "", "packages": ["six"]})},
        executables={f"{ENV}/bin/python": ""},
    )

    assert ensure_environment(fake_system(files=files), ENV, "", ("six",)) == f"{ENV}/bin/python"


@pytest.mark.parametrize("marker", ["", "{", '{"python": "", "packages": ["other"]}'])
def test_a_leftover_is_made_afresh(marker: str) -> None:
    files = FakeFiles({f"{ENV}/{MARKER}": marker, f"{ENV}/half": ""}, executables={f"{ENV}/bin/python": ""})
    made = process({VENV: ended(), PIP: ended()})

    ensure_environment(fake_system(process=made, files=files), ENV, "", ("six",))

    assert f"{ENV}/half" not in files.content
    made.assert_used()


def test_uv_is_preferred_and_pip_takes_over_when_it_fails() -> None:
    uv = f"/bin/uv venv --no-project --python /usr/bin/python3.11 {ENV}"
    install = f"/bin/uv pip install --python {ENV}/bin/python six"
    made = process(
        {uv: ended(), install: ended(stderr="error: dns error", status=2), VENV: ended(), PIP: ended()},
        uv="/bin/uv",
    )
    said: list[str] = []

    ensure_environment(fake_system(process=made), ENV, "", ("six",), said.append)

    assert said == ["error: dns error", "uv exited with status 2: trying pip"]
    made.assert_used()


def test_uv_fetches_a_python_that_the_machine_lacks() -> None:
    uv = f"/bin/uv venv --no-project --python >=3.12 {ENV}"
    made = process({uv: ended()}, uv="/bin/uv")

    assert ensure_environment(fake_system(process=made), ENV, ">=3.12", ()) == f"{ENV}/bin/python"


def test_a_failure_names_its_cause_and_leaves_nothing() -> None:
    output = "WARNING: Retrying\nERROR: Could not install: Temporary failure in name resolution\n"
    made, files = process({VENV: ended(), PIP: ended(stderr=output, status=1)}), FakeFiles()

    with pytest.raises(DevtoolError) as caught:
        ensure_environment(fake_system(process=made, files=files), ENV, "", ("six",))

    assert caught.value.message == "cannot install `six` with Python 3.11.4: pip exited with status 1"
    assert caught.value.hint == (
        "no package registry answers: check the network, `https_proxy`, and `python3 -m pip config list`\n"
        "  ERROR: Could not install: Temporary failure in name resolution"
    )
    assert not any(path.startswith(f"{ENV}/") for path in files.content)


def test_a_python_without_ensurepip_is_named() -> None:
    answers = probe("/usr/bin/python3.11", "3.11.4", complete=False)

    with pytest.raises(DevtoolError) as caught:
        ensure_environment(fake_system(process=process(answers)), ENV, "", ())

    assert (
        caught.value.message == "`/usr/bin/python3.11` cannot make environments: it lacks venv or ensurepip"
    )


def test_a_python_that_chatters_first_is_passed_over() -> None:
    line = f"/usr/bin/python3 -I -c {_PROBE}"
    process = FakeProcess(
        {line: ended("welcome\n/usr/bin/python3\n3.11.2\n")}, {"python3": "/usr/bin/python3"}
    )

    assert find_interpreter(fake_system(process=process), ">=3.8") is None


class Recording(FakeProcess):
    """Remembers the environment of every command."""

    def run(self, argv: Sequence[str], **options: Any) -> Answer:
        self.seen = {**getattr(self, "seen", {}), " ".join(argv): dict(options.get("env") or {})}
        return super().run(argv, **options)


def recording(answers: Mapping[str, Answer], **programs: str) -> Recording:
    usual = process(answers, **programs)
    return Recording(usual.answers, usual.programs)


def test_what_installers_fetch_is_kept_in_devtools_own_cache() -> None:
    made = recording({VENV: ended(), PIP: ended()})

    ensure_environment(fake_system(process=made), ENV, "", ("six",))

    downloads = "/home/me/.cache/devtool/downloads"
    told = {name: made.seen[PIP].get(name) for name in ("PIP_CACHE_DIR", "UV_CACHE_DIR")}
    assert told == {"PIP_CACHE_DIR": f"{downloads}/pip", "UV_CACHE_DIR": f"{downloads}/uv"}


def test_a_cache_that_the_person_names_is_theirs() -> None:
    made = recording({VENV: ended(), PIP: ended()})
    env = {"HOME": "/home/me", "PATH": "/usr/bin", "PIP_CACHE_DIR": "/warm"}

    ensure_environment(fake_system(process=made, env=env), ENV, "", ("six",))

    assert "PIP_CACHE_DIR" not in made.seen[PIP]


def test_a_python_that_uv_fetches_lies_beside_its_environment() -> None:
    uv = f"/bin/uv venv --no-project --python >=3.12 {ENV}"
    made = recording({uv: ended()}, uv="/bin/uv")

    ensure_environment(fake_system(process=made), ENV, ">=3.12", ())

    assert made.seen[uv]["UV_PYTHON_INSTALL_DIR"] == own_python(ENV) == f"{ENV}.python"


@pytest.mark.parametrize("suffices", [True, False])
def test_uv_takes_what_it_fetched_before_and_asks_the_network_for_the_rest(suffices: bool) -> None:
    uv = f"/bin/uv venv --no-project --python /usr/bin/python3.11 {ENV}"
    install = f"/bin/uv pip install --python {ENV}/bin/python six"
    unknown = ended(stderr="error: six was not found in the cache", status=1)
    answers = {uv: ended(), f"{install} --offline": ended() if suffices else unknown}
    made = process(answers if suffices else {**answers, install: ended("Installed 1 package")}, uv="/bin/uv")
    files, said = FakeFiles({"/home/me/.cache/devtool/downloads/uv/CACHEDIR.TAG": ""}), list[str]()

    ensure_environment(fake_system(process=made, files=files), ENV, "", ("six",), said.append)

    assert said == ([] if suffices else ["Installed 1 package"])
    made.assert_used()
