"""GitHub Actions annotations: workflow commands that mark a line of a file.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations


def annotation(level: str, title: str, message: str, place: tuple[str, int] | None) -> str:
    """One workflow command, at the path and line where there is one; `level` is error, warning or notice."""
    properties = {"title": title}
    if place is not None:
        properties = {"file": place[0], "line": str(place[1]), **properties}
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{level} {listed}::{escaped(message)}"


def escaped(text: str) -> str:
    """`text` as the runner takes it on one line."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return escaped(text).replace(":", "%3A").replace(",", "%2C")
