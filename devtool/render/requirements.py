"""What a checkout needs, as a table for a person and as data for a program."""

from __future__ import annotations

from typing import Any

from devtool.model.requirement import Needs, PackageList, Requirement
from devtool.render.document import document
from devtool.render.wrapping import wrapped

_HEAD = ("tool", "needs", "how sure", "where")


def requirements_json(needs: Needs, revision: str | None = None) -> str:
    """The whole answer as a JSON document."""
    return document(
        {
            "project": needs.project,
            "root": needs.root,
            "revision": revision,
            "requirements": [requirement_data(r) for r in needs.requirements],
            "conflicts": list(needs.conflicts),
            "memory_bytes": needs.memory_bytes,
            "disk_bytes": needs.disk_bytes,
            "ports": list(needs.ports),
            "packages": [package_data(each) for each in needs.packages],
            "unread": list(needs.unread),
        }
    )


def requirement_data(requirement: Requirement) -> dict[str, Any]:
    """One requirement as data; what does not apply to the tool is left out."""
    made: dict[str, Any] = {
        "tool": requirement.tool,
        "specifier": requirement.specifier,
        "confidence": requirement.confidence,
        "source": requirement.source,
        "needed": requirement.needed,
        "also": [{"value": s.value, "source": s.source} for s in requirement.also],
        "notes": list(requirement.notes),
    }
    if requirement.accepted is not None:
        made["accepted"] = list(requirement.accepted)
    if requirement.tool == "rust" or requirement.extra_toolchains:
        made["toolchains"] = list(requirement.extra_toolchains)
    if requirement.image is not None:
        made["image"] = requirement.image
    if requirement.standard is not None:
        made["standard"] = requirement.standard
    return made


def package_data(listed: PackageList) -> dict[str, Any]:
    """One list of packages as data; what it leaves open is left out."""
    return {
        "manager": listed.manager,
        "origin": listed.origin,
        "packages": [{"name": s.value, "source": s.source} for s in listed.packages],
        **({"os": listed.os} if listed.os else {}),
        **({"distributions": list(listed.distributions)} if listed.distributions else {}),
        **({"releases": list(listed.releases)} if listed.releases else {}),
        **({"except_releases": list(listed.except_releases)} if listed.except_releases else {}),
        **({"architecture": listed.architecture} if listed.architecture else {}),
        **({"condition": listed.condition} if listed.condition else {}),
        **(
            {"unread": [{"word": s.value, "source": s.source} for s in listed.unread]}
            if listed.unread
            else {}
        ),
    }


def requirements_text(needs: Needs, revision: str | None, width: int) -> str:
    """A table, loudest first: conflicts, then every tool, then who disagrees, then remarks."""
    where = f"revision {revision}" if revision else "the files as they lie there"
    parts = [f"{needs.project} in {needs.root}, {where}"]
    parts += [_wrapped(f"CONFLICT: {conflict}", "  ", width) for conflict in needs.conflicts]
    parts.append(_table([_row(r) for r in needs.requirements if r.needed], width))
    if spare := [r.tool for r in needs.requirements if not r.needed]:
        parts.append(_wrapped(f"not needed here: {', '.join(spare)}", "  ", width))
    if machine := _machine(needs):
        parts.append(_wrapped(f"the machine: {machine}", "  ", width))
    if packages := _packages(needs):
        parts.append(_wrapped(packages, "  ", width))
    parts += [_wrapped(f"not readable: {problem}", "  ", width) for problem in needs.unread]
    disagreeing = [
        _wrapped(f"  {r.tool}: {s.source} says {s.value}", "    ", width)
        for r in needs.requirements
        for s in r.also
    ]
    remarks = [
        _wrapped(f"  {r.tool}: {note}", "    ", width)
        for r in needs.requirements
        if r.needed
        for note in r.notes
    ]
    if disagreeing:
        parts.append("\n".join(["weaker statements that differ", *disagreeing]))
    if remarks:
        parts.append("\n".join(["notes", *remarks]))
    return "\n\n".join(parts)


def in_words(requirement: Requirement) -> str:
    """What is needed, as a person says it."""
    if not requirement.needed:
        return "not needed"
    if not requirement.known:
        return "not known"
    if requirement.image is not None:
        return requirement.image
    if requirement.standard is not None:
        return f"C++{requirement.standard}"
    if requirement.accepted:
        return _majors(requirement.accepted)
    return " and ".join([_specifier(requirement.specifier or ""), *requirement.extra_toolchains])


def _row(requirement: Requirement) -> tuple[str, str, str, str]:
    return (
        requirement.tool,
        in_words(requirement),
        requirement.confidence if requirement.known else "",
        requirement.source or "",
    )


def _table(rows: list[tuple[str, str, str, str]], width: int) -> str:
    rows = [_HEAD, *rows]
    # A long value (an image) has a line of its own rather than pushing all others aside.
    widths = [max(len(row[n]) for row in rows if len(row[n]) <= 18) for n in range(3)]
    lines = []
    for row in rows:
        first = f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]:<{widths[2]}}"
        if len(row[1]) > widths[1]:
            lines.append(f"{row[0]:<{widths[0]}}  {row[1]}")
            first = f"{'':<{widths[0]}}  {'':<{widths[1]}}  {row[2]:<{widths[2]}}"
        whole = f"{first}  {row[3]}".rstrip()
        lines += [whole] if len(whole) <= width else [first.rstrip(), f"{'':<{widths[0]}}  {row[3]}"]
    return "\n".join(lines)


def _machine(needs: Needs) -> str:
    said = []
    if needs.memory_bytes:
        said.append(f"{needs.memory_bytes / 1024**3:g} GiB of memory")
    if needs.disk_bytes:
        said.append(f"{needs.disk_bytes / 1024**3:g} GiB of free disk")
    if needs.ports:
        said.append(f"ports {', '.join(map(str, needs.ports))} free")
    return ", ".join(said)


def _packages(needs: Needs) -> str:
    """Which distributions the checkout names packages for; the names themselves would fill the screen."""
    named: dict[str, None] = {}
    for listed in needs.packages:
        places = listed.distributions or (
            ("macOS",) if listed.os == "macos" else (f"every system with {listed.manager}",)
        )
        release = f" {' or '.join(listed.releases)}" if listed.releases and len(places) == 1 else ""
        named.update(dict.fromkeys(f"{place}{release}" for place in places))
    told = sorted(place for place in named if not any(o.startswith(f"{place} ") for o in named))
    return f"packages named for {', '.join(told)} (`--format json` lists them)" if told else ""


def _specifier(specifier: str) -> str:
    clauses = [clause.strip() for clause in specifier.split(",") if clause.strip()]
    return ", ".join(_clause(clause) for clause in clauses) or "any version"


def _clause(clause: str) -> str:
    for operator, words in (
        (">=", "{} or newer"),
        ("<=", "{} or older"),
        ("==", "exactly {}"),
        ("!=", "not {}"),
        (">", "newer than {}"),
        ("<", "older than {}"),
    ):
        if clause.startswith(operator):
            version = clause.removeprefix(operator).strip()
            if version.endswith(".*"):
                return words.replace("exactly ", "").format(version.removesuffix(".*") + ".x")
            return words.format(version)
    return clause


def _majors(majors: tuple[int, ...]) -> str:
    low, high = min(majors), max(majors)
    if len(majors) > 2 and high - low == len(majors) - 1:
        return f"{low} to {high}"
    return " or ".join(map(str, sorted(majors)))


def _wrapped(text: str, indent: str, width: int) -> str:
    return "\n".join(wrapped(text, max(width, 40), rest=indent))
