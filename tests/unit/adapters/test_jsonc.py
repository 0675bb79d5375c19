"""JSON with comments: read as VS Code reads it, and merged so that only ours is new."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devtool.adapters.jsonc.filling import filled
from devtool.adapters.jsonc.merging import merge
from devtool.adapters.jsonc.reading import BOM, MalformedError, parse, value_of
from devtool.adapters.jsonc.writing import applied, cut
from tests.support.jsonc import plain_json

KEYS = st.sampled_from(["a", "go.testTags", "tasks", "b/c", "é", "", "gopls", 'q"uote', "recommendations"])
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=6,
)
COMMENTS = st.text(alphabet="ab{}[],:\"'/*\\ é\t", max_size=5)
EOLS = st.sampled_from(["\n", "\r\n"])


@st.composite
def gap(draw: st.DrawFn, eol: str) -> str:
    """Space and comments, as nobody would put them."""
    pieces = draw(st.lists(st.sampled_from(["", " ", "\t", eol, "//", "/*", "/***/"]), max_size=3))
    made = []
    for piece in pieces:
        if piece == "//":
            made.append(f"//{draw(COMMENTS)}{eol}")
        elif piece == "/*":
            made.append(f"/*{draw(COMMENTS).replace('*', '')}*/")
        else:
            made.append(piece)
    return "".join(made)


@st.composite
def spelled(draw: st.DrawFn, value: object, eol: str) -> str:
    """The value as text, with comments and trailing commas anywhere."""
    between = gap(eol)
    if isinstance(value, dict | list):
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        parts = []
        for item in value.items() if isinstance(value, dict) else value:
            if isinstance(value, dict):
                key = json.dumps(item[0], ensure_ascii=draw(st.booleans()))
                text = f"{key}{draw(between)}:{draw(between)}{draw(spelled(item[1], eol))}"
            else:
                text = draw(spelled(item, eol))
            parts.append(f"{draw(between)}{text}{draw(between)}")
        final = "," if parts and draw(st.booleans()) else ""
        return f"{opening}{','.join(parts)}{final}{draw(between)}{closing}"
    return json.dumps(value, ensure_ascii=draw(st.booleans()))


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A settings file, and what it says."""
    value = draw(st.dictionaries(KEYS, VALUES, max_size=5))
    eol = draw(EOLS)
    start = draw(st.sampled_from(["", BOM]))
    text = f"{start}{draw(gap(eol))}{draw(spelled(value, eol))}{draw(gap(eol))}"
    if value and draw(st.booleans()):  # VS Code takes the last of two
        key = draw(st.sampled_from(sorted(value)))
        text = (
            text.replace("{", "{" + f"{json.dumps(key)}: 1,", 1) if text.lstrip(BOM).startswith("{") else text
        )
    return text, value


@settings(max_examples=80, deadline=None)
@given(documents())
def test_any_document_is_read_as_what_it_says(document: tuple[str, dict[str, Any]]) -> None:
    text, value = document

    root = parse(text)

    assert root is not None
    assert value_of(text, root) == value == json.loads(plain_json(text))


@settings(max_examples=150, deadline=None)
@given(documents(), st.dictionaries(KEYS, VALUES, max_size=4), st.booleans())
def test_a_merge_keeps_every_byte_of_theirs_and_says_theirs_and_ours(
    document: tuple[str, dict[str, Any]], ours: dict[str, Any], force: bool
) -> None:
    text, theirs = document
    ours = {key: value for key, value in ours.items() if key not in ("tasks", "recommendations")}

    merged = merge(text, ours, ("all",) if force else ())

    after = json.loads(plain_json(merged.text))
    assert after == united(theirs, ours, force)
    assert merge(merged.text, ours, ("all",) if force else ()).text == merged.text
    if not merged.replaced:
        # What we put in, taken out again, leaves the text as it was: nothing of theirs was moved or lost.
        assert is_subsequence(squeezed(text), squeezed(merged.text))
    if json.dumps(after) == json.dumps(theirs):  # Python takes `false` for 0
        assert merged.text == text


def united(theirs: dict[str, Any], ours: dict[str, Any], force: bool) -> dict[str, Any]:
    made = dict(theirs)
    for key, value in ours.items():
        if key not in made:
            made[key] = value
        elif isinstance(made[key], dict) and isinstance(value, dict):
            made[key] = united(made[key], value, force)
        elif force and not (key == "go.testTags" and same_tags(made[key], value)):
            made[key] = value
    return made


def same_tags(one: object, other: object) -> bool:
    return isinstance(one, str) and isinstance(other, str) and set(one.split(",")) == set(other.split(","))


def squeezed(text: str) -> str:
    """Without the space before closing brackets, which a member put in behind the last moves."""
    return re.sub(r"[ \t\r\n]+(?=[}\]])", "", text)


def is_subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(character in rest for character in short)


OURS: dict[str, Any] = {
    "a": 1,
    "go.testTags": "test,dynamic",
    "env": {"PATH": "x", "RPATH": "y"},
    "recommendations": ["Golang.go", "x.y"],
    "tasks": [{"label": "build", "command": "make"}, {"label": "doctor", "group": {"kind": "build"}}],
}
MERGES = {
    "comments, order and a trailing comma": (
        '{\n  // theirs\n  "z": true, // why\n  "env": {"PATH": "x"}, /* odd */\n}\n',
        '{\n  // theirs\n  "z": true, // why\n  "env": {"PATH": "x", "RPATH": "y"}, /* odd */\n'
        '  "a": 1,\n  "go.testTags": "test,dynamic",\n  "recommendations": ["Golang.go", "x.y"],\n'
        '  "tasks": [\n    {\n      "label": "build",\n      "command": "make"\n    },\n    {\n'
        '      "label": "doctor",\n      "group": {\n        "kind": "build"\n      }\n    }\n  ],\n}\n',
    ),
    "tabs, CRLF, names in another case, tags in another order, a task of the same label": (
        '{\r\n\t"a": 1,\r\n\t"go.testTags": "dynamic,test",\r\n\t"env": {"PATH": "x", "RPATH": "y"},\r\n'
        '\t"recommendations": [\r\n\t\t"golang.go" // theirs\r\n\t],\r\n'
        '\t"tasks": [\r\n\t\t{"label": "build", "command": "ninja"},\r\n'
        '\t\t{"label": "doctor", "group": {"kind": "build"}}\r\n\t]\r\n}',
        '{\r\n\t"a": 1,\r\n\t"go.testTags": "dynamic,test",\r\n\t"env": {"PATH": "x", "RPATH": "y"},\r\n'
        '\t"recommendations": [\r\n\t\t"golang.go", // theirs\r\n\t\t"x.y"\r\n\t],\r\n'
        '\t"tasks": [\r\n\t\t{"label": "build", "command": "ninja"},\r\n'
        '\t\t{"label": "doctor", "group": {"kind": "build"}}\r\n\t]\r\n}',
    ),
}


@pytest.mark.parametrize(("before", "after"), MERGES.values(), ids=MERGES)
def test_what_is_lacking_is_added_in_the_layout_of_the_file(before: str, after: str) -> None:
    assert merge(before, OURS).text == after


def test_a_value_that_differs_stays_and_is_told_until_it_is_forced() -> None:
    text = '{"a": 2, "env": {"PATH": "mine", "RPATH": "y"}, "tasks": [{"label": "build"}]}'
    ours = {"a": 1, "env": {"PATH": "x", "RPATH": "y"}, "tasks": [{"label": "build", "command": "make"}]}

    kept, forced = merge(text, ours), merge(text, ours, ("env", "tasks/build"))

    assert kept.text == text
    assert [(d.key, d.theirs, d.ours) for d in kept.differing] == [
        ("a", "2", "1"),
        ("env/PATH", '"mine"', '"x"'),
        ("tasks/build", '{"label": "build"}', '{"label": "build", "command": "make"}'),
    ]
    assert forced.replaced == ["env/PATH", "tasks/build"]
    assert json.loads(forced.text) == {**ours, "a": 2}


def test_a_list_of_folders_that_holds_ours_and_more_is_no_difference() -> None:
    theirs = '{"env": {"PATH": "${env:PATH}:b:a", "RPATH": "a:c"}}'

    merged = merge(theirs, {"env": {"PATH": "a:b", "RPATH": "a:b"}})

    assert merged.text == theirs
    assert [each.key for each in merged.differing] == ["env/RPATH"]


def test_an_extension_that_the_person_does_not_want_is_not_recommended() -> None:
    text = '{"unwantedRecommendations": ["golang.Go"]}'

    merged = merge(text, {"recommendations": ["Golang.go"]})

    assert merged.text == text
    assert [each.key for each in merged.differing] == ["recommendations/Golang.go"]


@pytest.mark.parametrize("theirs", ["1", '"x"', "null", "[]", "{}"])
@pytest.mark.parametrize("key", ["env", "recommendations", "tasks", "a"])
def test_a_value_of_another_kind_is_a_difference_and_no_crash(key: str, theirs: str) -> None:
    text = f'{{"{key}": {theirs}}}'

    merged = merge(text, {key: OURS[key]})

    assert merged.text == text or theirs in ("[]", "{}")
    assert json.loads(merge(text, {key: OURS[key]}, ("all",)).text) == {key: OURS[key]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1', "it ends too early, in line 1"),
        ('{\n  "a" 1}', "no colon after a key in line 2"),
        ('{\r\n\r\n  "a": 1 "b": 2}', "no comma and no `}` in line 3"),
        ("{a: 1}", "no key in double quotes in line 1"),
        ("{'a': 1}", "no key in double quotes in line 1"),
        ('{"a": 01}', "no value is readable in line 1"),
        ('{"a": NaN}', "no value is readable in line 1"),
        ('{"a": "tab\there"}', "no value is readable in line 1"),
        ('{"a": "\\x"}', "no value is readable in line 1"),
        ('{"a": 1,,}', "no key in double quotes in line 1"),
        ("{,}", "no key in double quotes in line 1"),
        ("{} {}", "something follows the end in line 1"),
        ("{}\n/* open", "a comment that opens in line 2 has no end"),
        ('["a"]', "it does not hold an object"),
        ("[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_no_json_with_comments_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(MalformedError) as refusal:
        merge(text, {"a": 1})

    assert str(refusal.value) == said


@pytest.mark.parametrize("text", ["", " \n", BOM, "// only this", "/* a */\n"])
def test_a_file_without_a_value_keeps_its_bytes_and_gets_one(text: str) -> None:
    merged = merge(text, {"a": {"b": 1}})

    assert merged.text.startswith(text)
    assert json.loads(plain_json(merged.text)) == {"a": {"b": 1}}


def test_seven_megabytes_are_merged_in_seconds() -> None:
    text = "{\n" + "".join(f'  "key{n}": [1, 2.5, "text"], // note\n' for n in range(190_000)) + "}\n"
    assert len(text) > 7 * 1024**2

    merged = merge(text, {"a": 1})

    assert merged.text == text[:-2] + '  "a": 1,\n}\n'


TEMPLATE = """\
// explains {{itself}}
{
  // kept
  "whole": "{{flag}}",
  "part": "x/{{name}}/y",
  "none": "{{absent}}",
  "held": { "only": "{{absent}}" },
  "list": ["{{absent}}", "z"],
  "tasks": [{ "label": "a", "args": ["{{absent}}"] }, { "label": "b" }]
}
"""


def test_a_template_is_filled_and_what_nothing_is_known_for_falls_out() -> None:
    text = filled(TEMPLATE, {"flag": True, "name": 'a"b', "absent": None})

    assert text.startswith("{\n  // kept\n")
    assert json.loads(plain_json(text)) == {
        "whole": True,
        "part": 'x/a"b/y',
        "list": ["z"],
        "tasks": [{"label": "b"}],
    }


@settings(max_examples=60, deadline=None)
@given(documents(), st.data())
def test_cutting_a_member_leaves_the_others(
    document: tuple[str, dict[str, Any]], data: st.DataObject
) -> None:
    text, _ = document
    root = parse(text)
    assert root is not None
    if not root.children:
        return
    index = data.draw(st.integers(0, len(root.children) - 1))

    rest = applied(text, [cut(text, root, index)])

    keys = [child.key for n, child in enumerate(root.children) if n != index]
    after = parse(rest)
    assert after is not None
    assert [child.key for child in after.children] == keys
