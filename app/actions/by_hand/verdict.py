"""What is to be said of a change by hand before it is made."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scheduler.check import EXCEPTABLE, Violation
from scheduler.explain import Desk, Names, Scene, Tried, cost_lines, signed
from scheduler.explain.course_words import length

MOST_TOLD = 3
"""Of visits that move along so many are named, and the rest are counted."""


class Outcome(StrEnum):
    """A change is made; or with a reason, as it breaks a rule of operation; or not at all."""

    ACCEPTED = "accepted"
    NEEDS_REASON = "needs_reason"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """`refusals`: rules that stand against it for good, a sentence each; `exceptions`: those of operation.
    `costs`: what it costs, part by part; `added`: together, in points; `moves_along`: what else moves.
    `at`: when the visit would start with that nurse (UTC; None: it is left out)."""

    outcome: Outcome
    refusals: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    violations: tuple[Violation, ...] = ()
    costs: tuple[str, ...] = ()
    added: int = 0
    price: str = ""
    moves_along: tuple[str, ...] = ()
    at: datetime | None = None


def refused(*sentences: str) -> Verdict:
    """No, whatever the referee would say."""
    return Verdict(outcome=Outcome.REFUSED, refusals=sentences)


def verdict_of(desk: Desk, tried: Tried, names: Names, now_s: int, shift: str | None = None) -> Verdict:
    """The referee's word in words. `shift`: where the visit was to go."""
    scene = Scene(problem=desk.problem, plan=tried.plan, names=names)
    violations = tuple(_once(tried.report.violations))
    hard = [violation for violation in violations if violation.code not in EXCEPTABLE]
    soft = [violation for violation in violations if violation.code in EXCEPTABLE]
    refusals = (*_late(desk, tried, names), *_begun(tried, names, now_s), *map(scene.say, hard))
    outcome = Outcome.REFUSED if refusals else Outcome.NEEDS_REASON if soft else Outcome.ACCEPTED
    stop = _stop(desk, tried, shift)
    return Verdict(
        outcome=outcome,
        refusals=tuple(dict.fromkeys(refusals)),
        exceptions=tuple(dict.fromkeys(map(scene.say, soft))),
        violations=tuple(soft),
        costs=cost_lines(tried.before, tried.cost, desk.problem.points_per_unit),
        added=tried.added,
        price=signed(tried.added, desk.problem.points_per_unit),
        moves_along=tuple(_moves_along(tried, names)),
        at=None if stop is None else desk.problem.origin + timedelta(seconds=stop),
    )


def _once(violations: Collection[Violation]) -> Iterator[Violation]:
    """Of several of the same rule at the same visit and shift the worst."""
    worst: dict[tuple[str, str | None, str | None], Violation] = {}
    for each in violations:
        key = each.code, each.visit, each.shift
        if key not in worst or worst[key].by < each.by:
            worst[key] = each
    return iter(worst.values())


def _late(desk: Desk, tried: Tried, names: Names) -> Iterator[str]:
    for late in tried.late:
        nurse, asked, could = desk.shifts[late.shift].nurse, names.clock(late.asked), names.clock(late.start)
        could_then = f"could start it at {could}" if late.start > late.asked else f"would start it at {could}"
        yield (
            f"{names.nurse(nurse)} cannot be there at {asked}: with her other stops and the drives she "
            f"{could_then}."
        )


def _begun(tried: Tried, names: Names, now_s: int) -> Iterator[str]:
    for each in tried.displaced:
        if each.before <= now_s:
            yield f"{names.visit(each.task.partition('.')[0])} has begun, and would start at another time."


def _moves_along(tried: Tried, names: Names) -> Iterator[str]:
    for each in tried.displaced[:MOST_TOLD]:
        by = each.after - each.before
        way = "later" if by > 0 else "earlier"
        visit = names.visit(each.task.partition(".")[0])
        yield f"{visit} starts {length(max(60, abs(by)))} {way}, at {names.clock(each.after)}."
    if len(tried.displaced) > MOST_TOLD:
        yield f"And {len(tried.displaced) - MOST_TOLD} more visits move."


def _stop(desk: Desk, tried: Tried, shift: str | None) -> int | None:
    mine = {task.id for task in desk.visits[tried.visit].tasks}
    stops = [
        (route.shift != shift, stop.start)
        for route in tried.routes
        for stop in route.stops
        if stop.task in mine
    ]
    return min(stops)[1] if stops else None
