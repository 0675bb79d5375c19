"""Versions and specifiers, compared as PEP 440 compares them; text that is neither gives None.

Plain dotted numbers, which is nearly all there is, are compared here:
importing `packaging` costs more than reading a whole checkout.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.version import Version

_RELEASE = re.compile(r"\d{1,9}(?:\.\d{1,9}){0,9}", re.ASCII)
_CLAUSE = re.compile(
    r"(?:[<>]=?|[!=]=)\d{1,9}(?:\.\d{1,9}){0,9}|[!=]=\d{1,9}(?:\.\d{1,9}){0,9}\.\*", re.ASCII
)


def satisfies(version: str, specifier: str) -> bool | None:
    """Whether `version` lies in `specifier`; None when either cannot be parsed.

    Pre-releases count: a person who runs one wants to know whether it will do.
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    parsed = _parse(version)
    if parsed is None:
        return None
    try:
        return SpecifierSet(specifier).contains(parsed, prereleases=True)
    except InvalidSpecifier:
        return None


def is_version(text: str) -> bool:
    """Whether `text` is a version at all."""
    return _release(text) is not None or _parse(text) is not None


def is_specifier(text: str) -> bool:
    """Whether `text` is a specifier; the empty one, which any version satisfies, is."""
    if not text or all(_CLAUSE.fullmatch(clause) for clause in text.split(",")):
        return True
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return True


def compare(left: str, right: str) -> int | None:
    """-1, 0 or 1 as `left` is older than, equal to or newer than `right`; None when either is no version."""
    first, second = _release(left), _release(right)
    if first is not None and second is not None:
        pairs = zip_longest(first, second, fillvalue=0)
        return next(((a > b) - (a < b) for a, b in pairs if a != b), 0)
    one, other = _parse(left), _parse(right)
    if one is None or other is None:
        return None
    return (one > other) - (one < other)


def newest(versions: tuple[str, ...]) -> str | None:
    """The newest of those that can be parsed, as it was spelled; None when there is none."""
    best: str | None = None
    for version in versions:
        if is_version(version) and (best is None or compare(version, best) == 1):
            best = version
    return best


def major(version: str) -> int | None:
    """The first number of `version`, or None."""
    plain = _release(version)
    if plain is not None:
        return plain[0]
    parsed = _parse(version)
    return None if parsed is None else parsed.major


def _release(text: str) -> tuple[int, ...] | None:
    return tuple(map(int, text.split("."))) if _RELEASE.fullmatch(text) else None


def _parse(text: str) -> Version | None:
    from packaging.version import Version

    try:
        return Version(text)
    except ValueError:  # `InvalidVersion`, and Python's own limit on the digits of a number
        return None
