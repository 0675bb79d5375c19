"""Versions and specifiers, compared as PEP 440 compares them; text that is neither gives None."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.version import Version


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
    return _parse(text) is not None


def is_specifier(text: str) -> bool:
    """Whether `text` is a specifier; the empty one, which any version satisfies, is."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return True


def compare(left: str, right: str) -> int | None:
    """-1, 0 or 1 as `left` is older than, equal to or newer than `right`; None when either is no version."""
    a, b = _parse(left), _parse(right)
    if a is None or b is None:
        return None
    return (a > b) - (a < b)


def newest(versions: tuple[str, ...]) -> str | None:
    """The newest of those that can be parsed, as it was spelled; None when there is none."""
    parsed = [(p, text) for text in versions if (p := _parse(text)) is not None]
    return max(parsed, key=lambda pair: pair[0])[1] if parsed else None


def major(version: str) -> int | None:
    """The first number of `version`, or None."""
    parsed = _parse(version)
    return None if parsed is None else parsed.major


def _parse(text: str) -> Version | None:
    from packaging.version import InvalidVersion, Version

    try:
        return Version(text)
    except InvalidVersion:
        return None
