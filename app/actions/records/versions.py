"""Versions of protocols: their approval, and booked visits that are moved to the newest one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.clock import utc_now
from app.store.audit import record as audit
from app.store.engine import Tx
from app.store.models import Protocol, ProtocolVersion, Visit
from app.store.models.visit import lengthened
from app.store.queries import records, versions


def approve(tx: Tx, actor: Actor, protocol: Protocol, number: int, name: str) -> None:
    """Note that the medical director of this name has approved the newest version.

    Raises ActionError where that is no longer the version with this number, is approved already, or no name
    is given.
    """
    records.lock(tx, protocol)
    version = protocol.newest
    if version.number != number:
        raise ActionError(
            f"Version {version.number} has been made since you opened this page: read it, then approve it."
        )
    if version.approved_at is not None:
        raise ActionError(f"Version {number} is approved already, by {version.approved_by}.")
    if not name:
        raise ActionError("Missing: the name of the medical director who has approved it.")
    version.approved_at, version.approved_by = utc_now(), name
    audit(
        tx,
        actor,
        action="write",
        subject="protocols",
        subject_id=str(protocol.id),
        detail=f"version {number} approved",
    )


def move_to_newest(
    tx: Tx, actor: Actor, protocol: Protocol, visit_ids: Collection[int], since: date
) -> list[Visit]:
    """Book these visits under the protocol's newest version; all or none. A published plan stays as it is.

    `since`: the region's today. Raises ActionError where one of them is not a coming visit booked under an
    older version, or would not be over in time by any of its windows.
    """
    newest = protocol.newest
    kept = {each.visit.id: each.visit for each in versions.kept_visits(tx, protocol, since)}
    if not set(visit_ids) <= set(kept):
        raise ActionError(
            "A chosen visit is no longer booked under an older version: look through the list once more."
        )
    chosen = [visit for id, visit in kept.items() if id in visit_ids]
    late = [visit.code for visit in chosen if not _fits(visit, newest)]
    if late:
        raise ActionError(
            f"Under version {newest.number} {', '.join(late)} would not be over in time: change the time "
            "windows first, or leave them out. No visit is moved."
        )
    for visit in chosen:
        records.lock(tx, visit)
        before, visit.version = visit.version.number, newest
        audit(
            tx,
            actor,
            action="write",
            subject="visits",
            subject_id=str(visit.id),
            detail=f"from version {before} to {newest.number} of protocol {protocol.id}",
        )
    return chosen


def _fits(visit: Visit, version: ProtocolVersion) -> bool:
    phases = lengthened(version.phases, visit.patient.phase_minimums)
    length = timedelta(minutes=sum(phase.minutes for phase in phases))
    return any(
        window.latest_end is None or window.earliest_start + length <= window.latest_end
        for window in visit.windows
    )
