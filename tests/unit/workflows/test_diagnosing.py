"""From logs to a diagnosis: what is named first, how sure it is here, and what is shown of it."""

from __future__ import annotations

from functools import cache

import pytest

from devtool.errors import InputError
from devtool.model.command import Answer
from devtool.model.diagnosis import Cure, Diagnosis, Excerpt, FailureFinding, State, UnknownError
from devtool.system import System
from devtool.workflows.diagnosing import diagnose
from devtool.workflows.known_failures import own_entries
from tests.fixtures.eras import BRANCH_2_6, MASTER, Files
from tests.support import FakeConsole, FakeFiles, FakeMachine, FakeProcess, ended, fake_system
from tests.support.process import ABSENT

KNOWLEDGE = "/checkout/.devtool/knowledge"
ALPHA, BETA = "alpha cannot frobnicate its segments", "beta cannot read what alpha wrote"
NOTED = "gamma writes more slowly than it could"
FOUND, OLD = ended("cmake version 3.28.3\n"), ended("cmake version 3.16.0\n")
TOO_OLD = "cmake 3.16.0 does not satisfy `>=3.26` (scripts/install_deps.sh:1)"


def known(pattern: str, **keys: str) -> str:
    """A knowledge file, with further keys as TOML writes their values."""
    extra = "".join(f"{key} = {value}\n" for key, value in keys.items())
    return f'title = "T"\nsummary = "S"\ncause = "C"\npatterns = ["{pattern}"]\n{extra}'


PROJECT = {
    "alpha": known(ALPHA),
    "beta": known(BETA, follows='["alpha"]'),
    "gamma": known(NOTED, severity='"warning"'),
}


@cache
def kept() -> tuple[tuple[str, bytes], ...]:
    """Our own knowledge as it is kept between runs, so that it is parsed once."""
    files = FakeFiles()
    own_entries(fake_system(files=files))
    return tuple(files.content.items())


def machine(
    *logs: str | bytes,
    project: dict[str, str] | None = None,
    checkout: Files | None = None,
    cmake: Answer | None = None,
    files: dict[str, str] | None = None,
    uname: tuple[str, str, str] = ("Linux", "6.1.0", "x86_64"),
    answers: dict[str, Answer] | None = None,
) -> System:
    """A machine with these logs, `0`, `1` and so on, in a checkout that knows these failures."""
    content: dict[str, str | bytes] = {
        **dict(kept()),
        "/checkout/.git/HEAD": "ref: refs/heads/main\n",
        "/etc/os-release": "ID=debian\nVERSION_ID=12\n",
        **{f"/checkout/{path}": text for path, text in (checkout or {}).items()},
        **{
            f"{KNOWLEDGE}/{name}.toml": text
            for name, text in (PROJECT if project is None else project).items()
        },
        **{f"/checkout/{number}": log for number, log in enumerate(logs)},
        **(files or {}),
    }
    given = {**(answers or {}), **({} if cmake is None else {"cmake --version": cmake})}
    programs = {
        name: f"/usr/bin/{name}"
        for line, answer in given.items()
        if (name := line.split()[0]) and answer is not ABSENT
    }
    return fake_system(
        files=FakeFiles(content), process=FakeProcess(given, programs), machine=FakeMachine(uname=uname)
    )


def told(diagnosis: Diagnosis) -> list[tuple[str, bool, State, int, str | None]]:
    return [(each.id, each.primary, each.state, each.count, each.follows) for each in diagnosis.findings]


def diagnosed(*logs: str, **place: object) -> Diagnosis:
    """What the logs say, without a look at the machine."""
    system = machine(*logs, **place)
    return diagnose(system, [str(number) for number in range(len(logs))], here=False)


def held(log: str, **place: object) -> tuple[FailureFinding, ...]:
    """What this machine and checkout say of the failures in a log."""
    system = machine(log, **place)
    diagnosis = diagnose(system, ["0"], here=True)
    assert diagnosis.confirmed_here
    assert isinstance(system.process, FakeProcess)
    system.process.assert_used()
    return diagnosis.findings


def states(*found: FailureFinding) -> list[tuple[str, State, tuple[str, ...]]]:
    return [(each.id, each.state, each.evidence) for each in found]


def test_a_diagnosis_holds_everything_that_is_known_of_a_failure() -> None:
    text = (
        known(ALPHA, wrong='"Not so."', links='["https://x.example/1"]')
        + '[[remedy]]\ntext = "Do it."\ncommands = ["do it"]\n'
    )

    assert diagnosed(f"one\ntwo\nthree\n{ALPHA}\n5\n6\n7\n8\n9\n", project={"alpha": text}) == Diagnosis(
        findings=(
            FailureFinding(
                id="alpha",
                severity="failure",
                primary=True,
                state="suspected",
                count=1,
                excerpt=Excerpt("0", 4, 2, ("two", "three", ALPHA, "5", "6", "7", "8")),
                summary="S",
                cause="C",
                cures=(Cure("Do it.", ("do it",)),),
                wrong="Not so.",
                links=("https://x.example/1",),
                knowledge=f"{KNOWLEDGE}/alpha.toml",
            ),
        ),
        unrecognised=(),
        sources=("0",),
        lines=9,
        failed=True,
    )


def test_the_root_comes_first_and_is_the_only_primary() -> None:
    assert told(diagnosed("\n".join([NOTED, ALPHA, BETA, ALPHA]))) == [
        ("alpha", True, "suspected", 2, None),
        ("beta", False, "suspected", 1, "alpha"),
        ("gamma", False, "suspected", 1, None),
    ]


def test_a_failure_in_several_logs_is_counted_over_all_and_shown_in_the_first() -> None:
    diagnosis = diagnosed(f"one\n{BETA}\n", f"{ALPHA}\n{BETA}\n{BETA}\n")

    assert told(diagnosis) == [
        ("beta", True, "suspected", 3, None),
        ("alpha", False, "suspected", 1, None),
    ]
    assert [(each.excerpt.source, each.excerpt.line) for each in diagnosis.findings] == [("0", 2), ("1", 1)]
    assert (diagnosis.sources, diagnosis.lines) == (("0", "1"), 5)


@pytest.mark.parametrize(
    ("log", "failed", "status"),
    [
        ("all is well\n", False, 0),
        (f"{ALPHA}\nJob succeeded\n", False, 0),
        ("flurbl.c:3: error: no such segment\n", True, 0),
        (f"{ALPHA}\n", True, 1),
        (f"{NOTED}\n", False, 1),
        (f"{NOTED}\nmake: *** [Makefile:3: all] Error 1\n", True, 1),
    ],
)
def test_the_exit_status_says_whether_a_known_failure_was_recognised(
    log: str, failed: bool, status: int
) -> None:
    diagnosis = diagnosed(log)

    assert (diagnosis.failed, diagnosis.exit_status) == (failed, status)


def test_an_error_that_nothing_explains_is_shown_with_a_file_to_fill_in() -> None:
    log = "ok\nflurbl.c:3: error: frobnicated segments overlap\nflurbl.c:4: error: no\n"

    diagnosis = diagnosed(log)

    lines = tuple(log.splitlines())
    assert diagnosis.unrecognised == (UnknownError(Excerpt("0", 2, 1, lines), 1, 1),)
    assert diagnosis.template == (
        'title = "flurbl.c:3: error: frobnicated segments overlap"\n'
        'summary = "flurbl.c:3: error: frobnicated segments overlap"\n'
        'cause = "Nobody has written down yet why this happens."\n'
        'patterns = ["frobnicated segments overlap"]\n'
        "\n[[example]]\n"
        f"log = '''\n{log}'''\n"
    )


def test_a_failed_log_with_nothing_but_a_warning_shows_its_errors_too() -> None:
    diagnosis = diagnosed(f"{NOTED}\nflurbl.c:3: error: no such segment\n")

    assert [each.id for each in diagnosis.findings] == ["gamma"]
    assert [each.excerpt.line for each in diagnosis.unrecognised] == [2]


def test_errors_beside_a_known_failure_are_not_shown_unless_their_log_is_another() -> None:
    error = "flurbl.c:3: error: no such segment\n"

    diagnosis = diagnosed(f"{error}{ALPHA}\n", error)

    assert [each.id for each in diagnosis.findings] == ["alpha"]
    assert [each.excerpt.source for each in diagnosis.unrecognised] == ["1"]


@pytest.mark.parametrize(
    "line",
    [
        f"PASSWORD=hunter2hunter2 {ALPHA}",
        f"{ALPHA} https://me:hunter2hunter2@host.example/{'x' * 400}",
        f"{ALPHA} {'x' * 310} https://me:hunter2hunter2hunter2hunter2@host.example/",
        f"{'x' * 300} --token hunter2hunter2{'hunter2' * 30} {ALPHA}",
        f"{'x' * 300} https://me:hunter2{'hunter2' * 20}@h.example {ALPHA}",
        f"{'x' * 2500} Authorization: Bearer hunter2{'hunter2' * 20} {ALPHA}",
        f"PASS\x1b[1mWORD=hunter2hunter2 {ALPHA}",
        f"PASS\u200bWORD=hunter2hunter2 {ALPHA}",
    ],
    ids=["before", "behind", "where it is cut", "a token", "an address", "a long line", "coloured", "unseen"],
)
def test_no_part_of_a_secret_is_shown_however_the_line_is_cut(line: str) -> None:
    for log in (f"{line}\n", f"{line.replace(ALPHA, 'none')}\n{ALPHA}\n{line.replace(ALPHA, 'none')}\n"):
        (finding,) = diagnosed(log).findings

        assert ALPHA in finding.excerpt.said
        assert "hunter2" not in repr(finding)


def test_no_secret_reaches_an_unknown_error_or_its_file() -> None:
    diagnosis = diagnosed("error: frobnicator refused token=hunter2hunter2 of the segments\n")

    assert len(diagnosis.unrecognised) == 1
    assert diagnosis.template is not None
    assert "hunter2" not in repr(diagnosis)


def test_what_is_shown_has_its_line_where_the_excerpt_says_it() -> None:
    for before in range(4):
        (finding,) = diagnosed("filler\n" * before + f"\x1b[31m{ALPHA}\x1b[0m\r\n").findings

        assert (finding.excerpt.line, finding.excerpt.said) == (before + 1, ALPHA)


CHECKED = {"alpha": known(ALPHA, checks='["cmake"]')}


@pytest.mark.parametrize(
    ("cmake", "state", "evidence"),
    [
        (OLD, "confirmed", (f"cmake: {TOO_OLD}",)),
        (FOUND, "refuted", ("cmake: cmake 3.28.3",)),
        (
            ended("gibberish\n"),
            "suspected",
            ("cmake: `cmake --version` printed no version that we can read",),
        ),
    ],
)
def test_the_checks_that_a_failure_names_decide_how_sure_it_is(
    cmake: Answer, state: State, evidence: tuple[str, ...]
) -> None:
    found = held(ALPHA, project=CHECKED, checkout=MASTER, cmake=cmake)

    assert states(*found) == [("alpha", state, evidence)]
    assert found[0].primary


def test_a_check_that_does_not_apply_here_says_nothing() -> None:
    assert states(*held(ALPHA, project=CHECKED)) == [("alpha", "suspected", ())]


def test_a_failure_that_names_no_check_stays_suspected() -> None:
    assert states(*held(ALPHA, checkout=MASTER)) == [("alpha", "suspected", ())]


@pytest.mark.parametrize(
    ("says", "state"),
    [("does not satisfy '>=<version>'", "confirmed"), ("is not on PATH", "suspected")],
)
def test_a_red_check_confirms_only_by_what_it_must_say(says: str, state: State) -> None:
    project = {"alpha": known(ALPHA, checks='["cmake"]', says=f'{{ cmake = "{says}" }}')}

    found = held(ALPHA, project=project, checkout=MASTER, cmake=OLD)

    assert states(*found) == [("alpha", state, (f"cmake: {TOO_OLD}",))]


def test_one_red_check_of_several_confirms_and_is_the_evidence() -> None:
    project = {"alpha": known(ALPHA, checks='["cmake", "ninja"]')}

    found = held(
        ALPHA, project=project, checkout=MASTER, cmake=OLD, answers={"ninja --version": ended("1.11.1")}
    )

    assert states(*found) == [("alpha", "confirmed", (f"cmake: {TOO_OLD}",))]


def test_checks_refute_only_when_all_of_them_are_green() -> None:
    project = {"alpha": known(ALPHA, checks='["cmake", "ninja"]')}
    unreadable = {"ninja --version": ended("gibberish")}
    green = {"ninja --version": ended("1.11.1")}

    doubtful = held(ALPHA, project=project, checkout=MASTER, cmake=FOUND, answers=unreadable)
    refuted = held(ALPHA, project=project, checkout=MASTER, cmake=FOUND, answers=green)

    assert [each.state for each in (*doubtful, *refuted)] == ["suspected", "refuted"]
    assert refuted[0].evidence == ("cmake: cmake 3.28.3", "ninja: ninja 1.11.1")


@pytest.mark.parametrize(("cmake", "state"), [(FOUND, "suspected"), (OLD, "confirmed")])
def test_a_green_check_proves_nothing_about_what_passes_by_itself(cmake: Answer, state: State) -> None:
    project = {"alpha": known(ALPHA, checks='["cmake"]', momentary="true")}

    (found,) = held(ALPHA, project=project, checkout=MASTER, cmake=cmake)

    assert (found.state, found.evidence) == (state, () if state == "suspected" else (f"cmake: {TOO_OLD}",))


def test_a_failure_of_another_system_is_refuted_without_asking_its_checks() -> None:
    project = {"alpha": known(ALPHA, only='{ os = ["macos"] }')}

    assert states(*held(ALPHA, project=project)) == [("alpha", "refuted", ("this happens only on macOS",))]
    assert states(*diagnosed(ALPHA, project=project).findings) == [("alpha", "suspected", ())]


@pytest.mark.parametrize(
    ("checkout", "state", "evidence"),
    [
        (MASTER, "refuted", ("this happens only where the checkout needs conan <2",)),
        (BRANCH_2_6, "suspected", ()),
        ({}, "suspected", ()),
    ],
    ids=["master", "2.6", "no project"],
)
def test_a_failure_of_another_era_is_refuted_by_what_the_checkout_needs(
    checkout: Files, state: State, evidence: tuple[str, ...]
) -> None:
    project = {"alpha": known(ALPHA, only='{ needs = { conan = "<2" } }')}

    assert states(*held(ALPHA, project=project, checkout=checkout)) == [("alpha", state, evidence)]


@pytest.mark.parametrize(("here", "unknown"), [(True, [30]), (False, [])])
def test_a_line_that_is_refuted_is_not_called_unknown_too_and_what_comes_far_below_it_is(
    here: bool, unknown: list[int]
) -> None:
    project = {"alpha": known(ALPHA, only='{ os = ["macos"] }')}
    log = "\n".join((f"error: {ALPHA}", *["on"] * 28, "error: something else", "make: *** [all] Error 1"))

    diagnosis = diagnose(machine(log, project=project), ["0"], here=here)

    assert [each.excerpt.line for each in diagnosis.unrecognised] == unknown


def test_what_is_refuted_goes_last_and_nothing_follows_from_it() -> None:
    project = {
        "alpha": known(ALPHA, only='{ os = ["macos"] }'),
        "beta": known(BETA, follows='["alpha"]'),
        "gamma": known(NOTED, severity='"warning"'),
        "delta": known("delta gave up as well"),
    }

    found = held(f"{NOTED}\n{ALPHA}\n{BETA}\ndelta gave up as well\n", project=project)

    assert [(each.id, each.primary, each.state, each.follows) for each in found] == [
        ("beta", True, "suspected", None),
        ("delta", False, "suspected", None),
        ("gamma", False, "suspected", None),
        ("alpha", False, "refuted", None),
    ]


def test_where_everything_is_refuted_the_first_is_primary_still_and_the_errors_are_shown() -> None:
    project = {"alpha": known(ALPHA, only='{ os = ["macos"] }')}
    system = machine(f"{ALPHA}\nflurbl.c:3: error: no such segment\n", project=project)

    diagnosis = diagnose(system, ["0"], here=True)

    assert [(each.primary, each.state) for each in diagnosis.findings] == [(True, "refuted")]
    assert [each.excerpt.line for each in diagnosis.unrecognised] == [2]
    assert diagnosis.exit_status == 1


REMEDIES = """
[[remedy]]
text = "Brew it."
commands = ["brew install conan"]
os = ["macos"]

[[remedy]]
text = "Take Debian's."
commands = ["apt install conan"]
distribution = ["debian", "ubuntu"]

[[remedy]]
text = "Conan {conan|1.66.0} is what this checkout needs."
commands = ["pipx install 'conan=={conan|1.66.0}'"]
needs = { conan = "<2" }

[[remedy]]
text = "Conan 2."
commands = ["pipx install 'conan=={conan|2.0.0}'"]
needs = { conan = ">=2" }
"""
CURED = {"alpha": known(ALPHA) + REMEDIES}
CONAN_1 = Cure("Conan 1.64.1 is what this checkout needs.", ("pipx install 'conan==1.64.1'",))
CONAN_2 = Cure("Conan 2.", ("pipx install 'conan==2.25.1'",))
APT, BREW = Cure("Take Debian's.", ("apt install conan",)), Cure("Brew it.", ("brew install conan",))


@pytest.mark.parametrize(
    ("checkout", "release", "wanted"),
    [
        (MASTER, "ID=debian\n", (APT, CONAN_2)),
        (BRANCH_2_6, "ID=ubuntu\n", (APT, CONAN_1)),
        (BRANCH_2_6, "ID=fedora\n", (CONAN_1,)),
    ],
)
def test_cures_are_those_of_the_checkout_and_of_the_distribution(
    checkout: Files, release: str, wanted: tuple[Cure, ...]
) -> None:
    (found,) = held(ALPHA, project=CURED, checkout=checkout, files={"/etc/os-release": release})

    assert found.cures == wanted


def test_cures_are_those_of_the_system() -> None:
    answers = {
        "/usr/bin/sw_vers -productVersion": ended("14.4\n"),
        "/usr/sbin/sysctl hw.memsize sysctl.proc_translated": ended("hw.memsize: 17179869184\n"),
    }
    system = machine(
        ALPHA, project=CURED, checkout=MASTER, uname=("Darwin", "23.4.0", "arm64"), answers=answers
    )

    (found,) = diagnose(system, ["0"], here=True).findings

    assert found.cures == (BREW, CONAN_2)


def test_without_a_place_every_cure_is_told_with_its_condition_and_default() -> None:
    (found,) = diagnosed(ALPHA, project=CURED, checkout=MASTER).findings

    assert [(each.condition, each.commands) for each in found.cures] == [
        ("on macOS", ("brew install conan",)),
        ("on Debian or Ubuntu", ("apt install conan",)),
        ("where the checkout needs conan <2", ("pipx install 'conan==1.66.0'",)),
        ("where the checkout needs conan >=2", ("pipx install 'conan==2.0.0'",)),
    ]


def test_a_known_failure_of_ours_is_confirmed_on_either_side_of_the_change_to_conan_2() -> None:
    log = "scripts/3rdparty_build.sh: line 94: conan: command not found\n"
    found = [
        held(log, project={}, checkout=checkout, answers={"conan --version": ABSENT})[0]
        for checkout in (MASTER, BRANCH_2_6)
    ]

    commands = [[line for cure in each.cures for line in cure.commands] for each in found]
    assert [each.state for each in found] == ["confirmed", "confirmed"]
    assert ["pipx install 'conan==2.25.1'" in each for each in commands] == [True, False]
    assert ["pipx install 'conan==1.64.1'" in each for each in commands] == [False, True]


def test_a_broken_file_of_the_projects_knowledge_is_passed_over_and_told_of() -> None:
    system = machine(f"{ALPHA}\n{NOTED}\n", project={**PROJECT, "alpha": "title ="})

    found = diagnose(system, ["0"], here=False)

    assert [each.id for each in found.findings] == ["gamma"]
    console = system.console
    assert isinstance(console, FakeConsole)
    assert [note.partition(": it is not TOML")[0] for note in console.notes] == [
        "devtool: passed over: `.devtool/knowledge/alpha.toml`"
    ]


def test_a_log_that_is_not_there_is_bad_input() -> None:
    with pytest.raises(InputError, match="there is no `/checkout/none`"):
        diagnose(machine(), ["none"], here=False)


def test_standard_input_is_named_as_a_dash() -> None:
    system = fake_system(
        files=FakeFiles(dict(kept())),
        console=FakeConsole(typed=(b"bash: line 1: go: comm", b"and not found\n")),
    )

    diagnosis = diagnose(system, ["-"], here=False)

    assert [(each.id, each.excerpt) for each in diagnosis.findings] == [
        ("go-not-found", Excerpt("-", 1, 1, ("bash: line 1: go: command not found",)))
    ]
