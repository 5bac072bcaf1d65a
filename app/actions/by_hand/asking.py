"""Why a visit is where it is, why it is nowhere, and what would make another place possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.actions.actor import Actor
from app.actions.by_hand.drafts import Travel
from app.actions.by_hand.moving import desk_for, has_begun, seconds_now, task_of
from app.actions.by_hand.names import names_for
from app.actions.by_hand.seen import Seen, looked_at
from app.actions.by_hand.verdict import Outcome, Verdict, verdict_of
from app.clock import utc_now
from app.store.audit import record
from app.store.engine import Tx
from app.store.mapping import ids
from app.store.mapping.reasons import credential_notes
from app.store.queries import planning
from scheduler.explain import Desk, Names, Scene, Tried, why_unassigned, words
from scheduler.explain.wish_words import wish
from scheduler.model import relaxed

MOST_PLACES, MOST_WISHES = 5, 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """`sentences` answer the question; `places` are the nearest other ones by nurse, the best first, and
    `wishes` what would make one possible. `nurses`: of a visit without a nurse, what keeps each from it."""

    served: bool
    sentences: tuple[str, ...]
    places: tuple[tuple[int, str, Verdict], ...]
    wishes: tuple[str, ...]
    nurses: tuple[tuple[str, str], ...]


def why(tx: Tx, actor: Actor, day: date, seen: Seen, visit: int, travel: Travel) -> Answer:
    """Ask about one visit of the plan that the dispatcher has before her. Raises StaleError where it is
    another one, ActionError where the visit is not of it."""
    region, row = looked_at(tx, actor, day, seen)
    desk, _ = desk_for(tx, region, row, visit, travel)
    names = replace(
        names_for(tx, row, desk),
        notes=credential_notes(planning.nurses(tx, region.id), desk.credentials, day),
    )
    record(tx, actor, action="read", subject="visits", subject_id=str(visit), detail="why it is where it is")
    id, now_s = ids.visit_id(visit), seconds_now(desk, utc_now())
    served = desk.where(id)
    if desk.begun(id, now_s):
        return Answer(served=True, sentences=(has_begun(visit, names),), places=(), wishes=(), nurses=())
    tried = desk.everywhere(id, task_of(desk, visit, None), now_s)
    hers = {each.shift for each in served}
    verdicts = {
        shift: verdict_of(desk, each, names, now_s, shift)
        for shift, each in tried.items()
        if shift not in hers
    }
    places = _places(desk, verdicts, names)
    if served:
        return Answer(served=True, sentences=_why_here(desk, places), places=places, wishes=(), nurses=())
    found = words(why_unassigned(relaxed(desk.problem), desk.matrix, desk.plan, id), names)
    return Answer(
        served=False,
        sentences=(found.summary,),
        places=places,
        wishes=_wishes(desk, tried, verdicts, names),
        nurses=tuple((names.nurse(nurse), said) for nurse, said in found.nurses),
    )


def _places(
    desk: Desk, verdicts: Mapping[str, Verdict], names: Names
) -> tuple[tuple[int, str, Verdict], ...]:
    possible = [
        (shift, verdict) for shift, verdict in verdicts.items() if verdict.outcome is not Outcome.REFUSED
    ]
    possible.sort(key=lambda each: (len(each[1].exceptions), each[1].added))
    nurses = ((desk.shifts[shift].nurse, verdict) for shift, verdict in possible[:MOST_PLACES])
    return tuple((ids.key(nurse), names.nurse(nurse), verdict) for nurse, verdict in nurses)


def _why_here(desk: Desk, places: Sequence[tuple[int, str, Verdict]]) -> tuple[str, ...]:
    accepted = [(name, verdict) for _, name, verdict in places if verdict.outcome is Outcome.ACCEPTED]
    if not accepted:
        if places:
            return ("No other nurse has room for it, unless a rule is set aside.",)
        return ("No other nurse can do it, as the day is planned.",)
    name, verdict = accepted[0]
    if verdict.added > 0:
        return (f"Nobody does it for less. The next best, {name}, would cost {verdict.price[1:]} more.",)
    if verdict.added == 0:
        return (f"{name} could do it at the same cost.",)
    return (f"{name} could do it for {verdict.price[1:]} less: a move, or a re-plan, would save that.",)


def _wishes(
    desk: Desk, tried: Mapping[str, Tried], verdicts: Mapping[str, Verdict], names: Names
) -> tuple[str, ...]:
    """The least that would have to be otherwise, nurse by nurse: fewest wishes first, then the smallest."""
    found: list[tuple[tuple[int, int, int], str]] = []
    for shift, each in tried.items():
        verdict = verdicts.get(shift)
        if each.report.feasible or each.late or verdict is None or verdict.at is None:
            continue
        said = wish(each.report.violations, Scene(problem=desk.problem, plan=each.plan, names=names))
        if said is not None:
            size = sum(violation.by for violation in each.report.violations)
            at = names.clock(round((verdict.at - desk.problem.origin).total_seconds()))
            nurse = names.nurse(desk.shifts[shift].nurse)
            sentence = f"if {said}: {nurse} at {at}, {verdict.price}."
            found.append(((len(each.report.violations), size, verdict.added), sentence))
    return tuple(sentence for _, sentence in sorted(found)[:MOST_WISHES])
