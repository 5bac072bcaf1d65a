"""The ways to carry out a booked visit: by one nurse or two together throughout, or with a hand-over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.store.mapping import ids
from app.store.mapping.credentials import name_in
from app.store.models import Visit
from app.store.models.protocol import PhaseKind, hand_over_place
from app.store.models.visit import Phase, VisitKind
from scheduler import model
from scheduler.model import Lag, Mode, Supply, Task, Window

THROUGHOUT, BESIDE = 1, 2
"""The numbers, within a visit, of the tasks of nurses who stay from arrival to discharge."""

GIVER, TAKER = 2, 3
"""Those of a hand-over (never beside a second nurse): of the infusion nurse and the monitoring clinician."""

HAND_OVER = "hand-over"
"""The mode's id."""


def modes_of(visit: Visit, windows: Sequence[Window], state: str) -> tuple[Mode, ...]:
    """The visit's modes, given the windows within which it starts and is over, and the patient's state.

    A visit pinned to one nurse is not handed over; one pinned to two is in no other way.
    """
    place = _hand_over_place(visit)
    if place is None or (visit.pinned_nurse_id is not None and visit.pinned_taker_id is None):
        return (_throughout(visit, windows, state),)
    return (_throughout(visit, windows, state), _hand_over(visit, windows, place, state))


def is_pinned_hand_over(visit: Visit) -> bool:
    """Whether the visit is pinned to both nurses of a hand-over. Where its protocol knows none, or none any
    more, it is pinned to the nurse who begins."""
    return visit.pinned_taker_id is not None and _hand_over_place(visit) is not None


def _hand_over_place(visit: Visit) -> int | None:
    """The number of the phases before the hand-over; None where there can be none."""
    return hand_over_place([phase.kind for phase in visit.phases]) if visit.version.hand_over else None


def _throughout(visit: Visit, windows: Sequence[Window], state: str) -> Mode:
    """One nurse's stay, or two nurses' stays that start together."""
    first = _Stay(number=THROUGHOUT, phases=visit.phases, duties=visit.phases, brings=_uses(visit))
    stays = (first, replace(first, number=BESIDE, brings=()))[: visit.staff]
    tasks = tuple(stay.task(visit, windows, state) for stay in stays)
    together = tuple(Lag(first=tasks[0].id, then=task.id) for task in tasks[1:])
    return Mode(id="throughout", tasks=tasks, lags=together)


def _hand_over(visit: Visit, windows: Sequence[Window], place: int, state: str) -> Mode:
    """The clinician comes at the infusion's end; the infusion nurse leaves when the overlap is over."""
    before, after = visit.phases[:place], visit.phases[place:]
    both = Phase(kind=PhaseKind.MONITORING, minutes=visit.version.overlap_minutes, credentials=frozenset())
    infusion = _Stay(number=GIVER, phases=(*before, both), duties=before, brings=_uses(visit))
    monitoring = _Stay(number=TAKER, phases=after, duties=after, since=_seconds(before))
    giver, taker = (stay.task(visit, windows, state) for stay in (infusion, monitoring))
    lag = Lag(first=giver.id, then=taker.id, min_s=monitoring.since, max_s=monitoring.since)
    return Mode(id=HAND_OVER, tasks=(giver, taker), lags=(lag,))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stay:
    """One nurse's part of a visit, from `since` seconds after its start on.

    `phases`: what runs while she is there; `duties`: the phases whose credentials she needs; `brings`: the
    kit and drug units that she takes along for the visit.
    """

    number: int
    phases: Sequence[Phase]
    duties: Sequence[Phase]
    since: int = 0
    brings: tuple[Supply, ...] = ()

    def task(self, visit: Visit, windows: Sequence[Window], state: str) -> Task:
        """The stay as a task: it keeps one of its windows exactly where the visit keeps one of `windows`."""
        until = _seconds(visit.phases) - self.since - _seconds(self.phases)
        kinds = {*visit.version.credentials, *(kind for phase in self.duties for kind in phase.credentials)}
        return Task(
            id=ids.task_id(visit.id, self.number),
            place=ids.patient_place(visit.patient_id),
            duration=_seconds(self.phases),
            windows=tuple(_of_part(window, self.since, until) for window in windows),
            credentials=frozenset(name_in(kind, state) for kind in kinds),
            phases=tuple(
                model.Phase(name=phase.kind.value, duration=phase.minutes * 60) for phase in self.phases
            ),
            uses=self.brings,
        )


def _of_part(window: Window, since: int, until: int) -> Window:
    """The window of a stay that begins `since` seconds after the visit and is over `until` seconds before."""
    end = window.latest_end
    return window.replace(
        earliest_start=window.earliest_start + since,
        latest_start=window.latest_start + since,
        latest_end=None if end is None else end - until,
    )


def _uses(visit: Visit) -> tuple[Supply, ...]:
    """Kit and drug units of an infusion; a follow-up takes none."""
    if visit.kind is not VisitKind.SESSION:
        return ()
    kit = (Supply(item=item, units=1) for item in visit.version.kit)
    drugs = (Supply(item=drug.item, units=drug.units) for drug in visit.version.drug_units)
    return (*kit, *drugs)


def _seconds(phases: Sequence[Phase]) -> int:
    return sum(phase.minutes for phase in phases) * 60
