"""Electronic visit verification: what was done, for whom, when, where, by whom, from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from app.field.events import Kind
from app.field.places import Place, place_of
from app.field.record import VisitRecord
from app.field.story import Entry
from app.store.mapping.field_day import FieldDay, Stay
from app.store.models import FieldEvent, Nurse, StopRow, Visit
from app.store.models.visit import VisitKind, VisitStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A check-in or a departure. `at` counts; `recorded` is what it was before any amendment, `device` the
    phone's own clock then, `received` when it came. `reasons`: of the amendments, the newest last."""

    at: datetime
    recorded: datetime
    device: datetime
    received: datetime
    place: Place | None
    reasons: tuple[str, ...]

    @property
    def amended(self) -> bool:
        """Somebody corrected it."""
        return bool(self.reasons)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verification:
    """The six elements of one nurse's service at one visit. `begin` or `end` None: not recorded."""

    service: str
    visit: Visit
    nurse: Nurse
    day: date
    begin: Mark | None
    end: Mark | None
    record: VisitRecord
    stop: StopRow

    @property
    def complete(self) -> bool:
        """Begin, end and the place of both are recorded."""
        marks = (self.begin, self.end)
        return all(mark is not None and mark.place is not None for mark in marks)

    @property
    def far_off(self) -> bool:
        """She surely was not at the address when she checked in or left."""
        marks = (self.begin, self.end)
        return any(mark is not None and mark.place is not None and mark.place.far_off for mark in marks)


def verifications(day: FieldDay) -> list[Verification]:
    """The services of a day, by nurse and time: those in force and booked, and all that were begun."""
    received = {row.id: row for row in day.rows}
    found = [_verification(day, stay, record, received) for stay, record in _services(day)]
    return sorted(found, key=lambda each: (each.nurse.name, each.nurse.id, each.stop.start))


def _services(day: FieldDay) -> Iterator[tuple[Stay, VisitRecord]]:
    for stay, record in day.records.items():
        booked = day.stops[stay].visit.status is VisitStatus.BOOKED
        if record.entries or (booked and stay in day.current):
            yield stay, record


def _verification(
    day: FieldDay, stay: Stay, record: VisitRecord, rows: dict[str, FieldEvent]
) -> Verification:
    stop = day.stops[stay]
    home = (stop.visit.patient.latitude, stop.visit.patient.longitude)
    arrived = [entry for entry in record.entries if entry.kind == Kind.ARRIVED]
    departed = [entry for entry in record.entries if entry.kind == Kind.DEPARTED]
    return Verification(
        service=_service(stop.visit),
        visit=stop.visit,
        nurse=day.nurses[stay[1]],
        day=day.day,
        begin=_mark(arrived[0], rows, home) if arrived else None,
        end=_mark(departed[-1], rows, home) if departed else None,
        record=record,
        stop=stop,
    )


def _service(visit: Visit) -> str:
    return visit.protocol.name if visit.kind is VisitKind.SESSION else f"{visit.protocol.name}, follow-up"


def _mark(entry: Entry, rows: dict[str, FieldEvent], home: tuple[float, float]) -> Mark:
    """The place is that of the phone when it was recorded: an amendment does not move it."""
    event = entry.event
    return Mark(
        at=entry.at,
        recorded=event.time,
        device=event.at,
        received=rows[event.id].received_at,
        place=place_of(event.payload.get("place"), home),
        reasons=tuple(str(each.payload["reason"]) for each in entry.amendments),
    )
