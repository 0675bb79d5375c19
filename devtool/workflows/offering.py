"""Where to help, from a list that travels with devtool; nothing is fetched."""

from __future__ import annotations

from urllib.parse import quote

from devtool.errors import InputError
from devtool.model.contribution import SKILLS, Offer, Project
from devtool.system.resources import resource
from devtool.system.toml import loads

_LIST = "contributions/projects.toml"


def offer(skill: str | None) -> Offer:
    """The projects for a skill, those that need it most first; all without one. Raises InputError."""
    if skill is not None and skill not in SKILLS:
        raise InputError(f"`{skill}` is no skill of the list", f"the skills are {', '.join(SKILLS)}")
    text = resource(_LIST)
    assert text is not None, "the package carries the list"
    listed = loads(text)
    projects = [_project(each) for each in listed["project"]]
    if skill is not None:
        projects = sorted(
            (each for each in projects if skill in each.skills), key=lambda p: p.skills.index(skill)
        )
    return Offer(tuple(projects), listed["skills"], skill)


def _project(row: dict[str, str | list[str]]) -> Project:
    def text(key: str) -> str:
        return str(row.get(key, ""))

    url = f"https://github.com/{text('repository')}"
    section = f"#{text('section')}" if text("section") else ""
    label = text("issues")
    wanted = "is:issue is:open" + (f' label:"{label}"' if label else "")
    return Project(
        repository=text("repository"),
        skills=tuple(row["skills"]),
        what=text("what"),
        guide=f"{url}/blob/HEAD/{text('guide')}{section}",
        begin=text("begin"),
        issues=f"{url}/issues?q={quote(wanted, safe=':')}" if label else f"{url}/issues",
    )
