"""What mirrors answered when they were asked, and which of a kind is to be fetched from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from devtool.model.mirrors import KINDS, Mirror
from devtool.model.remedy import Plan

TIMES = 1.5
AT_LEAST_SECONDS = 0.05
"""Another must answer this much sooner than the present one, and so many times as fast: less is noise."""


@dataclass(frozen=True)
class Asked:
    """One candidate, and what it answered."""

    mirror: Mirror
    """Its source is who names it: `Aliyun`, `pip`, `devtool.toml:4`."""
    seconds: float | None
    """Until its whole page was here; None where the right one never was."""
    trouble: str = ""
    """Why not, in one line."""
    present: bool = False
    """Whether things are fetched from there now."""


@dataclass(frozen=True)
class Comparison:
    """The candidates of one kind, and the one to change to."""

    kind: str
    asked: tuple[Asked, ...] = ()
    chosen: Asked | None = None
    """None: what holds stays."""
    verdict: str = ""
    """In one line, what comes of it."""
    trouble: bool = False
    """Whether nothing answered that could serve."""

    @property
    def what(self) -> str:
        """What is fetched, in words."""
        return KINDS[self.kind].what

    @property
    def ordered(self) -> tuple[Asked, ...]:
        """The fastest first, then those that did not answer rightly."""
        return tuple(sorted(self.asked, key=lambda each: (each.seconds is None, each.seconds or 0.0)))


@dataclass(frozen=True)
class Survey:
    """All kinds that were asked about, and the plan that comes of them."""

    comparisons: tuple[Comparison, ...]
    plan: Plan

    @property
    def ready(self) -> bool:
        """Whether every kind has something that answers."""
        return not any(each.trouble for each in self.comparisons)


def compare(kind: str, asked: Sequence[Asked], *, held: str | None = None, named: bool = False) -> Comparison:
    """Which candidate is worth changing to.

    `held` is why what holds stays; `named`, that the person asked for this kind by its name.
    """
    answered = sorted(
        (each for each in asked if each.seconds is not None), key=lambda each: each.seconds or 0.0
    )
    present = next((each for each in asked if each.present), None)
    best = answered[0] if answered else None

    def made(verdict: str, chosen: Asked | None = None, trouble: bool = False) -> Comparison:
        return Comparison(kind, tuple(asked), chosen, verdict, trouble)

    if not asked:
        return made("no candidate is known: name one by `--candidate`")
    if held is not None:
        return made(held, trouble=present is not None and present.seconds is None)
    if best is None:
        return made("none answers rightly: check the network", trouble=True)
    if present is None:
        if not named:
            return made(f"unknown what holds now, so nothing changes; `--only {kind}` takes the fastest")
        return made(f"the fastest is {best.mirror.shown}", best)
    if best is present:
        return made("the present one is the fastest")
    if present.seconds is None:
        return made(f"the present one does not answer rightly; the fastest is {best.mirror.shown}", best)
    if not clearly_faster(best.seconds or 0.0, present.seconds):
        return made("the present one stays: none is clearly faster")
    return made(f"{best.mirror.shown} is clearly faster", best)


def clearly_faster(seconds: float, present_seconds: float) -> bool:
    """Whether a change is worth while."""
    sooner = round(present_seconds - seconds, 6)  # to the microsecond, as binary fractions are none
    return sooner >= AT_LEAST_SECONDS and present_seconds >= round(TIMES * seconds, 6)
