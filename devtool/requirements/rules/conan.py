"""Conan, whose major version several files must agree on, and Python, which follows from Conan."""

from __future__ import annotations

from devtool.adapters.conan_releases import PYTHON_WITH_IMP, imports_imp, pinned
from devtool.adapters.versions import major
from devtool.model.requirement import Requirement, Statement
from devtool.requirements.rules.precedence import Case, decide, others, rank, remarks, settle, unknown


def settle_conan(case: Case) -> Requirement:
    """The version pinned most authoritatively among those of the major that the recipe is written for."""
    majors = case.evidence("major")
    if len({line.value for line in majors}) > 1:
        first = majors[0]
        other = next(line for line in majors if line.value != first.value)
        conflict = (
            f"inconsistent checkout: {first.source} is for Conan {first.value}, "
            f"{other.source} for Conan {other.value}"
        )
        case.conflicts.append(conflict)
        return unknown(case, conflict, rank(case)[1])
    if majors and not majors[0].value.isdecimal():
        return unknown(case, f"{majors[0].source} says `{majors[0].value[:80]}`, which is no major version")
    wanted = int(majors[0].value) if majors else None
    winner, losers = rank(case, lambda line: wanted in (None, major(line.value)))
    # Documents also name the Conan of other branches, which is no disagreement.
    losers = [
        line for line in losers if line.confidence != "documented" or wanted in (None, major(line.value))
    ]
    if winner is not None or wanted is None:
        return decide(case, winner, losers)
    return Requirement(
        tool=case.need.tool,
        specifier="<2" if wanted == 1 else f">={wanted}.0",
        confidence="inferred",
        source=majors[0].source,
        also=others(None, losers),
        notes=(f"no version is pinned; the recipe is written for Conan {wanted}", *remarks(case)),
    )


def settle_python(case: Case) -> Requirement:
    """The Pythons on which the settled Conan runs; what documents say of Python is kept beside it."""
    conan = case.settled.get("conan")
    if conan is None or not conan.needed:
        return settle(case)
    if conan.specifier is None:
        return unknown(case, "it follows from Conan's version, which is not known", rank(case)[1])
    winner, losers = rank(case)
    statements = [winner, *losers] if winner else losers
    version = pinned(conan.specifier)
    hard = version is not None and imports_imp(version)
    specifier = PYTHON_WITH_IMP if hard else ""
    named = version or conan.specifier
    why = (
        f"Conan {named} does not run on Python 3.12, which has no `imp` module"
        if hard
        else f"Conan {named} runs on every Python that is still maintained"
    )
    return Requirement(
        tool=case.need.tool,
        specifier=specifier,
        confidence=conan.confidence if hard else "inferred",
        source=conan.source,
        also=tuple(Statement(s.specifier, s.source) for s in statements if s.specifier != specifier),
        notes=(why, *remarks(case)),
    )
