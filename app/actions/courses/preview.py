"""A session moved or dropped in two steps: what that does to the later ones and who must be told; then the
same, saved as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from app.actions.actor import Actor
from app.actions.courses import series
from app.actions.courses.series import Moved
from app.actions.errors import ActionError
from app.days import day_text
from app.store.engine import Tx
from app.store.models import AdultPresence, Nurse, Patient, Visit
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries import courses, planned


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A session gets another day, and stays there."""

    visit_id: int
    day: date

    def take(self, tx: Tx, actor: Actor) -> list[Moved]:
        """See `series.move_session`."""
        return series.move_session(tx, actor, self.visit_id, self.day)


@dataclass(frozen=True, kw_only=True, slots=True)
class Drop:
    """A session is cancelled or was missed, and perhaps made up."""

    visit_id: int
    status: VisitStatus
    make_up: bool

    def take(self, tx: Tx, actor: Actor) -> list[Moved]:
        """See `series.drop_session`."""
        return series.drop_session(tx, actor, self.visit_id, self.status, make_up=self.make_up)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A visit that gets another day; `before` None: it is new, `after` None: it does not take place."""

    code: str
    name: str
    before: date | None
    after: date | None
    status: VisitStatus

    @property
    def sentence(self) -> str:
        """As in "Session 2 moves from Thu, Jun 13 to Fri, Jun 14."."""
        if self.before is None:
            assert self.after is not None, "a new visit has a day"
            return f"{self.name} is booked for {day_text(self.after)}."
        if self.after is None:
            return f"{self.name} on {day_text(self.before)} is {self.status.value}."
        return f"{self.name} moves from {day_text(self.before)} to {day_text(self.after)}."


@dataclass(frozen=True, kw_only=True, slots=True)
class ToTell:
    """Somebody who must be told: `what`, a sentence each."""

    name: str
    role: str
    phone: str
    what: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What a step does. `planned`: days whose plans do not know of it; `key`: a word for exactly this."""

    patient_id: int
    changes: tuple[Change, ...]
    to_tell: tuple[ToTell, ...]
    planned: dict[date, PlanStatus]
    key: str


def days_of(changes: Iterable[Change]) -> set[date]:
    """All days that the changes touch."""
    return {day for each in changes for day in (each.before, each.after) if day is not None}


def preview(tx: Tx, actor: Actor, step: Move | Drop) -> Preview:
    """What the step would do; nothing is changed. Raises ActionError, which says which rule blocks it."""
    with tx.begin_nested() as trial:
        seen = _seen(tx, step.visit_id, step.take(tx, actor))
        trial.rollback()
    return seen


def confirm(tx: Tx, actor: Actor, step: Move | Drop, key: str) -> Preview:
    """Take the step as it was previewed, all or nothing. `key`: the preview's.

    Raises ActionError, with nothing changed, where a rule blocks it or it does something else by now.
    """
    with tx.begin_nested():
        seen = _seen(tx, step.visit_id, step.take(tx, actor))
        if seen.key != key:
            raise ActionError(
                "Nothing was saved: something has changed since you looked, and the step would do something "
                "else now. Look again."
            )
    return seen


def _seen(tx: Tx, visit_id: int, moved: Sequence[Moved]) -> Preview:
    patient = tx.get_one(Visit, visit_id).patient
    changes = tuple(change_of(each) for each in moved)
    days = days_of(changes)
    known = {each.visit.id: each for each in moved if each.before is not None}
    return Preview(
        patient_id=patient.id,
        changes=changes,
        to_tell=tuple(_to_tell(tx, patient, changes, known)),
        planned=planned.plans_on(tx, patient.region_id, days, min(days)) if days else {},
        key=_key(changes),
    )


def change_of(moved: Moved) -> Change:
    """What has been done to a visit, in words; its visit is read at once."""
    visit = moved.visit
    if visit.kind is VisitKind.SESSION:
        name = f"Session {visit.session}"
    else:
        name = f"{'Call' if visit.kind is VisitKind.CALL else 'Follow-up'} {visit.code}"
    return Change(code=visit.code, name=name, before=moved.before, after=moved.after, status=visit.status)


def _key(changes: Iterable[Change]) -> str:
    lines = sorted(f"{each.code} {each.before} {each.after} {each.status}" for each in changes)
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


def _to_tell(
    tx: Tx, patient: Patient, changes: Sequence[Change], known: dict[int, Moved]
) -> Iterator[ToTell]:
    """The patient; the adults who were to stay with her; the nurses who have one of the visits on their
    published route."""
    if changes:
        said = tuple(each.sentence for each in changes)
        yield ToTell(name=patient.name, role="patient", phone=patient.phone, what=said)
    adults: dict[int, list[AdultPresence]] = {}
    for row in _newest(courses.presences_of(tx, known.keys())):
        adults.setdefault(row.adult_id, []).append(row)
    for rows in adults.values():
        asked = tuple(_ask(known[row.visit_id]) for row in sorted(rows, key=lambda row: row.present_from))
        yield ToTell(name=rows[0].adult.name, role="responsible adult", phone=rows[0].adult.phone, what=asked)
    nurses: dict[Nurse, list[str]] = {}
    for visit_id, day, nurse in courses.published_nurses(tx, known.keys()):
        nurses.setdefault(nurse, []).append(
            f"Visit {known[visit_id].visit.code} on {day_text(day)} is on the published route: re-plan that "
            "day and publish it."
        )
    for nurse, lines in nurses.items():
        yield ToTell(name=nurse.name, role="nurse", phone=nurse.phone, what=tuple(lines))


def _newest(rows: Iterable[AdultPresence]) -> list[AdultPresence]:
    """Of each visit the newest row; given newest first."""
    found: dict[int, AdultPresence] = {}
    for row in rows:
        found.setdefault(row.visit_id, row)
    return list(found.values())


def _ask(moved: Moved) -> str:
    assert moved.before is not None, "somebody was to stay after it"
    if moved.after is None:
        return f"Need not stay on {day_text(moved.before)}."
    return f"Was to stay on {day_text(moved.before)}: ask for {day_text(moved.after)}, and record the answer."
