"""Why visits are unassigned, as rows with names in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from app.days import clock_text
from app.store.mapping import ids
from app.store.mapping.credentials import held_by, limited_kinds, note, parts_of, spoken
from app.store.mapping.day import LoadedDay
from app.store.models import Nurse, UnassignedRow
from scheduler import model
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


def names_of(loaded: LoadedDay, *also: model.Visit) -> Names:
    """The names of the region's nurses and of the day's visits, and what became of credentials that do not
    count on the day, or not where the patient lives. `also`: further visits that are spoken of."""
    today, limited = loaded.today, limited_kinds(loaded.nurses.values())
    asked = {
        name for visit in (*loaded.problem.visits, *also) for task in visit.tasks for name in task.credentials
    }
    return Names(
        clock=lambda seconds: clock_text(today.origin + timedelta(seconds=seconds), today.zone),
        nurses={ids.nurse_id(nurse.id): nurse.name for nurse in loaded.nurses.values()},
        visits={ids.visit_id(visit.id): visit.code for visit in loaded.visits.values()},
        credentials={name: spoken(name, limited) for name in asked},
        notes=credential_notes(loaded.nurses.values(), asked, today.day),
    )


def credential_notes(
    nurses: Iterable[Nurse], asked: Collection[str], day: date
) -> dict[tuple[str, str], str]:
    """What became of each credential that is asked for and does not count."""
    notes: dict[tuple[str, str], str] = {}
    for nurse in nurses:
        for name in asked:
            said = None if name in held_by(nurse, day, (parts_of(name)[1],)) else note(nurse, name, day)
            if said is not None:
                notes[ids.nurse_id(nurse.id), name] = said
    return notes
