"""Why a visit is unassigned: per shift the first thing that stands in the way, and a summary."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scheduler.model import Plan, Problem
from scheduler.travel import TravelMatrix


class Cause(StrEnum):
    """What keeps one shift from one task, from the hardest to the softest."""

    BARRED = "barred"
    CREDENTIAL = "credential"
    PINNED_ELSEWHERE = "pinned_elsewhere"
    SHIFT_HOURS = "shift_hours"
    MOST_VISITS = "most_visits"
    NO_ROOM = "no_room"


@dataclass(frozen=True, kw_only=True, slots=True)
class NurseWhyNot:
    """Why `nurse` on `shift` cannot take `task`. `missing`: the credentials she lacks."""

    task: str
    shift: str
    nurse: str
    cause: Cause
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class WhyNot:
    """Why `visit` is unassigned, structured; `app` puts names to the ids and `words` puts it in words."""

    visit: str
    nurses: tuple[NurseWhyNot, ...]


def why_unassigned(problem: Problem, matrix: TravelMatrix, plan: Plan, visit: str) -> WhyNot:
    """What stands in the way of `visit`, shift by shift. Raises KeyError for an unknown visit."""
    raise NotImplementedError
