"""Scripts followed without being run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtool.adapters.script import ScriptError, UnfollowedError, Unread, expand, replay
from tests.fixtures.setenv import SCRIPTS


def asked(argv: tuple[str, ...]) -> str | None:
    known = {("uname", "-s"): "Linux\n", ("fails",): None, ("prints", "it"): "a:b\n"}
    if argv in known:
        return known[argv]
    raise UnfollowedError(" ".join(argv))


def exported(text: str, **variables: str) -> dict[str, str]:
    return {name: made.value for name, made in replay(text, variables, asked).exported.items()}


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("plain", "plain"),
        ("$HERE/x", "/a b/x"),
        ("${HERE}x", "/a bx"),
        ("'$HERE'", "$HERE"),
        ('"$HERE"', "/a b"),
        (r"\$HERE", "$HERE"),
        (r'"\$HERE \n"', r"$HERE \n"),
        ("${NONE}", ""),
        ("${NONE:-other}", "other"),
        ("${EMPTY-other}", ""),
        ("${EMPTY:-$HERE}", "/a b"),
        ("${HERE:+$HERE:}x", "/a b:x"),
        ("${NONE:+$NONE:}x", "x"),
        ('"$(prints it)!"', "a:b!"),
        ("`prints it`", "a:b"),
        ("$(prints it | sed 's/:/ -r /g')", "a -r b"),
        ("$(echo 26.2 | cut -d. -f1)", "26"),
        ('"it\'s"', "it's"),
        ('"$(echo "${HERE}")"', "/a b"),
    ],
)
def test_a_word_is_expanded_as_the_shell_does(word: str, said: str) -> None:
    assert expand(word, {"HERE": "/a b", "EMPTY": ""}, asked) == said


@pytest.mark.parametrize(
    "word",
    [
        "$1",
        "$$",
        "${X[0]}",
        "${#X}",
        "${X%y}",
        "$((1+1))",
        "$(unknown)",
        "$(cd / && pwd)",
        "$()",
        "$(| x)",
        '"open',
    ],
)
def test_a_word_that_only_running_would_tell_is_not_guessed(word: str) -> None:
    with pytest.raises(UnfollowedError):
        expand(word, {"X": "y"}, asked)


def test_branches_and_loops_are_followed_as_the_shell_would() -> None:
    text = """\
    for n in 3 2 1 NONE; do
      if [ "$n" = "2" ]; then
        break
      fi
    done
    case "$n" in
      1|3) export ODD=yes;;
      2) export EVEN="n=$n" ;;
      *) export OTHER=1
    esac
    [ -n "$n" ] && export SHORT=1
    [ -z "$n" ] || export ELSE=1
    fails && export NEVER=1
    if ! [ 3 -gt 2 ]; then export WRONG=1; elif [ 3 -gt 2 ] && [ 1 -lt 2 ]; then export RIGHT=1; fi
    plain=1
    export plain
    """

    assert exported(text) == {"EVEN": "n=2", "SHORT": "1", "ELSE": "1", "RIGHT": "1", "plain": "1"}


def test_what_hangs_on_an_unknown_answer_is_named_and_not_exported() -> None:
    text = """\
    export KEPT=1
    export WAS=1
    if test -f "$HOME/x"; then
      export WAS=2
      helper=3
    fi
    export LATER="$helper"
    source other.sh
    export AFTER=1
    unknown && export HANGS=1
    """

    made = replay(text, {"HOME": "/me"}, asked)

    assert {name: each.value for name, each in made.exported.items()} == {"KEPT": "1", "AFTER": "1"}
    assert made.unread == [
        Unread("WAS", 4, "`test -f /me/x`"),
        Unread("LATER", 7, "`test -f /me/x`"),
        Unread("HANGS", 10, "unknown"),
    ]


def test_a_loop_or_a_function_leaves_what_it_sets_unread() -> None:
    made = replay("f() {\n  export A=1\n}\nwhile true; do export B=1; done\n(export C=1)\n", {}, asked)

    assert made.exported == {}
    assert [each.name for each in made.unread] == ["A", "B", "C"]


def test_lists_lose_their_empty_entries_and_fixed_names_keep_their_value() -> None:
    made = replay(
        'ROOT="$(pwd)"\nexport L="${L}:$ROOT/lib"\nexport COPY=$L\n',
        {"ROOT": "/r"},
        asked,
        fixed=["ROOT"],
        lists=["L"],
    )

    assert {name: each.value for name, each in made.exported.items()} == {"L": "/r/lib", "COPY": "/r/lib"}


def test_an_early_end_is_noted_and_the_rest_still_read() -> None:
    made = replay("export A=1\nexit 1\nexport B=1\n", {}, asked)

    assert made.stopped == 2
    assert list(made.exported) == ["A", "B"]


@pytest.mark.parametrize("era", SCRIPTS)
def test_the_scripts_of_every_era_are_followed_to_their_end(era: str) -> None:
    made = replay(SCRIPTS[era], {"ROOT_DIR": "/r"}, asked, fixed=["ROOT_DIR"], lists=["LD_LIBRARY_PATH"])

    assert made.exported["RPATH"].value.startswith("/r/internal/core/output/lib:")
    assert {each.name for each in made.unread} <= {"LD_PRELOAD", "MILVUS_ENABLE_ASAN_LIB"}
    assert "LD_PRELOAD" not in made.exported


@pytest.mark.parametrize(
    "text",
    [
        "if x; then",
        "case x in",
        "fi",
        "export A='",
        "for x",
        "cat <<EOF\nEOF\n",
        "if x; then y; done",
        "break",
        "export A=" + '"$(' * 3000,
    ],
)
def test_a_text_that_is_no_such_script_is_refused(text: str) -> None:
    with pytest.raises(ScriptError):
        replay(text, {}, asked)


@given(st.text(alphabet="ab=$(){}[]'\"`\\;|&<>#! \n\t", max_size=60))
def test_any_text_is_followed_or_refused_and_never_breaks_us(text: str) -> None:
    try:
        replay(text, {"a": "b"}, asked)
    except ScriptError:
        return


@given(st.text(max_size=30))
def test_what_stands_in_single_quotes_is_taken_as_it_is(text: str) -> None:
    quoted = "'" + text.replace("'", "'\\''") + "'"

    assert expand(quoted, {}, asked) == text
