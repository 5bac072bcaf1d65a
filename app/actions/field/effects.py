"""What a nurse's events do to the records: a no-go takes the visit off, a mania check goes on file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.actions.actor import Actor
from app.actions.courses.files import file_mania_check
from app.days import local_date, zone_of
from app.field.events import Kind
from app.field.story import Entry, Story, story_of
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import FieldEvent, ManiaCheck, Nurse, Visit
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries import field as queries
from app.store.queries.courses import newest_checks

DECISIONS = frozenset({Kind.GO, Kind.NO_GO, Kind.DISCHARGED, Kind.AMENDED})
"""The kinds that may change a record."""

NOT_HOME = "not_home"


def take_effect(tx: Tx, actor: Actor, nurse: Nurse, rows: Iterable[FieldEvent]) -> None:
    """Do what newly stored events ask for. The whole story of each visit counts, so the order in which they
    came does not matter."""
    touched = [row.visit_id for row in rows if row.kind in DECISIONS and not row.set_aside]
    visits = {visit for visit in touched if visit is not None}
    recorded = queries.of_visits(tx, visits)
    for visit_id in sorted(visits):
        visit = tx.get_one(Visit, visit_id)
        story = story_of(
            row.event
            for row in recorded
            if row.visit_id == visit_id and row.nurse_id == nurse.id and not row.set_aside
        )
        _decide(tx, actor, visit, story)
        _file_mania(tx, actor, nurse, visit, story)


def _decide(tx: Tx, actor: Actor, visit: Visit, story: Story) -> None:
    """The last word counts: no-go takes the visit off, a go after it books it again."""
    decisions = story.of(Kind.GO, Kind.NO_GO)
    if not decisions:
        return
    last = decisions[-1]
    if last.kind == Kind.NO_GO and visit.status is VisitStatus.BOOKED:
        missed = last.payload["reason"] == NOT_HOME
        _set_status(tx, actor, visit, VisitStatus.MISSED if missed else VisitStatus.CANCELLED, "no-go")
    refused_before = any(entry.kind == Kind.NO_GO for entry in decisions)
    if last.kind == Kind.GO and refused_before and visit.status is not VisitStatus.BOOKED:
        _set_status(tx, actor, visit, VisitStatus.BOOKED, "go after a no-go")


def _set_status(tx: Tx, actor: Actor, visit: Visit, status: VisitStatus, why: str) -> None:
    visit.status = status
    tx.flush()
    detail = f"status {status.value}: {why}"
    record(tx, actor, action="write", subject="visits", subject_id=str(visit.id), detail=detail)


def _file_mania(tx: Tx, actor: Actor, nurse: Nurse, visit: Visit, story: Story) -> None:
    """What she saw at discharge, or at a follow-up, is the check after the session. One that was put on file
    since stays the newest."""
    discharges = story.of(Kind.DISCHARGED)
    signs = discharges[-1].payload.get("mania_signs") if discharges else None
    session = visit if visit.kind is VisitKind.SESSION else visit.follows
    if signs is None or session is None:
        return
    said_at = _said_at(discharges[-1])
    checked_on = local_date(discharges[-1].at, zone_of(visit.zone))
    newest = newest_checks(tx, {session.id}).get(session.id)
    if newest is not None and (newest.recorded_at > said_at or _same(newest, nurse, not signs)):
        return
    file_mania_check(tx, actor, session, checked_on, nurse.name, clear=not signs)


def _said_at(entry: Entry) -> datetime:
    """When she said it, or last amended it."""
    return max([entry.event.time, *(each.time for each in entry.amendments)])


def _same(check: ManiaCheck, nurse: Nurse, clear: bool) -> bool:
    return check.checked_by == nurse.name and check.clear == clear
