"""`devtool learn` from a log to a file that holds, and the proof of the files that are there."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from devtool.cli import run
from devtool.errors import DevtoolError, InputError
from devtool.knowledge.pattern import Template
from devtool.knowledge.reading import read
from devtool.system import System
from devtool.workflows.learning import Wish, check, learn, write
from tests.support import FakeConsole, FakeFiles, fake_system

LOG = """\
[1/20] Compiling foo
widget-gen: error: schema registry at /opt/reg/17 speaks protocol v4, this build needs v7
widget-gen: see the manual
make[1]: *** [Makefile:12: gen] Error 3
"""
FOLDER = "/checkout/.devtool/knowledge"
SOUND = """\
title = "The registry is too old"
summary = "the schema registry speaks an older protocol"
cause = "It was not updated."
patterns = ["schema registry at <path> speaks protocol"]

[[example]]
log = "schema registry at /a speaks protocol v4"

[[counterexample]]
log = "schema registry reached"
"""


def checkout(console: FakeConsole | None = None, **files: str) -> System:
    content = {"/checkout/.git/HEAD": "ref: refs/heads/main\n", "/checkout/build.log": LOG}
    knowledge = {f"{FOLDER}/{name.replace('_', '-')}.toml": text for name, text in files.items()}
    return fake_system(files=FakeFiles({**content, **knowledge}), console=console)


def test_the_first_error_that_nothing_explains_becomes_a_file_that_names_it() -> None:
    system = checkout()

    lesson = learn(system, "build.log", Wish())
    write(system, lesson)

    assert (lesson.line, lesson.examples > 200) == (2, True)
    assert lesson.path == f"{FOLDER}/{lesson.failure_id}.toml"
    console = FakeConsole()
    known = System(**{**vars(system), "console": console})
    assert run(["diagnose", "build.log", "--format", "json"], known) == 1
    found = json.loads(console.results[0])["findings"]
    assert [(each["id"], each["line"], each["primary"]) for each in found] == [(lesson.failure_id, 2, True)]
    assert [wrong for _, wrong in check(system)] == [[]]


def test_what_the_person_says_stands_in_the_file() -> None:
    wish = Wish(
        3, "widget-manual", "The manual is due", "Nobody read it.", "Read `manual.pdf`.", "/tmp/w.toml"
    )

    lesson = learn(checkout(), "build.log", wish)

    known = read(lesson.text, lesson.failure_id, lesson.path)
    assert (lesson.path, lesson.line, known.id) == ("/tmp/w.toml", 3, "widget-manual")
    assert (known.title, known.cause, known.remedies[0].text) == (
        "The manual is due",
        "Nobody read it.",
        "Read `manual.pdf`.",
    )


@pytest.mark.parametrize(
    ("log", "wish", "message"),
    [
        ("bash: line 4: go: command not found\n", Wish(), "a failure that is known already: go-not-found"),
        ("all is well\n", Wish(), "nothing in `build.log` looks like an error"),
        (LOG, Wish(9), "`build.log` has 4 lines, not 9"),
        ("a\n\nb\n", Wish(2), "line 2 of `build.log` is empty"),
        ("Error 1\n", Wish(1), "line 1 says too little"),
        (LOG, Wish(failure_id="Not An Id"), "`Not An Id` is no id"),
        (LOG, Wish(failure_id="go-not-found"), "`go-not-found` is the id of a failure that is known already"),
    ],
)
def test_what_cannot_be_learned_is_said_in_one_line(log: str, wish: Wish, message: str) -> None:
    system = checkout()
    system.files.write("/checkout/build.log", log.encode())

    with pytest.raises(DevtoolError) as error:
        learn(system, "build.log", wish)

    assert message in error.value.message
    assert error.value.hint


def test_nobodys_file_is_written_over() -> None:
    system = checkout()
    lesson = learn(system, "build.log", Wish(output="mine.toml"))
    system.files.write("/checkout/mine.toml", b"precious")

    with pytest.raises(InputError, match=r"mine.toml` is there already"):
        write(system, lesson)

    assert system.files.read_bytes("/checkout/mine.toml") == b"precious"


def test_a_secret_in_the_log_does_not_reach_the_file() -> None:
    system = checkout()
    said = "widget-gen: error: schema registry refused token=abcdef0123456789 of frobnicator\n"
    system.files.write("/checkout/build.log", said.encode())

    lesson = learn(system, "build.log", Wish())

    assert "abcdef0123456789" not in lesson.text
    assert Template(lesson.pattern).regex.search(said)


class _InPieces(FakeFiles):
    def pieces(self, path: str) -> Iterator[bytes]:
        for content in super().pieces(path):
            yield from (content[at : at + 64] for at in range(0, len(content), 64))


def test_of_a_line_of_megabytes_the_beginning_is_learned_from() -> None:
    said = "widget-gen: error: schema registry refused the frobnicator of "
    log = f"one\n{said}{'x' * 4_000_000}\n{LOG}"
    system = fake_system(files=_InPieces({"/checkout/.git/HEAD": "", "/checkout/build.log": log}))

    lesson = learn(system, "build.log", Wish(2))

    assert Template(lesson.pattern).regex.search(said)
    assert (lesson.line, len(lesson.said), len(lesson.text) < 10_000) == (2, 4096, True)


@pytest.mark.parametrize(("line", "told"), [(None, True), (1, False)])
def test_a_line_that_only_followed_is_learned_from_with_a_warning(line: int | None, told: bool) -> None:
    log = "frobd: licence server refused handshake\nmake: *** [Makefile:3: frob] Error 77\n"
    content = {"/checkout/.git/HEAD": "ref: refs/heads/main\n", "/checkout/build.log": log}
    console = FakeConsole()
    system = fake_system(console=console, files=FakeFiles(content))

    assert run(["learn", "build.log", "--dry-run", *(["--line", str(line)] if line else [])], system) == 0

    assert ("line 2 only says that something before it failed" in console.notes) is told


def test_lines_are_counted_wherever_the_pieces_of_a_log_end() -> None:
    content = {"/checkout/.git/HEAD": "", "/checkout/build.log": "a\n\n" * 100 + LOG}
    system = fake_system(files=_InPieces(content))

    assert learn(system, "build.log", Wish()).line == 202
    assert learn(system, "build.log", Wish(202)).line == 202


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (SOUND, []),
        (SOUND.replace("speaks protocol v4", "is silent"), ["example 1 is not recognised"]),
        (f'checks = ["cmake", "weather"]\n{SOUND}', ["`weather` is no check of `devtool doctor`"]),
        (
            SOUND.replace('log = "schema registry reached"', 'log = "schema registry at /b speaks protocol"'),
            ["counterexample 1 names `registry` in place of nothing"],
        ),
    ],
)
def test_the_projects_own_files_are_held_against_their_examples(text: str, wrong: list[str]) -> None:
    assert [(known.id, found) for known, found in check(checkout(registry=text))] == [("registry", wrong)]


def test_a_pattern_that_also_names_what_others_know_is_a_fault() -> None:
    greedy = SOUND.replace("schema registry at <path> speaks protocol", "command not found")
    greedy = greedy.replace("schema registry at /a speaks protocol v4", "frob: command not found")

    [(_, wrong)] = check(checkout(registry=greedy))

    assert any(each.startswith("its patterns also name go-not-found") for each in wrong)


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["learn", "build.log"], 0, f"{FOLDER}/widget-gen-schema-registry-speaks.toml"),
        (["learn", "build.log", "--dry-run"], 0, 'patterns = ["widget-gen: error: schema registry'),
        (["learn", "--check"], 2, ""),
        (["learn"], 2, ""),
        (["learn", "-"], 2, ""),
        (["learn", "build.log", "--check"], 2, ""),
        (["learn", "missing.log"], 2, ""),
    ],
)
def test_the_command_says_what_it_did(
    arguments: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    console = FakeConsole()

    assert run(arguments, checkout(console)) == status

    assert said in "\n".join(console.results)
    if status == 2:
        assert 1 <= len(capsys.readouterr().err.splitlines()) <= 2


def test_the_check_lists_every_file_and_fails_for_a_wrong_one() -> None:
    console = FakeConsole()
    wrong = SOUND.replace("speaks protocol v4", "is silent")

    status = run(["learn", "--check"], checkout(console, registry=SOUND, other=wrong))

    assert status == 1
    assert console.results[0] == "FAIL  other"
    assert "      example 1 is not recognised" in console.results
