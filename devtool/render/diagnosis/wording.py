"""What every form says of a finding in words: where, how often, how sure, why, and the ways out."""

from __future__ import annotations

from devtool.model.diagnosis import Cure, Diagnosis, Excerpt, FailureFinding, UnknownError

STDIN = "-"


def place(excerpt: Excerpt) -> str:
    """The log and the line that is meant, as editors and people read it."""
    if excerpt.source == STDIN:
        return f"line {excerpt.line} of standard input"
    return f"{excerpt.source}:{excerpt.line}"


def address(excerpt: Excerpt) -> tuple[str, int] | None:
    """The log's path and the line that is meant; None where the log is no file."""
    return None if excerpt.source == STDIN else (excerpt.source, excerpt.line)


def standing(finding: FailureFinding) -> str:
    """How sure the finding is, and what it is in the diagnosis."""
    if finding.follows:
        return f"{finding.state}, followed from {finding.follows}"
    if finding.state == "refuted":
        return "refuted on this machine"
    root = " root cause" if finding.primary and finding.severity == "failure" else ""
    return f"{finding.state}{root}"


def counted(finding: FailureFinding) -> str:
    """How often the finding is said, and where first."""
    where = place(finding.excerpt)
    return (
        f"said once, in {where}" if finding.count == 1 else f"said {finding.count:,} times, first in {where}"
    )


def headline(unknown: UnknownError) -> str:
    """That an error is unknown, where it stands and how much it stands for."""
    parts = [f"nothing known explains {place(unknown.excerpt)}"]
    if unknown.count > 1:
        parts.append(f"said {unknown.count:,} times")
    if unknown.folded:
        parts.append(f"{amount(unknown.folded, 'further error')} right below it")
    return ", ".join(parts)


def advice(cure: Cure) -> str:
    """What to do, behind the condition under which it applies."""
    return f"{cure.condition}: {cure.text}" if cure.condition else cure.text


def details(finding: FailureFinding) -> str:
    """Everything that is known beyond the summary, in lines, for forms that carry text of any length."""
    lines = [f"{standing(finding)}; {counted(finding)}", finding.excerpt.said, finding.cause.strip()]
    for number, cure in enumerate(finding.cures):
        lines += [f"{'or' if number else 'cure'}: {advice(cure)}", *(f"  {line}" for line in cure.commands)]
    lines += [f"not: {finding.wrong.strip()}"] if finding.wrong else []
    lines += [f"here: {line}" for line in finding.evidence]
    return "\n".join(lines)


def verdict(diagnosis: Diagnosis) -> str:
    """The diagnosis in one line."""
    held = [f for f in diagnosis.findings if f.state != "refuted"]
    own = [f for f in held if not f.follows]
    counts = (
        (sum(f.severity == "failure" for f in own), "failure"),
        (sum(f.severity == "warning" for f in own), "warning"),
        (len(held) - len(own), "consequence"),
        (len(diagnosis.findings) - len(held), "refuted suspicion"),
        (len(diagnosis.unrecognised), "unknown error"),
    )
    found = ", ".join(amount(number, noun) for number, noun in counts if number)
    read = read_in(diagnosis)
    if diagnosis.findings:
        return f"recognised: {found}, in {read}"
    failed = ", though something failed" if diagnosis.failed and not diagnosis.unrecognised else ""
    return f"no known failure in {read}{failed}{f': {found}' if found else ''}"


def read_in(diagnosis: Diagnosis) -> str:
    """How much was read."""
    lines = amount(diagnosis.lines, "line")
    return lines if len(diagnosis.sources) == 1 else f"{lines} of {amount(len(diagnosis.sources), 'log')}"


def amount(number: int, noun: str) -> str:
    """A number with its noun, in singular or plural."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
