from __future__ import annotations

import json

import pytest

from devtool.model.journey import Advice, Journey, Step
from devtool.render.journey import journey_json, render_journey, render_step
from tests.support.golden import same_as_golden

STEPS = (
    Step("this machine", "done", "debian 12, x86_64, 8 CPUs, 16 GiB memory", 0.01),
    Step(
        "examination",
        "attention",
        "failed: conan, go, cmake, rust; to look at: ccache, compose, ports; 22 ok",
        1.2,
    ),
    Step("repairs", "skipped", "3 possible: `devtool doctor --fix`, or `--yes` here", 0.0),
    Step("Milvus", "done", "2.3.5 answers at http://127.0.0.1:19530", 11.96),
    Step("end-to-end run", "failed", "37 of 38 tests passed; test_search: wrong order", 77.0),
)
ADVICE = (
    Advice("devtool doctor --fix", "conan, go stand between this machine and a build"),
    Advice("devtool deploy up", "keeps a Milvus running to try things on; `devtool deploy down` ends it"),
    Advice("https://example.org/first", "pick a first issue"),
)


@pytest.mark.parametrize("width", [80, 100])
def test_a_journey_reads_as_its_golden_file(width: int, pytestconfig: pytest.Config) -> None:
    journey = Journey(STEPS, False, ADVICE)
    lines = [*(render_step(step, False, width) for step in STEPS), render_journey(journey, False, width)]

    refresh = pytestconfig.getoption("--refresh-golden")
    assert same_as_golden(f"journey-{width}.text", "\n".join(lines), refresh)


def test_every_step_stays_within_the_terminal() -> None:
    shown = "\n".join(render_step(step, False, 80) for step in STEPS)

    assert max(len(line) for line in shown.splitlines()) <= 80


@pytest.mark.parametrize(
    ("steps", "green", "said"),
    [
        (STEPS[:4], True, "green: the end-to-end run passed, 13 s in all"),
        (STEPS, False, "not green: the end-to-end run did not pass"),
        ((Step("Milvus", "planned", "would start", 0.0),), False, "nothing was changed or started"),
    ],
)
def test_the_verdict_says_what_came_of_it(steps: tuple[Step, ...], green: bool, said: str) -> None:
    assert said in render_journey(Journey(steps, green, ADVICE), False, 80)


def test_json_carries_every_step_and_the_advice() -> None:
    data = json.loads(journey_json(Journey(STEPS, False, ADVICE)))

    assert data["schema"] == 1
    assert data["green"] is False
    assert [step["state"] for step in data["steps"]] == [step.state for step in STEPS]
    assert data["next"][0] == {"command": ADVICE[0].command, "reason": ADVICE[0].reason}


def test_what_a_step_found_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in render_step(Step("Milvus", "failed", "\x1b[2J\x1b]0;x\x07", 1.0), False, 80)
