"""What the actions of a course share."""

from __future__ import annotations

from datetime import date

from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.clock import utc_now
from app.days import local_date, zone_of
from app.store.engine import Tx
from app.store.models import Patient, Region, Visit
from app.store.models.user import Role
from app.store.queries import records


def require_dispatcher(actor: Actor) -> None:
    """Raise ActionError unless the actor is a dispatcher."""
    if actor.role is not Role.DISPATCHER:
        raise ActionError("Only a dispatcher changes a course of treatment: ask one.")


def require_visit(tx: Tx, actor: Actor, visit_id: int) -> Visit:
    """A visit of the actor's region, locked. Raises ActionError."""
    require_dispatcher(actor)
    visit = records.one(tx, Visit, actor.region_id, visit_id)
    if visit is None:
        raise ActionError("There is no such visit: go back to the patient and look again.")
    records.lock(tx, visit)
    return visit


def require_patient(tx: Tx, actor: Actor, patient_id: int) -> Patient:
    """A patient of the actor's region. Raises ActionError."""
    require_dispatcher(actor)
    patient = records.one(tx, Patient, actor.region_id, patient_id)
    if patient is None:
        raise ActionError("There is no such patient: go back to the list and look again.")
    return patient


def today_of(region: Region) -> date:
    """The region's date."""
    return local_date(utc_now(), zone_of(region.zone))
