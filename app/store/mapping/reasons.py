"""Why visits are unassigned, as rows with names in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from app.days import clock_text, day_text
from app.store.mapping import ids
from app.store.mapping.day import LoadedDay
from app.store.mapping.shifts import kinds_on
from app.store.models import Credential, Nurse, UnassignedRow
from scheduler.explain import Names, words
from scheduler.plan_day import DayPlan


def reason_rows(loaded: LoadedDay, made: DayPlan) -> list[UnassignedRow]:
    """A row for each visit without a nurse: those that could be planned first."""
    names = names_of(loaded)
    rows = []
    for why in made.reasons:
        said = words(why, names)
        details = [{"nurse": names.nurse(nurse), "why": sentence} for nurse, sentence in said.nurses]
        rows.append(UnassignedRow(visit_id=ids.key(why.visit), reason=said.summary, details=details))
    rows += [UnassignedRow(visit_id=out.visit_id, reason=out.reason, details=[]) for out in loaded.left_out]
    return rows


def names_of(loaded: LoadedDay) -> Names:
    """The names of the region's nurses and of the day's visits, and what became of credentials that do not
    count on the day."""
    today = loaded.today
    return Names(
        clock=lambda seconds: clock_text(today.origin + timedelta(seconds=seconds), today.zone),
        nurses={ids.nurse_id(nurse.id): nurse.name for nurse in loaded.nurses.values()},
        visits={ids.visit_id(visit.id): visit.code for visit in loaded.visits.values()},
        notes=_credential_notes(loaded.nurses, today.day),
    )


def _credential_notes(nurses: Mapping[int, Nurse], day: date) -> dict[tuple[str, str], str]:
    """What became of each credential that does not count on the day."""
    notes: dict[tuple[str, str], str] = {}
    for nurse in nurses.values():
        held = kinds_on(nurse, day)
        # By date, so that of several of one kind the latest speaks.
        for credential in sorted(nurse.credentials, key=lambda row: row.valid_from):
            if credential.kind not in held:
                notes[ids.nurse_id(nurse.id), credential.kind] = _note(credential, day)
    return notes


def _note(credential: Credential, day: date) -> str:
    if credential.expires_on is not None and credential.expires_on < day:
        return f"expired on {day_text(credential.expires_on)}"
    return f"counts from {day_text(credential.valid_from)} on"
