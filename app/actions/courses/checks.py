"""Mania checks that are due and not on file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.actions.courses.booking import infusion_end
from app.days import clock_text, day_text, local_date, zone_of
from app.store.engine import Tx
from app.store.models import Region, Visit
from app.store.queries import courses

LOOK_BACK = timedelta(days=60)
"""A course whose last session is longer ago is over."""

HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Overdue:
    """The mania check after a patient's last session was due at `due`, UTC, and is not on file."""

    session: Visit
    due: datetime
    now: datetime

    @property
    def hours_late(self) -> int:
        """Whole hours since it was due."""
        return (self.now - self.due) // HOUR

    @property
    def words(self) -> str:
        """What is late and by how much, a sentence without the patient's name."""
        zone = zone_of(self.session.zone)
        due = f"{day_text(local_date(self.due, zone))}, {clock_text(self.due, zone)}"
        late = f"{self.hours_late} h late" if self.hours_late else "late by less than an hour"
        return (
            f"The mania check after the session on {day_text(self.session.day)} was due {due}: it is {late}. "
            "No further session is planned until it is recorded."
        )


def overdue_checks(tx: Tx, region: Region, now: datetime, patient_id: int | None = None) -> list[Overdue]:
    """The overdue checks of the region's active patients, or of one; the latest first.

    A session of today is still to come: nobody can say that it has taken place.
    A check is due by the end of the first follow-up of the session's protocol that asks for one; where none
    does, when the patient's next session may start, or never without a next one.
    """
    today = local_date(now, zone_of(region.zone))
    sessions = courses.sessions_to_check(tx, region.id, today - LOOK_BACK, patient_id)
    last: dict[int, Visit] = {}
    after: dict[int, Visit] = {}
    for session in sessions:
        if session.day < today:
            last[session.patient_id] = session
        else:
            after.setdefault(session.patient_id, session)
    checked = courses.newest_checks(tx, [session.id for session in last.values()])
    missing = [session for session in last.values() if session.id not in checked]
    found = _overdue(missing, after, courses.published_starts(tx, [each.id for each in missing]), now)
    return sorted(found, key=lambda each: (each.due, each.session.id))


def _overdue(
    missing: Sequence[Visit], after: Mapping[int, Visit], starts: Mapping[int, datetime], now: datetime
) -> list[Overdue]:
    dues = ((session, _due(session, after.get(session.patient_id), starts)) for session in missing)
    return [
        Overdue(session=session, due=due, now=now) for session, due in dues if due is not None and due <= now
    ]


def _due(session: Visit, following: Visit | None, starts: Mapping[int, datetime]) -> datetime | None:
    hours = [each.offset_hours + each.window_hours for each in session.version.follow_ups if each.mania_check]
    if not hours:
        return None if following is None else first_start(following)
    start = starts.get(session.id) or session.pinned_start or last_start(session)
    return start + timedelta(minutes=infusion_end(session)) + min(hours) * HOUR


def first_start(visit: Visit) -> datetime:
    """The earliest start that its windows allow."""
    return min(window.earliest_start for window in visit.windows)


def last_start(visit: Visit) -> datetime:
    """The latest start that its windows allow."""
    return max(window.latest_start for window in visit.windows)
