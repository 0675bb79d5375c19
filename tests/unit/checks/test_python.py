from __future__ import annotations

from dataclasses import replace

import pytest

from devtool.adapters import interpreters
from devtool.checks.python import PYTHON_CHECKS, QUESTION
from devtool.model.command import Answer
from devtool.model.host import Host
from devtool.model.packages import InstallPackages
from devtool.model.report import Finding
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.examining import LINUX, examined, need, needs
from tests.support.process import ABSENT, HANGS

CHECKS = {check.id: check for check in PYTHON_CHECKS}
OLD = needs(need("conan", "==1.61.0"))
PYTHON = "/usr/bin/python3"
LISTS = {"/var/lib/apt/lists/deb_main_Packages": ""}


def asked(python: str = PYTHON) -> str:
    return f"{python} -I -c {QUESTION}"


def facts(version: str = "3.11.2", *, venv: bool = False, managed: bool = False, missing: str = "") -> Answer:
    return ended(f"{version}\n{venv}\n{managed}\n{missing}\n")


def seen(
    check_id: str,
    answer: Answer | None,
    *,
    python: str = PYTHON,
    programs: dict[str, str] | None = None,
    files: dict[str, str] | None = None,
    executables: dict[str, str] | None = None,
    env: dict[str, str] | None = None,
    host: Host = LINUX,
) -> Finding:
    process = FakeProcess({} if answer is None else {asked(python): answer}, programs or {"python3": PYTHON})
    system = fake_system(
        process=process,
        files=FakeFiles({**LISTS, **(files or {})}, executables=executables),
        env={"HOME": "/home/me", **(env or {})},
    )
    finding = examined(CHECKS[check_id], system, OLD, host)
    process.assert_used()
    return finding


# conan-python


def conan_python(version: str | None, host: Host = LINUX, **programs: str) -> Finding:
    """The verdict where `python3` on PATH, if any, has this version."""
    answer = ended(f"{PYTHON}\n{version}\nTrue\n") if version else HANGS
    process = FakeProcess({f"{PYTHON} -I -c {interpreters._PROBE}": answer}, {"python3": PYTHON, **programs})
    finding = examined(CHECKS["conan-python"], fake_system(process=process), OLD, host)
    process.assert_used()
    return finding


def test_a_python_that_still_has_imp_is_ok() -> None:
    finding = conan_python("3.11.7")

    assert finding.severity == "ok"
    assert "Python 3.11.7 at `/usr/bin/python3`" in finding.summary


@pytest.mark.parametrize("version", ["3.12.0", "3.13.1"])
def test_without_a_python_that_has_imp_the_pinned_conan_cannot_run(version: str) -> None:
    finding = conan_python(version)

    assert finding.severity == "failure"
    assert finding.summary == (
        "Conan 1.61.0 (scripts/install_deps.sh:58) imports `imp`, and every Python here is 3.12 or newer: "
        "`No module named 'imp'`"
    )


def test_pythons_that_do_not_answer_leave_it_unknown() -> None:
    assert conan_python(None).severity == "unknown"


@pytest.mark.parametrize(
    ("programs", "host", "command"),
    [
        ({"uv": "/usr/bin/uv", "pyenv": "/usr/bin/pyenv"}, LINUX, "uv python install 3.11"),
        ({}, replace(LINUX, os="macos", package_managers=("brew",)), "brew install python@3.11"),
        ({"pyenv": "/usr/bin/pyenv"}, LINUX, "pyenv install --skip-existing 3.11"),
    ],
)
def test_an_older_python_is_put_beside_the_persons_own(
    programs: dict[str, str], host: Host, command: str
) -> None:
    finding = conan_python("3.13.1", host, **programs)

    (action,) = finding.remedies[0].actions
    assert action.preview == command


def test_without_any_installer_the_cure_is_told() -> None:
    finding = conan_python("3.13.1")

    assert finding.remedies[0].actions == ()
    assert "`uv python install 3.11`" in finding.remedies[0].summary


@pytest.mark.parametrize("specifier", ["==1.62.0", "==1.64.1", "==2.25.1", ">=1,<2", "", None])
def test_a_conan_that_lives_without_imp_asks_for_no_older_python(specifier: str | None) -> None:
    assert not CHECKS["conan-python"].applies(LINUX, needs(need("conan", specifier)))
    assert not CHECKS["conan-python"].applies(LINUX, needs())


# externally-managed


def test_a_python_that_takes_packages_is_ok() -> None:
    assert seen("externally-managed", facts()).severity == "ok"


def test_a_managed_python_is_a_warning_because_the_scripts_cannot_install_conan() -> None:
    finding = seen("externally-managed", facts(managed=True))

    assert finding.severity == "warning"
    assert finding.summary.startswith("`/usr/bin/python3` refuses pip (`externally-managed-environment`)")


def test_a_managed_python_does_no_harm_where_conan_is_there() -> None:
    programs = {"python3": PYTHON, "conan": "/home/me/.local/bin/conan"}

    assert seen("externally-managed", facts(managed=True), programs=programs).severity == "ok"


def test_an_active_environment_is_ok() -> None:
    assert seen("externally-managed", facts(managed=True, venv=True)).severity == "ok"


def test_the_python_that_pip_runs_on_is_the_one_that_counts() -> None:
    programs = {"python3": "/opt/bin/python3", "pip3": "/usr/bin/pip3"}
    files = {"/usr/bin/pip3": "#!/usr/bin/python3\nimport sys\n"}

    assert (
        seen("externally-managed", facts(managed=True), programs=programs, files=files).severity == "warning"
    )


@pytest.mark.parametrize("text", ["#!/usr/bin/env bash\n", "\x7fELF", ""])
def test_a_pip_that_names_no_python_leaves_python3(text: str) -> None:
    programs = {"python3": PYTHON, "pip3": "/usr/bin/pip3"}

    assert (
        seen("externally-managed", facts(), programs=programs, files={"/usr/bin/pip3": text}).severity == "ok"
    )


@pytest.mark.parametrize("check_id", ["externally-managed", "python-venv"])
def test_without_python_nothing_is_asked(check_id: str) -> None:
    assert seen(check_id, None, programs={"sh": "/bin/sh"}).severity == "skipped"


@pytest.mark.parametrize("check_id", ["externally-managed", "python-venv"])
@pytest.mark.parametrize(
    "answer", [HANGS, ABSENT, ended("", "boom", 1), ended("garbled"), ended("a\nb\nc\nd\n")]
)
def test_a_python_that_cannot_be_asked_is_unknown(check_id: str, answer: Answer) -> None:
    assert seen(check_id, answer).severity == "unknown"


def test_a_checkout_that_needs_no_conan_does_not_care() -> None:
    assert not CHECKS["externally-managed"].applies(LINUX, needs())


# python-venv


def test_a_whole_python_makes_environments() -> None:
    finding = seen("python-venv", facts())

    assert (finding.severity, finding.summary) == ("ok", "Python 3.11.2 makes environments")


def test_debians_python_without_its_package_is_a_failure_with_the_package() -> None:
    finding = seen("python-venv", facts(missing="venv ensurepip"))

    assert finding.severity == "failure"
    assert finding.summary == (
        "Python 3.11.2 at `/usr/bin/python3` lacks `venv` and `ensurepip`: it cannot make environments"
    )
    (action,) = finding.remedies[0].actions
    assert isinstance(action, InstallPackages)
    assert action.argvs[-1] == ("apt-get", "install", "-y", "python3-venv")


def test_uv_makes_environments_without_ensurepip() -> None:
    programs = {"python3": PYTHON, "uv": "/usr/bin/uv"}

    assert seen("python-venv", facts(missing="ensurepip"), programs=programs).severity == "ok"


@pytest.mark.parametrize(
    ("env", "chosen"),
    [({}, "3.11.7"), ({"PYENV_VERSION": "3.12.1"}, "3.12.1")],
)
def test_the_python_behind_pyenvs_shim_is_asked_directly(env: dict[str, str], chosen: str) -> None:
    own = f"/home/me/.pyenv/versions/{chosen}/bin/python3"

    finding = seen(
        "python-venv",
        facts(chosen),
        python=own,
        programs={"python3": "/home/me/.pyenv/shims/python3"},
        files={"/home/me/.pyenv/version": "3.11.7\n3.10.13\n"},
        executables={own: ""},
        env=env,
    )

    assert finding.summary == f"Python {chosen} makes environments"


@pytest.mark.parametrize("version", ["", "system\n"])
def test_a_shim_without_a_version_of_its_own_is_asked_itself(version: str) -> None:
    shim = "/home/me/.pyenv/shims/python3"
    files = {"/home/me/.pyenv/version": version}

    finding = seen("python-venv", facts(), python=shim, programs={"python3": shim}, files=files)

    assert finding.severity == "ok"


LIBRARY = "/usr/lib/python3.11"
WHOLE = {f"{LIBRARY}/{name}": "" for name in ("os.py", "venv/__init__.py", "ensurepip/__init__.py")}


def by_folders(check_id: str, files: dict[str, str], python: str = PYTHON) -> Finding:
    process = FakeProcess(programs={"python3": python})
    door = FakeFiles({**LISTS, **files}, links={python: "/usr/bin/python3.11"})
    return examined(CHECKS[check_id], fake_system(process=process, files=door), OLD)


def test_a_python_in_the_usual_layout_is_read_without_being_started() -> None:
    managed = {f"{LIBRARY}/EXTERNALLY-MANAGED": "[externally-managed]\n"}
    no_pip = {name: "" for name in WHOLE if "ensurepip" not in name}
    inside = {"/env/pyvenv.cfg": "home = /usr/bin\n"}

    assert by_folders("python-venv", WHOLE).summary == "Python 3.11 makes environments"
    assert "lacks `ensurepip`" in by_folders("python-venv", no_pip).summary
    assert by_folders("externally-managed", WHOLE).severity == "ok"
    assert by_folders("externally-managed", {**WHOLE, **managed}).severity == "warning"
    assert (
        by_folders("externally-managed", {**WHOLE, **managed, **inside}, "/env/bin/python3").severity == "ok"
    )
