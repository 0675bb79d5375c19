"""One key leaves a JSON text, and nothing else moves."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devtool.errors import InputError
from devtool.model.remedy import RemoveJsonKey
from devtool.remedies.json_key import without_key

SPACES = st.text(alphabet=" \t\n\r", max_size=3)
KEYS = st.text(max_size=6).filter(lambda key: key != "credsStore")
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)


@st.composite
def spelled(draw: st.DrawFn, value: object) -> str:
    """The value as JSON text with random spaces and escapes."""
    space = lambda: draw(SPACES)  # noqa: E731  # drawn anew at each use
    if isinstance(value, dict):
        members = [f"{draw(spelled(k))}{space()}:{space()}{draw(spelled(v))}" for k, v in value.items()]
        return "{" + space() + f"{space()},{space()}".join(members) + space() + "}"
    if isinstance(value, list):
        return "[" + space() + f"{space()},{space()}".join(draw(spelled(v)) for v in value) + space() + "]"
    return json.dumps(value, ensure_ascii=draw(st.booleans()))


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, str]:
    """A text with the member `credsStore` in it, and that member's own text."""
    rest = draw(st.lists(st.tuples(KEYS, VALUES), max_size=4))
    at = draw(st.integers(0, len(rest)))
    members = [f"{draw(spelled(k))}{draw(SPACES)}:{draw(SPACES)}{draw(spelled(v))}" for k, v in rest]
    name = draw(st.sampled_from(['"credsStore"', '"creds\\u0053tore"']))
    own = f"{name}{draw(SPACES)}:{draw(SPACES)}"
    members.insert(at, own + draw(spelled(draw(VALUES))))
    start = draw(st.sampled_from(["", "\N{BYTE ORDER MARK}"]))
    padded = [f"{draw(SPACES)}{member}{draw(SPACES)}" for member in members]
    return start + draw(SPACES) + "{" + ",".join(padded) + "}" + draw(SPACES), members[at]


def pairs(text: str) -> list[tuple[str, object]]:
    return json.loads(text.removeprefix("\N{BYTE ORDER MARK}"), object_pairs_hook=list)


@settings(max_examples=300, deadline=None)
@given(documents())
def test_any_document_comes_out_as_itself_minus_the_key_with_only_one_span_cut(
    document: tuple[str, str],
) -> None:
    text, member = document

    cut = without_key(text.encode(), "credsStore", "/f")

    assert cut is not None
    after = cut.decode()
    assert pairs(after) == [p for p in pairs(text) if p[0] != "credsStore"]
    removed = len(text) - len(after)
    spans = [i for i in range(len(after) + 1) if text[:i] + text[i + removed :] == after]
    assert any(set(text[i : i + removed].replace(member, "", 1)) <= set(", \t\r\n") for i in spans)
    assert without_key(cut, "credsStore", "/f") is None


CASES = {
    "first": ('{\n\t"k": 1,\n\t"b": 2\n}\n', '{\n\t"b": 2\n}\n'),
    "middle": ('{"a": 1, "k": {"x": [1, "}"]}, "b": 2}', '{"a": 1, "b": 2}'),
    "last": ('{\r\n  "a": 1,\r\n  "k": "x"\r\n}\r\n', '{\r\n  "a": 1\r\n}\r\n'),
    "only": ('{\n  "k": null\n}', "{\n}"),
    "nested-too": ('{"a": {"k": 1}, "k": 2}', '{"a": {"k": 1}}'),
    "others-repeated": ('{"a": 1, "a": 2, "k": 3, "n": 1.0e5}', '{"a": 1, "a": 2, "n": 1.0e5}'),
    "escapes": ('{"\\u00e9": "\\/", "k": "\\"", "é": 1}', '{"\\u00e9": "\\/", "é": 1}'),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_the_cut_takes_the_right_comma_and_space(before: str, after: str) -> None:
    assert without_key(before.encode(), "k", "/f") == after.encode()


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_the_preview_pasted_into_a_shell_does_the_same(before: str, after: str, tmp_path: Path) -> None:
    real, link = tmp_path / "real dir" / "config.json", tmp_path / "it's.json"
    real.parent.mkdir()
    real.write_bytes(before.encode())
    real.chmod(0o600)
    link.symlink_to(real)

    answer = subprocess.run(
        ["sh", "-c", RemoveJsonKey(str(link), "k", "why").preview],
        capture_output=True,
        text=True,
        check=False,
    )

    if before.count('"k"') > 1:  # the short program finds the first one and refuses
        assert (answer.returncode, real.read_bytes()) == (1, before.encode())
        return
    assert (answer.returncode, real.read_bytes()) == (0, after.encode())
    assert real.stat().st_mode & 0o777 == 0o600
    assert link.is_symlink()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "`/f` is not JSON: expecting value in line 1"),
        (b'{"k": 1', "`/f` is not JSON: expecting ',' delimiter in line 1"),
        (b'{"k": NaN}', "`/f` is not JSON: NaN is not JSON"),
        (b'{"k": "\xff"}', "`/f` is not JSON: byte 7 is not UTF-8"),
        (b'["k"]', "`/f` does not hold a JSON object"),
        (b'{"k": 1, "k": 2}', "`/f` has the key `k` 2 times"),
        (b'{"a":' * 100_000, "`/f` is not JSON: it is nested too deeply"),
        (b'// comment\n{"k": 1}', "`/f` is not JSON: expecting value in line 1"),
    ],
)
def test_a_text_that_cannot_be_cut_safely_is_refused_in_one_line(content: bytes, said: str) -> None:
    with pytest.raises(InputError) as refusal:
        without_key(content, "k", "/f")

    assert refusal.value.message == said


def test_a_document_without_the_key_needs_no_cut() -> None:
    assert without_key(b'{"a": {"k": 1}}', "k", "/f") is None
