"""When a visit may start beside its windows: as its gates allow, and as far from the visits tied to it as its
spacings ask, these as they are planned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.explain.fit import Span, meet
from scheduler.model import Gate, Plan, Problem, Spacing, Visit
from scheduler.model.record import MAX_SECONDS

ANY_TIME: Span = (-MAX_SECONDS, 2 * MAX_SECONDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """The visit starts within one of `spans`, on account of its gate, or of its spacing: to the visit before
    it where `after`, else to the one after it. A follow-up whose first visit is left out has no spans."""

    spans: tuple[Span, ...]
    gate: Gate | None = None
    spacing: Spacing | None = None
    after: bool = True


class Ties:
    """A problem's spacings beside the starts of a plan."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.begun = _begun(problem, plan)
        self._spacings: dict[str, list[Spacing]] = {}
        for spacing in problem.spacings:
            for visit in (spacing.first, spacing.then):
                self._spacings.setdefault(visit, []).append(spacing)

    def to(self, visit: str) -> list[Spacing]:
        """The spacings of the visit."""
        return self._spacings.get(visit, [])

    def limits(self, visit: Visit) -> Iterator[Limit]:
        """Of each gate and each spacing that counts."""
        for gate in visit.gates:
            spans = (
                (max(span.start - gate.since, ANY_TIME[0]), span.end - gate.until) for span in gate.spans
            )
            yield Limit(spans=tuple(span for span in spans if span[0] <= span[1]), gate=gate)
        for spacing in self.to(visit.id):
            after = spacing.then == visit.id
            other = self.begun.get(spacing.first if after else spacing.then)
            if other is not None:
                yield Limit(spans=(_apart(spacing, other, after),), spacing=spacing, after=after)
            elif after and spacing.needs_first:
                yield Limit(spans=(), spacing=spacing)

    def starts(self, visit: Visit) -> tuple[Span, ...] | None:
        """When the visit may start, in order; None: at any time."""
        limits = list(self.limits(visit))
        if not limits:
            return None
        starts: Sequence[Span] = (ANY_TIME,)
        for limit in limits:
            starts = meet(starts, limit.spans)
        return tuple(starts)


def _apart(spacing: Spacing, other: int, after: bool) -> Span:
    """When a visit may start whose tied one starts at `other`."""
    most = ANY_TIME[1] if spacing.max_s is None else spacing.max_s
    return (other + spacing.min_s, other + most) if after else (other - most, other - spacing.min_s)


def _begun(problem: Problem, plan: Plan) -> Mapping[str, int]:
    """When each served visit that is tied to others starts."""
    if not problem.spacings:
        return {}
    visit_by_task = problem.visit_by_task
    begun: dict[str, int] = {}
    for route in plan.routes:
        for stop in route.stops:
            visit = visit_by_task[stop.task].id
            begun[visit] = min(stop.start, begun.get(visit, stop.start))
    return begun
