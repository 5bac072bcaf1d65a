"""Which phases of a visit began when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.field.events import Kind
from app.field.record import PhaseTimes
from app.field.story import Story
from app.field.visit import PlannedPhase, VisitSpec


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """`begun`: when each phase began, by position, in order; `flags`: what did not come in order."""

    planned: tuple[PlannedPhase, ...]
    begun: Mapping[int, datetime]
    flags: frozenset[str]

    @property
    def current(self) -> PlannedPhase | None:
        """The phase that runs."""
        last = max(self.begun, default=None)
        return next((phase for phase in self.planned if phase.position == last), None)

    def first_from(self, position: int) -> datetime | None:
        """When the first phase from this position on began."""
        return min((at for each, at in self.begun.items() if each >= position), default=None)

    def phases(self, left: datetime | None) -> tuple[PhaseTimes, ...]:
        """Every planned phase with its times; each ends when the next one begins, or when she leaves."""
        ends = dict(zip(self.begun, [*list(self.begun.values())[1:], left], strict=False))
        return tuple(
            PhaseTimes(
                position=phase.position,
                began=self.begun.get(phase.position),
                ended=ends.get(phase.position),
            )
            for phase in self.planned
        )


def course_of(visit: VisitSpec, story: Story) -> Course:
    """Positions only go up: one that has begun has begun, and a lower one is not gone back to."""
    known = [phase.position for phase in visit.phases]
    begun: dict[int, datetime] = {}
    flags = set()
    for entry in story.of(Kind.PHASE_BEGAN):
        position = entry.payload["position"]
        if position not in known:
            flags.add("unknown_phase")
        elif position not in begun and position < max(begun, default=-1):
            flags.add("out_of_order")
        elif position not in begun:
            expected = next((each for each in known if each > max(begun, default=-1)), None)
            if position != expected:
                flags.add("skipped_phase")
            begun[position] = entry.at
    return Course(planned=visit.phases, begun=begun, flags=frozenset(flags))
