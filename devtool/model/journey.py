"""What `devtool onboard` went through, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

StepState = Literal["done", "skipped", "planned", "attention", "failed"]


@dataclass(frozen=True)
class Step:
    """One step of the way."""

    title: str
    state: StepState
    """`attention`: done, and something was found; `planned`: a dry run stopped before it."""
    outcome: str
    """One line."""
    seconds: float


@dataclass(frozen=True)
class Advice:
    """One thing to do next."""

    command: str
    """What to type, or an address to open."""
    reason: str


@dataclass(frozen=True)
class Journey:
    """All steps, and the verdict of the last that counts."""

    steps: tuple[Step, ...]
    green: bool
    """Whether the end-to-end run passed."""
    advice: tuple[Advice, ...]
    """The next three things to do."""

    @property
    def seconds(self) -> float:
        """Wall time of all steps."""
        return sum(step.seconds for step in self.steps)
