"""A knowledge file is read whole, and every mistake in one is told by its place and with a way out."""

from __future__ import annotations

import pytest

from devtool.errors import InputError
from devtool.knowledge.failure import Conditions, KnownFailure, KnownRemedy, Pattern, Sample
from devtool.knowledge.library import own_failures
from devtool.knowledge.reading import read

PLACE = ".devtool/knowledge/old-registry.toml"
HEAD = """\
title = "The registry is too old"
summary = "the schema registry speaks an older protocol"
cause = "It was not updated."
"""
PATTERNS = 'patterns = ["schema registry at <url> speaks"]\n'
REFUSED = '[[pattern]]\ntext = "registry refused"\n'
REMEDY = PATTERNS + '[[remedy]]\ntext = "a"\n'
ONLY = PATTERNS + "[only]\n"
EXAMPLE = PATTERNS + "[[example]]\n"
WHOLE = """\
title = " The registry is too old "
summary = "the schema registry speaks an older protocol"
group = "network"
severity = "warning"
cause = '''
It was not
updated.
'''
wrong = '''Building
  again.'''
follows = ["network-dns-failure"]
transient = true
checks = ["proxy", "conan"]
says = { proxy = "does not answer" }
momentary = true
links = ["https://github.com/owner/project/issues/1"]
patterns = ["schema registry at <url> speaks"]

[[pattern]]
text = "registry refused"
start = true
near = ["schema registry"]
without = ["retrying"]
lines = 40

[only]
os = ["linux"]
distribution = ["debian"]
needs = { conan = "<2" }

[[remedy]]
text = '''
Update the
registry.
'''
commands = ["pipx install 'conan=={conan|1.66.0}'"]
os = ["linux", "macos"]
distribution = ["ubuntu"]
needs = { go = ">=1.21" }

[[remedy]]
text = "Wait."

[[example]]
log = '''
  schema registry at https://r.example speaks 3
'''
found = ["network-dns-failure"]
primary = "network-dns-failure"

[[counterexample]]
log = "schema registry speaks up"
why = "no address is named"
"""


def mistake(text: str, failure_id: str = "old-registry") -> tuple[str, str | None]:
    """What is said about the file, without its name, and the way out."""
    with pytest.raises(InputError) as error:
        read(text, failure_id, PLACE)
    start = f"`{PLACE}`: "
    assert error.value.message.startswith(start)
    assert "\n" not in error.value.message
    return error.value.message.removeprefix(start), error.value.hint


def test_everything_that_a_file_may_say_is_read() -> None:
    assert read(WHOLE, "old-registry", PLACE, "/checkout/old-registry.toml") == KnownFailure(
        id="old-registry",
        title="The registry is too old",
        summary="the schema registry speaks an older protocol",
        group="network",
        severity="warning",
        cause="It was not updated.",
        patterns=(
            Pattern("schema registry at <url> speaks"),
            Pattern(
                "registry refused", start=True, near=("schema registry",), without=("retrying",), lines=40
            ),
        ),
        remedies=(
            KnownRemedy(
                "Update the registry.",
                ("pipx install 'conan=={conan|1.66.0}'",),
                Conditions(("linux", "macos"), ("ubuntu",), {"go": ">=1.21"}),
            ),
            KnownRemedy("Wait."),
        ),
        wrong="Building again.",
        follows=("network-dns-failure",),
        transient=True,
        checks=("proxy", "conan"),
        says={"proxy": "does not answer"},
        momentary=True,
        only=Conditions(("linux",), ("debian",), {"conan": "<2"}),
        links=("https://github.com/owner/project/issues/1",),
        examples=(
            Sample(
                "  schema registry at https://r.example speaks 3\n",
                ("network-dns-failure",),
                "network-dns-failure",
            ),
        ),
        counterexamples=(Sample("schema registry speaks up", why="no address is named"),),
        path="/checkout/old-registry.toml",
    )


def test_what_a_file_leaves_out_has_its_default() -> None:
    assert read(HEAD + PATTERNS, "old-registry", PLACE) == KnownFailure(
        id="old-registry",
        title="The registry is too old",
        summary="the schema registry speaks an older protocol",
        group="project",
        severity="failure",
        cause="It was not updated.",
        patterns=(Pattern("schema registry at <url> speaks"),),
        remedies=(),
    )


@pytest.mark.parametrize(
    ("key", "form"),
    [
        ("title", "put it in quotes"),
        ("summary", "put it in quotes"),
        ("group", "put it in quotes"),
        ("severity", "put it in quotes"),
        ("cause", "put it in quotes"),
        ("wrong", "put it in quotes"),
        ("follows", "put it in brackets: `[...]`"),
        ("checks", "put it in brackets: `[...]`"),
        ("links", "put it in brackets: `[...]`"),
        ("patterns", "put it in brackets: `[...]`"),
        ("pattern", "put it in brackets: `[...]`"),
        ("remedy", "put it in brackets: `[...]`"),
        ("example", "put it in brackets: `[...]`"),
        ("counterexample", "put it in brackets: `[...]`"),
        ("transient", "without quotes: `true` or `false`"),
        ("momentary", "without quotes: `true` or `false`"),
        ("says", "write `key = value` in braces, or below its name in brackets"),
        ("only", "write `key = value` in braces, or below its name in brackets"),
    ],
)
def test_every_key_has_its_kind(key: str, form: str) -> None:
    kinds = {
        "put it in quotes": "text",
        "put it in brackets: `[...]`": "a list",
        "without quotes: `true` or `false`": "true or false",
    }

    assert mistake(f"{key} = 7\n") == (f"`{key}`: must be {kinds.get(form, 'a table')}", form)


@pytest.mark.parametrize("key", ["title", "summary", "cause"])
@pytest.mark.parametrize("value", [None, '""', '" \\n "'])
def test_a_failure_without_its_texts_is_refused(key: str, value: str | None) -> None:
    kept = [line for line in HEAD.splitlines() if not line.startswith(key)]
    text = "\n".join([*kept, f"{key} = {value}" if value else "", PATTERNS])

    assert mistake(text) == (f"`{key}`: is missing or empty", f'write one: `{key} = "..."`')


@pytest.mark.parametrize(
    ("text", "wrong", "way_out"),
    [
        (REFUSED + 'start = "yes"', "`pattern.start`: must be true or false", ""),
        (REFUSED + 'lines = "3"', "`pattern.lines`: must be a number", ""),
        (REFUSED + 'lines = true', "`pattern.lines`: must be a number", ""),
        (REFUSED + 'lines = 0', "`pattern`: `lines` is 0", "use 1 to 40"),
        (REFUSED + 'lines = 41', "`pattern`: `lines` is 41", "use 1 to 40"),
        (REFUSED + 'near = "x"', "`pattern.near`: must be a list", ""),
        (REFUSED + 'near = [3]', "`near`: every one must be text", ""),
        (REFUSED + 'without = [" "]', "`pattern`: a text is missing or empty", ""),
        ("[[pattern]]\nstart = true", "`pattern`: a text is missing or empty", "quote a telling part"),
        (REFUSED + 'regex = "a+"', "`pattern.regex`: is no key of", "there are text, "),
        ('pattern = ["registry refused"]', "`pattern`: each must be a table", "begin each with"),
        ('patterns = ["registry refused", 3]', "`patterns`: every one must be text", "put it in quotes"),
        ('patterns = ["<word> a <n>"]', "`patterns`: `<word> a <n>` has no stretch of 6", "name more"),
        (f'patterns = ["{"x" * 501}"]', f"`patterns`: `{'x' * 60}…` is longer than 500", "quote less"),
        ("patterns = []", "`patterns`: there is none, so nothing", "quote a telling part of the message"),
        (PATTERNS + 'group = "weather"', "`group`: `weather` is none", "use one of python, conan, "),
        (PATTERNS + 'severity = "fatal"', "`severity`: `fatal` is none", "use `failure` or `warning`"),
        (PATTERNS + 'fallows = ["x"]', "`fallows`: is no key of a knowledge file", "there are title, "),
        (PATTERNS + "follows = [3]", "`follows`: every one must be text", "put it in quotes"),
        (PATTERNS + 'says = { proxy = "x" }', "`says`: `proxy` is not among the `checks`", "add it there"),
        (PATTERNS + 'checks = ["proxy"]\nsays = { proxy = 3 }', "`says.proxy`: must be text", "put it"),
        (PATTERNS + 'checks = ["proxy"]\nsays = { proxy = " " }', "`says.proxy`: must be text", "put it"),
        (ONLY + 'arch = ["arm64"]', "`only.arch`: is no key of", "there are os, distribution, needs"),
        (ONLY + 'os = "linux"', "`only.os`: must be a list", "put it in brackets"),
        (ONLY + 'os = ["darwin"]', "`only`: `os`: `darwin` is none", "use linux or macos"),
        (ONLY + 'needs = { conan = "1.x" }', "`only`: `needs.conan` is no version", 'instance `"<2"`'),
        (ONLY + "needs = { conan = 2 }", "`only`: `needs.conan` is no version", "write"),
        (PATTERNS + '[[remedy]]\ncommands = ["a"]', "`remedy`: one has no `text`", "say in a sentence"),
        (REMEDY + 'commands = "a"', "`remedy.commands`: must be a list", "put it in"),
        (REMEDY + 'commands = [1]', "`commands`: every one must be text", "put it in"),
        (REMEDY + 'os = ["windows"]', "`remedy`: `os`: `windows` is none", "use linux"),
        (REMEDY + 'needs = { go = "new" }', "`remedy`: `needs.go` is no", "write for"),
        (REMEDY + 'run = "b"', "`remedy.run`: is no key of", "there are text"),
        (EXAMPLE + 'why = "a"', "`example`: one has no `log`", "quote output"),
        (PATTERNS + '[[counterexample]]\nlog = ""', "`counterexample`: one has no `log`", "quote output"),
        (EXAMPLE + 'log = "a"\nprimary = ["b"]', "`example.primary`: must be text", "put it in"),
        ("title = \n", "it is not TOML: ", "mend that line"),
        ("a = 1\na = 2\n", "it is not TOML: ", "mend that line"),
        ("\x00", "it is not TOML: ", "mend that line"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_key_and_a_way_out(text: str, wrong: str, way_out: str) -> None:
    said, hint = mistake(text if wrong.startswith("it is") else HEAD + text)

    assert said.startswith(wrong)
    assert hint is not None
    assert way_out in hint


@pytest.mark.parametrize(
    "name", ["", "Old", "old_registry", "old registry", "-old", "old-", "a--b", "7up", "ä"]
)
def test_a_file_whose_name_is_no_id_is_refused(name: str) -> None:
    assert mistake(HEAD + PATTERNS, name) == (
        f"its name, `{name}`, is no id",
        "use lower-case words joined by `-`",
    )


def test_our_own_files_are_all_of_the_form() -> None:
    assert len(own_failures()) > 100
