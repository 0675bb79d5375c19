"""Where to help, as text and as JSON, from the same values."""

from __future__ import annotations

from devtool.model.contribution import Offer, Project
from devtool.render.document import document
from devtool.render.layout import hint, measure
from devtool.render.paint import paint
from devtool.render.wrapping import wrapped


def render_offer(offer: Offer, form: str, *, colour: bool = False, width: int = 80) -> str:
    """The projects, each with what it is, its guide and a first thing to do."""
    if form == "json":
        return document(
            {
                "skill": offer.skill,
                "skills": offer.skills,
                "projects": [
                    {
                        "repository": each.repository,
                        "url": each.url,
                        "skills": list(each.skills),
                        "what": each.what,
                        "guide": each.guide,
                        "begin": each.begin,
                        "issues": each.issues,
                    }
                    for each in offer.projects
                ],
            }
        )
    width = measure(width)
    blocks = [_block(each, offer, colour, width) for each in offer.projects]
    closing = (
        []
        if offer.skill
        else hint(
            "`devtool contribute --skill NAME`", f"shows those for one of {', '.join(offer.skills)}", width
        )
    )
    closing += hint("`devtool pr check`", "says before the push what the bots say after it", width)
    return "\n\n".join("\n".join(block) for block in [*blocks, closing])


def _block(project: Project, offer: Offer, colour: bool, width: int) -> list[str]:
    skills = ", ".join(offer.skills[each] for each in project.skills)
    return [
        f"{paint(project.repository, 'strong', colour)} ({skills})",
        *wrapped(project.what, width, "  ", "  "),
        *wrapped(f"begin:  {project.begin}", width, "  ", " " * 10),
        f"  guide:  {project.guide}",
        f"  issues: {project.issues}",
    ]
