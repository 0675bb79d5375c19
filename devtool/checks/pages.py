"""The pages behind `devtool explain`: one TOML file a check in `explanations/`."""

from __future__ import annotations

from devtool.model.diagnosis import Cure
from devtool.model.explanation import Explanation, Kind
from devtool.system.resources import resource
from devtool.system.toml import loads


def explanation(check_id: str) -> Explanation | None:
    """The page of a check, or None where nobody wrote one."""
    return read_page("check", check_id, f"checks/explanations/{check_id}.toml")


def read_page(kind: Kind, page_id: str, name: str) -> Explanation | None:
    """The page in a data file of the package, or None where there is no such file."""
    text = resource(name)
    if text is None:
        return None
    page = loads(text)
    cure = page["cure"]
    cures = [{"when": "", "text": cure}] if isinstance(cure, str) else cure
    return Explanation(
        kind=kind,
        id=page_id,
        title=page["title"],
        meaning=page["meaning"],
        why=page.get("why", ""),
        cures=tuple(Cure(each["text"], condition=each.get("when", "")) for each in cures),
        links=tuple(page.get("links", ())),
    )
