"""What a picture is drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.check import CheckReport
from scheduler.explain import WhyNot
from scheduler.model import Plan, Problem
from scheduler.travel import TravelMatrix


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """How a plan was found: by which solver, from which seed, in how many wall `seconds`; `bound` is the
    proven lower limit of the cost in points (None: none known)."""

    solver: str
    seed: int
    seconds: float
    bound: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """A plan with all that is known of it.

    `name` is the page's title. `reasons`: why visits are unassigned, as far as known. `search`: None for a
    plan that was given. `seconds_per_minute`: how many of the model's seconds make one minute as people read
    it. `dated`: the problem's origin is a real instant, not a published instance's stand-in.
    """

    name: str
    problem: Problem
    matrix: TravelMatrix
    plan: Plan
    report: CheckReport
    reasons: tuple[WhyNot, ...] = ()
    search: Search | None = None
    seconds_per_minute: int = 60
    dated: bool = True
