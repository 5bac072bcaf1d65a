"""The Solver seam: what a solver is given and what it reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from scheduler.model import Problem, Solution
from scheduler.travel import TravelMatrix


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """When to stop: wall `seconds` from the call; `seed` of all random choice."""

    seconds: float = 60.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.seconds > 0:
            raise ValueError(f"seconds must be more than 0, not {self.seconds!r}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """Where a solver stands: costs in points (None: none yet), wall `seconds` since the call."""

    stage: str
    seconds: float
    cost: int | None = None
    bound: int | None = None


Report = Callable[[Progress], None]
"""Called from time to time while a solver runs, from the caller's thread or another, never twice at once."""

Cancelled = Callable[[], bool]
"""Asked from time to time: True ends the search with the best plan found so far."""


def ignore(_: Progress) -> None:
    """The report of a caller who does not look."""


def never() -> bool:
    """The answer of a caller who does not cancel."""
    return False


class Solver(Protocol):
    """Problem and matrix in, plan out."""

    def solve(
        self,
        problem: Problem,
        matrix: TravelMatrix,
        limits: Limits,
        report: Report = ignore,
        cancelled: Cancelled = never,
    ) -> Solution:
        """The best plan found within `limits`. It keeps every rule of the model; visits that find no place
        are unassigned (one without drop cost only when no place was found for it: the checker will then say
        so).
        """
        ...
