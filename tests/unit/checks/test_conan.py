from __future__ import annotations

import pytest

from devtool.checks.conan import CONAN
from devtool.model.command import Answer
from devtool.model.report import Finding
from devtool.model.requirement import Needs, Requirement
from devtool.model.toolchain import MakeToolEnvironment
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.examining import LINUX, examined, need, needs
from tests.support.process import ABSENT, HANGS

OLD = need("conan", "==1.61.0", source="scripts/install_deps.sh:60")
NEW = need("conan", "==2.25.1", source="scripts/3rdparty_build.sh:94")
SCRIPT = "#!/home/me/venv/bin/python3.12\nimport sys\n"
TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "/home/me/venv/lib/python3.12/site-packages/conans/client/loader.py", line 2, in <module>\n'
    "    import imp\n"
    "ModuleNotFoundError: No module named 'imp'\n"
)


def seen(
    answer: Answer, wanted: Requirement, script: str = SCRIPT, files: FakeFiles | None = None
) -> Finding:
    here = answer.outcome != "absent"
    process = FakeProcess({"conan --version": answer}, {"conan": "/usr/bin/conan"} if here else {})
    files = files or FakeFiles(executables={"/usr/bin/conan": script})
    finding = examined(CONAN, fake_system(process=process, files=files), needs(wanted))
    process.assert_used()
    return finding


def environment(finding: Finding) -> MakeToolEnvironment:
    action = finding.remedies[-1].actions[0]
    assert isinstance(action, MakeToolEnvironment)
    return action


def test_the_pinned_conan_is_ok() -> None:
    finding = seen(ended("Conan version 2.25.1\n"), NEW)

    assert (finding.severity, finding.summary) == ("ok", "conan 2.25.1")
    assert finding.evidence == ("/usr/bin/conan", "Conan version 2.25.1")


def test_an_absent_conan_is_a_failure_with_an_environment_of_its_own() -> None:
    finding = seen(ABSENT, NEW)

    assert finding.severity == "failure"
    assert finding.summary == (
        "conan is not on PATH; this checkout needs `==2.25.1` (scripts/3rdparty_build.sh:94)"
    )
    assert finding.remedies[-1].summary == (
        "`devtool doctor --fix --only conan` installs conan 2.25.1 in an environment of its own"
    )
    assert environment(finding) == MakeToolEnvironment(
        tool="conan",
        version="2.25.1",
        python_specifier=">=3.8",
        environment="/home/me/.local/share/devtool/environments/conan-2.25.1",
        shim="/home/me/.local/share/devtool/bin/conan",
        reason="this checkout needs Conan `==2.25.1` (scripts/3rdparty_build.sh:94)",
    )


def test_conan_2_on_a_conan_1_checkout_says_how_the_build_would_die() -> None:
    finding = seen(ended("Conan version 2.25.1\n"), OLD)

    assert finding.severity == "failure"
    assert finding.summary == (
        "conan 2.25.1 is here, and this checkout needs Conan 1 (`==1.61.0`, scripts/install_deps.sh:60): "
        "a Conan 2 dies on this checkout's recipes and scripts with "
        "`unrecognized arguments: --install-folder`"
    )


def test_conan_1_on_a_conan_2_checkout_says_why_it_cannot_work() -> None:
    finding = seen(ended("Conan version 1.66.0\n"), NEW)

    assert finding.severity == "failure"
    assert "this checkout needs Conan 2 (`==2.25.1`, scripts/3rdparty_build.sh:94)" in finding.summary
    assert "`required_conan_version`" in finding.summary


def test_the_right_major_in_another_version_is_held_against_the_pin() -> None:
    finding = seen(ended("Conan version 2.3.0\n"), NEW)

    assert finding.summary == "conan 2.3.0 does not satisfy `==2.25.1` (scripts/3rdparty_build.sh:94)"


@pytest.mark.parametrize(("confidence", "severity"), [("enforced", "failure"), ("pinned", "warning")])
def test_another_version_of_the_right_major_stops_only_a_build_that_tests_it(
    confidence: str, severity: str
) -> None:
    wanted = need("conan", "==1.64.1", confidence=confidence)

    finding = seen(ended("Conan version 1.66.0\n"), wanted)

    assert finding.severity == severity


def test_an_older_conan_than_the_pin_is_a_failure_even_where_no_script_tests_it() -> None:
    finding = seen(ended("Conan version 1.59.0\n"), OLD)

    assert finding.severity == "failure"
    assert finding.summary == "conan 1.59.0 does not satisfy `==1.61.0` (scripts/install_deps.sh:60)"
    assert environment(finding).version == "1.61.0"


@pytest.mark.parametrize("module", ["imp", "distutils"])
def test_a_conan_whose_python_lost_a_module_is_broken_not_missing(module: str) -> None:
    finding = seen(ended(stderr=TRACEBACK.replace("imp'", f"{module}'"), status=1), OLD)

    assert finding.severity == "failure"
    assert finding.summary == (
        "conan is here and cannot run: its interpreter `/home/me/venv/bin/python3.12` is Python 3.12, "
        f"which has no `{module}`"
    )
    assert finding.evidence == ("/usr/bin/conan", f"No module named '{module}'")
    assert environment(finding).python_specifier == "<3.12"


@pytest.mark.parametrize(
    ("script", "interpreter"),
    [
        (
            '#!/bin/sh\n\'\'\'exec\' "/home/my self/venv/bin/python" "$0" "$@"\n',
            "/home/my self/venv/bin/python",
        ),
        ("#!/usr/bin/env python3\n", "/usr/bin/python3"),
        ("\x7fELF", "/home/me/venv/bin/python"),
        ("", "/home/me/venv/bin/python"),
    ],
)
def test_the_interpreter_is_read_from_every_form_of_script(script: str, interpreter: str) -> None:
    process = FakeProcess(
        {"conan --version": ended(stderr=TRACEBACK, status=1)},
        {"conan": "/usr/bin/conan", "python3": "/usr/bin/python3"},
    )
    system = fake_system(process=process, files=FakeFiles(executables={"/usr/bin/conan": script}))

    finding = examined(CONAN, system, needs(OLD))

    assert f"its interpreter `{interpreter}` is Python 3.12" in finding.summary


def test_a_conan_whose_interpreter_is_gone_is_a_failure_that_names_it() -> None:
    process = FakeProcess({"conan --version": ABSENT}, {"conan": "/usr/bin/conan"})
    system = fake_system(process=process, files=FakeFiles(executables={"/usr/bin/conan": SCRIPT}))

    finding = examined(CONAN, system, needs(NEW))

    assert finding.severity == "failure"
    assert finding.summary == (
        "`/usr/bin/conan` cannot be started: its interpreter `/home/me/venv/bin/python3.12` is gone"
    )


def test_any_other_death_is_unknown() -> None:
    finding = seen(ended(stderr="ModuleNotFoundError: No module named 'requests'", status=1), NEW)

    assert (finding.severity, finding.summary) == ("unknown", "`conan --version` exited with status 1")


def test_a_conan_that_hangs_is_unknown() -> None:
    finding = seen(HANGS, NEW)

    assert (finding.severity, finding.summary) == ("unknown", "`conan --version` did not answer within 5 s")


def test_output_that_is_no_version_is_unknown() -> None:
    finding = seen(ended("hello 1.2.3"), NEW)

    assert finding.severity == "unknown"


@pytest.mark.parametrize(
    ("specifier", "version", "python"),
    [
        ("==1.58.0", "1.58.0", "<3.12"),
        ("==1.61.0", "1.61.0", "<3.12"),
        ("==1.64.1", "1.64.1", ">=3.8"),
        ("<2", "1.66.0", ">=3.8"),
        (">=2.0", "2.25.1", ">=3.8"),
        ("==2.25.1", "2.25.1", ">=3.8"),
    ],
)
def test_the_environment_holds_a_version_that_fits_on_a_python_it_lives_on(
    specifier: str, version: str, python: str
) -> None:
    action = environment(seen(ABSENT, need("conan", specifier)))

    assert (action.version, action.python_specifier) == (version, python)


@pytest.mark.parametrize(("specifier", "wanted"), [("<2", 1), (">=2.0", 2), (">=1.64,<2", 1), ("==2.*", 2)])
def test_a_range_that_allows_one_major_names_it(specifier: str, wanted: int) -> None:
    other = {1: "2.25.1", 2: "1.66.0"}[wanted]

    finding = seen(ended(f"Conan version {other}"), need("conan", specifier))

    assert f"this checkout needs Conan {wanted} " in finding.summary


def test_the_probe_leaves_nothing_behind() -> None:
    files = FakeFiles(executables={"/usr/bin/conan": SCRIPT})
    before = dict(files.content)

    seen(ended("Conan version 2.25.1\n"), NEW, files=files)

    assert files.content == before
    assert files.folders == set()


def test_conan_cmd_is_examined_where_the_build_reads_it() -> None:
    checkout = FakeFiles({"/checkout/scripts/3rdparty_build.sh": 'CONAN="${CONAN_CMD:-conan}"\n'})
    process = FakeProcess({"conan-2 --version": ended("Conan version 2.25.1")}, {"conan-2": "/bin/conan-2"})
    env = {"HOME": "/home/me", "CONAN_CMD": "conan-2"}

    finding = examined(CONAN, fake_system(process=process, files=checkout, env=env), needs(NEW))

    assert (finding.severity, finding.evidence[0]) == ("ok", "/bin/conan-2")


def test_conan_cmd_is_passed_over_where_the_build_does_not_read_it() -> None:
    checkout = FakeFiles({"/checkout/scripts/3rdparty_build.sh": "conan install\n"})
    process = FakeProcess({"conan --version": ended("Conan version 1.66.0")}, {"conan": "/bin/conan"})
    env = {"HOME": "/home/me", "CONAN_CMD": "conan-2"}

    finding = examined(CONAN, fake_system(process=process, files=checkout, env=env), needs(NEW))

    assert finding.summary.startswith("conan 1.66.0 is here")


def test_a_wrong_conan_cmd_is_to_be_unset_first() -> None:
    checkout = FakeFiles({"/checkout/scripts/3rdparty_build.sh": 'CONAN="${CONAN_CMD:-conan}"\n'})
    process = FakeProcess({"conan-1 --version": ended("Conan version 1.66.0")})
    env = {"HOME": "/home/me", "CONAN_CMD": "conan-1"}

    finding = examined(CONAN, fake_system(process=process, files=checkout, env=env), needs(NEW))

    assert finding.remedies[0].summary == "`unset CONAN_CMD`: the build calls `conan-1` because of it"


def test_a_need_that_could_not_be_read_is_no_verdict_on_conan() -> None:
    finding = seen(ended("Conan version 2.25.1"), need("conan", None, confidence="unknown", source=None))

    assert finding.summary == "conan 2.25.1; what this checkout needs could not be read"


def test_without_a_home_there_is_no_environment_to_offer() -> None:
    process = FakeProcess({"conan --version": ABSENT})

    finding = examined(CONAN, fake_system(process=process, env={}), needs(NEW))

    assert [remedy.actions for remedy in finding.remedies] == [()]
    assert finding.remedies[0].summary == 'install a Conan that fits: `pipx install "conan==2.25.1"`'


def test_no_conan_is_asked_for_before_there_was_one() -> None:
    before = Needs("milvus", "/checkout", (need("conan", None, needed=False),))

    assert not CONAN.applies(LINUX, before)
