"""What will stop a coming visit unless somebody mends it, the soonest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import permutations

from app.actions.courses.checks import Overdue, first_start, last_start, overdue_checks
from app.days import day_text, local_date, zone_of
from app.store.engine import Tx
from app.store.mapping.credentials import limited_kinds, note, spoken, state_of
from app.store.mapping.gates import Standing, standings
from app.store.mapping.shifts import LocalDay, shift_of
from app.store.mapping.visits import Planned, visit_of
from app.store.models import Nurse, Patient, Region, Visit
from app.store.queries import courses, planning
from scheduler.model import GateKind, Mode, ModelError, Shift

DAYS_AHEAD = 14
MOST_DAYS = 60

LABELS = {
    GateKind.ORDER: "Order",
    GateKind.PRESCRIBER: "Prescriber",
    GateKind.ADULT: "Responsible adult",
    GateKind.AGREEMENT: "Agreement",
    GateKind.MANIA_CHECK: "Mania check",
}
CREDENTIAL = "Credential"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mend:
    """Where it is mended: a record's `noun` and key, or the patient's "course"; key None: the whole list."""

    noun: str
    key: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One thing that stops a visit. `bites`: when the visit is to start, or a check was due; UTC. `words`:
    what is wrong and the cure, without the patient's name."""

    bites: datetime
    visit: Visit
    label: str
    words: str
    mend: Mend

    @property
    def patient(self) -> Patient:
        """Whose visit it is."""
        return self.visit.patient


def attention(tx: Tx, region: Region, now: datetime, days: int = DAYS_AHEAD) -> list[Item]:
    """All that will stop a visit booked from today until `days` days ahead, and mania checks that are
    overdue; the soonest first. Visits whose last start has passed are left out."""
    today = local_date(now, zone_of(region.zone))
    booked = planning.coming_visits(tx, region.id, today, today + timedelta(days=days))
    visits = [visit for visit in booked if visit.windows and last_start(visit) >= now]
    starts = courses.published_starts(tx, [visit.id for visit in visits])
    late = {each.session.patient_id: each for each in overdue_checks(tx, region, now)}
    found = [_of_check(each) for each in late.values()]
    filed = courses.on_file(tx, visits)
    staff = _Staff(
        region=region, nurses=planning.nurses(tx, region.id), states=planning.states(tx, region), now=today
    )
    for visit in visits:
        bites = starts.get(visit.id) or visit.pinned_start or first_start(visit)
        closed = [gate for gate in standings(visit, filed, today) if not gate.open]
        found += [_of_gate(gate, visit, bites) for gate in closed if not _told(gate, visit, late)]
        found += [] if (lacking := staff.lacking(visit)) is None else [_of_staff(lacking, visit, bites)]
    return sorted(found, key=lambda item: (item.bites, item.visit.id, item.label))


def _told(gate: Standing, visit: Visit, late: Mapping[int, Overdue]) -> bool:
    return gate.kind is GateKind.MANIA_CHECK and visit.patient_id in late


def _of_check(each: Overdue) -> Item:
    return Item(
        bites=each.due,
        visit=each.session,
        label=LABELS[GateKind.MANIA_CHECK],
        words=each.words,
        mend=Mend(noun="course", key=each.session.patient_id),
    )


def _of_gate(gate: Standing, visit: Visit, bites: datetime) -> Item:
    mend = Mend(noun="course", key=visit.patient_id)
    if visit.order is not None and gate.kind is GateKind.ORDER:
        mend = Mend(noun="orders", key=visit.order.id)
    if visit.order is not None and gate.kind is GateKind.PRESCRIBER:
        mend = Mend(noun="prescribers", key=visit.order.prescriber_id)
    return Item(bites=bites, visit=visit, label=LABELS[gate.kind], words=gate.words, mend=mend)


def _of_staff(lacking: _Lacking, visit: Visit, bites: datetime) -> Item:
    mend = (
        Mend(noun="credentials", key=None)
        if lacking.nurse is None
        else Mend(noun="nurses", key=lacking.nurse.id)
    )
    return Item(bites=bites, visit=visit, label=CREDENTIAL, words=lacking.words, mend=mend)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Lacking:
    """Why nobody may do a visit, and the nurse whose credential would help."""

    words: str
    nurse: Nurse | None


@dataclass(frozen=True, kw_only=True)
class _Staff:
    """The region's nurses, and who of them may do what on which day, as of today's records."""

    region: Region
    nurses: Sequence[Nurse]
    states: frozenset[str]
    now: date

    def lacking(self, visit: Visit) -> _Lacking | None:
        """Why none of those who work that day may do the visit, by what they hold; None where some may, where
        nobody works, or where something else keeps the visit from being planned."""
        at_work = self._at_work(visit.day)
        on_shift = {nurse.id: nurse for nurse, _ in at_work}
        today = LocalDay(day=visit.day, zone=zone_of(visit.zone))
        planned = visit_of(visit, today, on_shift, state_of(visit.patient, self.region))
        if not isinstance(planned, Planned) or not at_work:
            return None
        barred = planned.visit.barred_nurses
        free = [(nurse, shift) for nurse, shift in at_work if shift.nurse not in barred]
        if any(_can(mode, [shift for _, shift in free]) for mode in planned.visit.modes):
            return None
        return self._why(planned.visit.modes[0], free, visit.day)

    def _why(self, mode: Mode, free: Sequence[tuple[Nurse, Shift]], day: date) -> _Lacking:
        when = day_text(day)
        asked = sorted(mode.tasks[0].credentials)
        held = {name for _, shift in free for name in shift.credentials}
        nobody = [name for name in asked if name not in held]
        if not free:
            return _Lacking(words=f"All who work on {when} are barred from this patient.", nurse=None)
        if not nobody:
            some = [nurse.name for nurse, shift in free if shift.credentials >= mode.tasks[0].credentials]
            every = _listed([spoken(name, self._limited) for name in asked])
            only = f"only {_listed(some)} does" if some else "none does"
            count = f"{len(mode.tasks)} nurses who hold" if len(mode.tasks) > 1 else "one nurse who holds"
            return _Lacking(words=f"It takes {count} {every}, and {only} on {when}.", nurse=None)
        said = [(nurse, note(nurse, nobody[0], day, now=self.now)) for nurse, _ in free]
        noted = [(nurse, words) for nurse, words in said if words is not None]
        ends = "; ".join(f"{nurse.name}'s {words}" for nurse, words in noted)
        words = f"No nurse working on {when} holds {spoken(nobody[0], self._limited)}"
        return _Lacking(
            words=f"{words}: {ends}." if ends else f"{words}.", nurse=noted[0][0] if noted else None
        )

    @cached_property
    def _limited(self) -> frozenset[str]:
        return limited_kinds(self.nurses)

    @cached_property
    def _days(self) -> dict[date, list[tuple[Nurse, Shift]]]:
        return {}

    def _at_work(self, day: date) -> list[tuple[Nurse, Shift]]:
        if day not in self._days:
            self._days[day] = list(self._shifts(LocalDay(day=day, zone=zone_of(self.region.zone))))
        return self._days[day]

    def _shifts(self, today: LocalDay) -> Iterator[tuple[Nurse, Shift]]:
        for nurse in self.nurses:
            try:
                shift = shift_of(nurse, self.region, today, self.states)
            except ModelError:
                continue  # the day's plan tells of it
            if shift is not None:
                yield nurse, shift


def _can(mode: Mode, shifts: Iterable[Shift]) -> bool:
    """Whether different nurses may do the mode's tasks, by what they hold."""
    able = [[shift.nurse for shift in shifts if task.credentials <= shift.credentials] for task in mode.tasks]
    if len(able) == 1:
        return bool(able[0])
    nurses = {nurse for each in able for nurse in each}
    return any(
        all(nurse in each for nurse, each in zip(chosen, able, strict=True))
        for chosen in permutations(sorted(nurses), len(able))
    )


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
