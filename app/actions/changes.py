"""What has changed since a plan was made, so that it does not fit any more; the wording for dispatchers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.days import day_text
from app.store.mapping import Evidence, LoadedDay, ids, names_of
from app.store.mapping.modes import HAND_OVER
from app.store.models import PlanRow
from scheduler.check import Code, Violation, check
from scheduler.explain import lacks
from scheduler.model import Place, Plan, Problem, Visit


def changes_since(row: PlanRow, evidence: Evidence, today: LoadedDay) -> list[str]:
    """A sentence for each change that the plan does not survive; none where it can be carried out as it is.

    Harmless changes are not told: a visit that was left out and is cancelled now, an idle nurse who is off.
    """
    then, plan, now = evidence.problem, evidence.plan, today.problem
    names = _Names.of(row, today)
    gone = [*_visits_gone(then, plan, today, names), *_nurses_gone(plan, now, names)]
    if gone:
        return gone
    moved = [*_moved(then, plan, now, names), *_recipes(then, plan, now, names)]
    if moved:
        return list(dict.fromkeys(moved))
    known = {visit.id for visit in now.visits}
    kept = plan.replace(unassigned=tuple(visit for visit in plan.unassigned if visit in known))
    report = check(now, evidence.matrix, kept)
    return list(dict.fromkeys(names.say(violation) for violation in report.violations))


def _capital(sentence: str) -> str:
    """The sentence with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Names:
    """Visit codes and nurse names, by the planner's ids."""

    visits: Mapping[str, str]
    nurses: Mapping[str, str]
    day: str
    today: LoadedDay

    @classmethod
    def of(cls, row: PlanRow, today: LoadedDay) -> _Names:
        stops = [stop.visit for route in row.routes for stop in route.stops]
        return cls(
            visits={ids.visit_id(visit.id): visit.code for visit in (*stops, *today.visits.values())},
            nurses={ids.shift_id(nurse.id): nurse.name for nurse in today.nurses.values()},
            day=day_text(row.day),
            today=today,
        )

    def visit(self, id: str) -> str:
        """A visit in words, by its id or that of one of its tasks."""
        visit = id.partition(".")[0]
        return f"visit {self.visits.get(visit, visit)}"

    def nurse(self, shift: str) -> str:
        """A nurse's name by the id of her shift."""
        return self.nurses.get(shift, f"nurse {shift}")

    def say(self, violation: Violation) -> str:
        """What must have changed for the plan to break this rule now."""
        visit = "" if violation.visit is None else self.visit(violation.visit)
        nurse = "" if violation.shift is None else self.nurse(violation.shift)
        if violation.code is Code.CREDENTIAL:
            return _capital(f"{nurse} {self.lacking(violation)}, which {visit} asks for on {self.day}.")
        sentence = _SENTENCES.get(violation.code, "The records have changed ({code}).")
        return _capital(sentence.format(visit=visit, nurse=nurse, day=self.day, code=violation.code))

    def lacking(self, violation: Violation) -> str:
        """ "lacks ACLS (expired on Nov 20)", of the violation's shift and task."""
        problem = self.today.problem
        shift = next(each for each in problem.shifts if each.id == violation.shift)
        asked = problem.task_by_id[violation.task or ""].credentials
        return lacks(shift.nurse, sorted(asked - shift.credentials), names_of(self.today))


_HOURS = "{nurse}'s hours on {day} have changed."
_BREAK = "{nurse}'s break on {day} has changed."
_WINDOWS = "The time windows of {visit} have changed."
_STAFF = "The number of nurses for {visit} has changed."

_SENTENCES = {
    Code.VISIT_MISSING: "{visit} has been booked or changed since, and has no place in this plan.",
    Code.BARRED_NURSE: "{nurse} must no longer do {visit}.",
    Code.MOST_VISITS: "{nurse} may now do fewer visits a day.",
    Code.PIN: "{visit} has been pinned otherwise.",
    Code.SHIFT_START: _HOURS,
    Code.LEAVES_LATE: _HOURS,
    Code.SHIFT_END: _HOURS,
    Code.BREAK_MISSING: _BREAK,
    Code.BREAK_UNDUE: _BREAK,
    Code.BREAK_WINDOW: _BREAK,
    Code.BREAK_OVERLAP: _BREAK,
    Code.TOO_EARLY: _WINDOWS,
    Code.TOO_LATE: _WINDOWS,
    Code.ENDS_TOO_LATE: _WINDOWS,
    Code.MODE_INCOMPLETE: _STAFF,
    Code.SAME_NURSE: _STAFF,
    Code.LAG: _STAFF,
    Code.SPACING: "{visit} is too close to another session now, or too far from it.",
    Code.FOLLOW_UP: "The visit that {visit} follows does not take place any more.",
    Code.ORDER: "No order is valid any more at the planned time of {visit}.",
    Code.PRESCRIBER: "No prescriber can be reached any more at the planned time of {visit}.",
    Code.ADULT: "No responsible adult is there any more after {visit} as planned.",
    Code.AGREEMENT: "The coordinating psychiatrist's agreement to {visit} is not on file any more.",
    Code.MANIA_CHECK: "The mania check that {visit} needs is not on file.",
    Code.HOUR_LIMIT: "{nurse} has no hours left for {day}.",
    Code.REST: "{nurse} has too little rest before or after {day} now.",
    Code.STOCK: "{nurse} does not carry enough on {day} any more for the visits planned.",
}


def _served(then: Problem, plan: Plan) -> list[str]:
    visit_of = then.visit_by_task
    return list(dict.fromkeys(visit_of[stop.task].id for route in plan.routes for stop in route.stops))


def _visits_gone(then: Problem, plan: Plan, today: LoadedDay, names: _Names) -> Iterator[str]:
    known = {visit.id for visit in today.problem.visits}
    impossible = {ids.visit_id(visit.visit_id): visit.reason for visit in today.left_out}
    for visit in _served(then, plan):
        if visit in impossible:
            yield f"{_capital(names.visit(visit))} cannot be planned any more. {impossible[visit]}"
        elif visit not in known:
            yield f"{_capital(names.visit(visit))} has been cancelled or moved to another day."


def _nurses_gone(plan: Plan, now: Problem, names: _Names) -> Iterator[str]:
    known = {shift.id for shift in now.shifts}
    for route in plan.routes:
        if route.shift not in known:
            yield f"{names.nurse(route.shift)} does not work on {names.day} any more."


def _moved(then: Problem, plan: Plan, now: Problem, names: _Names) -> Iterator[str]:
    """Addresses that lie elsewhere now: the plan's drives do not lead there."""
    before, after = _places(then), _places(now)
    homes_before, homes_after = _homes(then), _homes(now)
    for route in plan.routes:
        if before[homes_before[route.shift]] != after[homes_after[route.shift]]:
            yield f"{names.nurse(route.shift)}'s home has another place on the map."
    stays_before, stays_after = _stays(then), _stays(now)
    for visit in _served(then, plan):
        if before[stays_before[visit]] != after[stays_after[visit]]:
            yield f"{_capital(names.visit(visit))} has another place on the map."


def _recipes(then: Problem, plan: Plan, now: Problem, names: _Names) -> Iterator[str]:
    """Visits that run otherwise now, were it only by an infusion that lasts longer and a shorter
    monitoring; and hand-overs that are no longer allowed."""
    before, after, visit_of = then.task_by_id, now.task_by_id, then.visit_by_task
    for stop in (stop for route in plan.routes for stop in route.stops):
        if stop.task in after and before[stop.task].phases != after[stop.task].phases:
            yield f"The phases of {names.visit(stop.task)} have changed."
        elif stop.task not in after and _is_handed_over(visit_of[stop.task], stop.task):
            yield f"{_capital(names.visit(stop.task))} may no longer be handed over."


def _is_handed_over(visit: Visit, task: str) -> bool:
    return any(mode.id == HAND_OVER and task in {each.id for each in mode.tasks} for mode in visit.modes)


def _places(problem: Problem) -> dict[str, Place]:
    return {place.id: place for place in problem.places}


def _homes(problem: Problem) -> dict[str, str]:
    return {shift.id: shift.start_place for shift in problem.shifts}


def _stays(problem: Problem) -> dict[str, str]:
    return {visit.id: visit.tasks[0].place for visit in problem.visits}
