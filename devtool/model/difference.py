"""Where two texts differ though they look the same: other letters, blanks and compositions."""

from __future__ import annotations

from functools import cache

_LONGEST = 400
_MOST = 4
# Letters that are drawn alike in most typefaces: Cyrillic, then Greek, and the Latin ones they pass for.
_ALIKE = (
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u04cf\u0432\u043d\u043a\u043c\u0442"
    "\u03bf\u03b1\u03bd\u03c1\u03b9\u03ba\u03c5\u03c7\u03c4\u03b7\u03b2\u03b5\u03bc\u0131"
    "\u2010\u2011\u2012\u2013\u2212\u2018\u2019"
)
_LATIN = "aeopcyxijsdhlbhkmtoavpikuxtnbemi-----''"


def unseen_difference(found: str, expected: str) -> str | None:
    """What the eye cannot see between two texts that are not equal, in one clause; None where it can.

    Case is no difference.
    """
    found, expected = found.lower(), expected.lower()
    if found == expected or len(found) > _LONGEST or len(expected) > _LONGEST:
        return None
    if _skeleton(found) != _skeleton(expected):
        return None
    told = _same_letters(found, expected)
    pairs = _pairs(found, expected)
    clauses = [_clause(*pair) for pair in pairs[:_MOST]]
    more = f", and {len(pairs) - _MOST} more" if len(pairs) > _MOST else ""
    return "; ".join(clauses) + more + told


def _same_letters(found: str, expected: str) -> str:
    from unicodedata import is_normalized, normalize

    if normalize("NFC", found) != normalize("NFC", expected):
        return ""
    forms = [
        next((form for form in ("NFC", "NFD") if is_normalized(form, text)), "neither NFC nor NFD")
        for text in (found, expected)
    ]
    return f" (the same letters, composed as {forms[0]} and as {forms[1]})"


def _pairs(found: str, expected: str) -> list[tuple[str, str, str]]:
    """What differs, each with the text before it."""
    from difflib import SequenceMatcher

    codes = SequenceMatcher(None, found, expected, autojunk=False).get_opcodes()
    return [
        (found[a:b], expected[c:d], found[max(0, a - 12) : a]) for tag, a, b, c, d in codes if tag != "equal"
    ]


def _clause(found: str, expected: str, before: str) -> str:
    place = f"after `{before}` " if before else "at the start "
    if not expected:
        return f"{place}stands {_points(found)}, and nothing is expected there"
    if not found:
        return f"{place}{_points(expected)} is missing"
    return f"{place}stands {_points(found)}, and {_points(expected)} is expected"


def _points(text: str) -> str:
    from unicodedata import name

    named = [f"U+{ord(c):04X}{(' ' + name(c, '')).rstrip()}" for c in text[:_MOST]]
    return " + ".join(named) + (" …" if len(text) > _MOST else "")


def _skeleton(text: str) -> str:
    """What a text looks like."""
    from unicodedata import category, normalize

    drawn = (" " if category(c) in ("Zs", "Zl", "Zp", "Cc") else c for c in text if category(c) != "Cf")
    return " ".join(normalize("NFKC", "".join(drawn)).translate(_table()).split())


@cache
def _table() -> dict[int, int]:
    return str.maketrans(_ALIKE, _LATIN)
