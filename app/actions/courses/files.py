"""What is put on file: who is there after a visit, the psychiatrist's agreement, mania checks.

Nothing is ever changed: a later row on the same thing counts, and the earlier ones stay.
"""

from __future__ import annotations

from datetime import date, datetime

from app.actions.actor import Actor
from app.actions.courses.common import require_patient, require_visit, today_of
from app.actions.errors import ActionError
from app.clock import utc_now
from app.days import day_text
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import Adult, AdultPresence, Agreement, ManiaCheck, Region, Visit
from app.store.models.visit import VisitKind


def record_presence(
    tx: Tx,
    actor: Actor,
    visit_id: int,
    adult_id: int,
    present_from: datetime,
    present_until: datetime,
    *,
    confirmed: bool,
) -> AdultPresence:
    """Say which responsible adult is there after a visit, from when to when (UTC), and whether she has
    confirmed it."""
    visit = require_visit(tx, actor, visit_id)
    adult = tx.get(Adult, adult_id)
    if adult is None or adult.patient_id != visit.patient_id:
        raise ActionError("This adult is not on file for the patient: add her first.")
    if present_until <= present_from:
        raise ActionError("The end of the time is not after its beginning: correct one of them.")
    row = AdultPresence(
        visit_id=visit.id,
        adult=adult,
        present_from=present_from,
        present_until=present_until,
        confirmed=confirmed,
        recorded_at=utc_now(),
        recorded_by=actor.user_id,
    )
    tx.add(row)
    tx.flush()
    _audit(tx, actor, "adult_presences", row.id, "confirmed" if confirmed else "not confirmed")
    return row


def record_agreement(
    tx: Tx, actor: Actor, patient_id: int, psychiatrist: str, agreed_on: date, expires_on: date | None
) -> Agreement:
    """Put the coordinating psychiatrist's agreement on file. Raises ActionError."""
    patient = require_patient(tx, actor, patient_id)
    if not psychiatrist.strip():
        raise ActionError("Missing: the psychiatrist's name.")
    if expires_on is not None and expires_on < agreed_on:
        raise ActionError(f"{expires_on} is before {agreed_on}, when it was given: correct one of them.")
    return _agreement(tx, actor, patient.id, psychiatrist.strip()[:200], agreed_on, expires_on, given=True)


def withdraw_agreement(tx: Tx, actor: Actor, patient_id: int, psychiatrist: str) -> Agreement:
    """Say that the psychiatrist no longer agrees, from today on."""
    patient = require_patient(tx, actor, patient_id)
    today = today_of(tx.get_one(Region, actor.region_id))
    return _agreement(tx, actor, patient.id, psychiatrist.strip()[:200], today, None, given=False)


def record_mania_check(
    tx: Tx, actor: Actor, visit_id: int, checked_on: date, checked_by: str, *, clear: bool
) -> ManiaCheck:
    """Record the check for mania after a session: by whom, and whether there were no signs (`clear`).

    Raises ActionError for a visit that is no session, a day before it, or one still to come.
    """
    visit = require_visit(tx, actor, visit_id)
    if visit.kind is not VisitKind.SESSION:
        raise ActionError(f"Visit {visit.code} is a follow-up: record the check with its session.")
    today = today_of(tx.get_one(Region, actor.region_id))
    if not visit.day <= checked_on <= today:
        raise ActionError(
            f"{checked_on} cannot be: give a day from the session, {day_text(visit.day)}, to today, "
            f"{day_text(today)}."
        )
    if not checked_by.strip():
        raise ActionError("Missing: who has checked.")
    return file_mania_check(tx, actor, visit, checked_on, checked_by, clear=clear)


def file_mania_check(
    tx: Tx, actor: Actor, visit: Visit, checked_on: date, checked_by: str, *, clear: bool
) -> ManiaCheck:
    """Put the check after a session on file, as the newest."""
    row = ManiaCheck(
        visit_id=visit.id,
        checked_on=checked_on,
        checked_by=checked_by.strip()[:200],
        clear=clear,
        recorded_at=utc_now(),
        recorded_by=actor.user_id,
    )
    tx.add(row)
    tx.flush()
    _audit(tx, actor, "mania_checks", row.id, "recorded")
    return row


def _agreement(
    tx: Tx,
    actor: Actor,
    patient_id: int,
    psychiatrist: str,
    agreed_on: date,
    expires_on: date | None,
    *,
    given: bool,
) -> Agreement:
    row = Agreement(
        patient_id=patient_id,
        psychiatrist=psychiatrist,
        given=given,
        agreed_on=agreed_on,
        expires_on=expires_on,
        recorded_at=utc_now(),
        recorded_by=actor.user_id,
    )
    tx.add(row)
    tx.flush()
    _audit(tx, actor, "agreements", row.id, "given" if given else "withdrawn")
    return row


def _audit(tx: Tx, actor: Actor, subject: str, key: int, detail: str) -> None:
    record(tx, actor, action="write", subject=subject, subject_id=str(key), detail=detail)
