"""The builder image: the compose file's template, with the variables of its env file put in."""

from __future__ import annotations

import re
from dataclasses import replace

from devtool.model.requirement import Requirement, Statement
from devtool.requirements.rules.precedence import Case, rank, remarks, settle, unknown

# https://docs.docker.com/reference/compose-file/interpolation/
_VARIABLE = re.compile(r"\$\{(\w+)(?::?-([^{}]*))?\}|\$(\w+)")


def settle_image(case: Case) -> Requirement:
    """The image that the template makes; where scripts set a variable otherwise, theirs beside it."""
    winner, losers = rank(case)
    if winner is None:
        return settle(case)
    variables = case.checkout.variables
    image = _fill(winner.value, variables)
    if image is None:
        file = case.checkout.profile.variables_file or "the profile"
        return unknown(case, f"{winner.source} uses a variable that {file} does not set", losers)
    also: list[Statement] = []
    notes: list[str] = []
    for name, lines in ((name, case.evidence(name)) for name in case.need.evidence):
        for line in lines:
            other = _fill(winner.value, {**variables, name: line.value})
            if other is not None and other != image:
                also.append(Statement(other, line.source))
                notes.append(f"{line.path} asks for another image unless `{name}` is exported")
    made = Requirement(case.need.tool, "", winner.confidence, winner.source, image=image)
    return replace(made, also=tuple(dict.fromkeys(also)), notes=(*dict.fromkeys(notes), *remarks(case)))


def _fill(template: str, variables: dict[str, str]) -> str | None:
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        name = match[1] or match[3]
        found = variables.get(name) or match[2]
        missing = missing or found is None
        return found or ""

    filled = _VARIABLE.sub(value, template)
    return None if missing or "$" in filled else filled
