"""The steps of `devtool onboard`, one line each, and what comes next."""

from __future__ import annotations

from devtool.model.journey import Journey, Step
from devtool.render.document import document
from devtool.render.paint import paint, plain
from devtool.render.wrapping import wrapped

_WORDS = {"done": "ok", "skipped": "skip", "planned": "plan", "attention": "warn", "failed": "FAIL"}
_ROLES = {"done": "ok", "skipped": "skipped", "planned": "faint", "attention": "warning", "failed": "failure"}
_TITLE = 16


def render_step(step: Step, colour: bool, width: int) -> str:
    """One step: state, title, outcome, time; a long outcome goes on below itself."""
    time = "" if step.state == "planned" else f"{step.seconds:.1f} s"
    lead = f"{_WORDS[step.state]:<4}  {step.title:<{_TITLE}}"
    first, *rest = wrapped(plain(step.outcome), max(width - len(lead) - 10, 20)) or [""]
    room = max(width - len(lead) - 1, 20)
    line = f"{lead}{first:<{room - len(time)}}{time}".rstrip()
    below = [f"{' ' * len(lead)}{more}" for more in rest]
    return "\n".join([paint(line[:4], _ROLES[step.state], colour) + line[4:], *below])


def render_journey(journey: Journey, colour: bool, width: int) -> str:
    """The verdict and the next three things to do."""
    planned = any(step.state == "planned" for step in journey.steps)
    if planned:
        verdict = "nothing was changed or started: this was a dry run"
    elif journey.green:
        verdict = f"{paint('green', 'ok', colour)}: the end-to-end run passed, {journey.seconds:.0f} s in all"
    else:
        verdict = f"{paint('not green', 'failure', colour)}: the end-to-end run did not pass"
    lines = ["", verdict, "", "Next"]
    for number, advice in enumerate(journey.advice, 1):
        lines.append(f"  {number}. {paint(plain(advice.command), 'strong', colour)}")
        lines += wrapped(advice.reason, width, "     ", "     ")
    return "\n".join(lines)


def journey_json(journey: Journey) -> str:
    """The journey under schema 1."""
    data = {
        "green": journey.green,
        "seconds": round(journey.seconds, 3),
        "steps": [
            {"title": s.title, "state": s.state, "outcome": s.outcome, "seconds": round(s.seconds, 3)}
            for s in journey.steps
        ],
        "next": [{"command": a.command, "reason": a.reason} for a in journey.advice],
    }
    return document(data)
