"""Plans: asked for, stored as drafts, judged again, published or discarded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.actions import effects, in_time, runs
from app.actions.actor import Actor
from app.actions.changes import changes_since
from app.actions.errors import ActionError
from app.clock import utc_now
from app.days import CalendarError, day_text, local_date, zone_of
from app.store.audit import record
from app.store.engine import Tx
from app.store.mapping import (
    Evidence,
    LoadedDay,
    Upon,
    draft_of,
    evidence_of,
    load_day,
    midday_of,
    rows_agree,
    seen_again,
)
from app.store.models import PlanRow, Region, Replan, Run
from app.store.models.plan import PlanStatus
from app.store.models.run import RunTrigger
from app.store.models.user import Role
from app.store.queries import by_hand, disruptions
from app.store.queries import plans as queries
from app.store.queries import runs as run_queries
from app.store.queries.seen import seen_on
from scheduler.check import CheckReport, check
from scheduler.io import FormatError
from scheduler.plan_day import DayPlan

MOST_CHANGES_TOLD = 4
"""A refusal names so many changes and counts the rest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What is to be said of a stored plan, a sentence each.

    `faults`: rules it breaks by its own evidence, or rows that say something else. `changes`: what has
    changed since, so that it does not fit any more. `report`: the referee's, None where the evidence cannot
    be read.
    """

    plan_id: int
    faults: tuple[str, ...]
    changes: tuple[str, ...]
    report: CheckReport | None

    @property
    def sound(self) -> bool:
        """It may be published."""
        return not self.faults and not self.changes


def request_replan(tx: Tx, actor: Actor, day: date) -> Run:
    """Queue a run for a day of the actor's region.

    Raises ActionError where one is queued or running already, the day is over, or the actor is no dispatcher.
    """
    now = utc_now()
    region = region_of(tx, actor)
    require_not_over(region, day, now)
    runs.sweep(tx, now)
    run = runs.queue(tx, region, day, RunTrigger.REPLAN, now=now, requested_by=actor.user_id)
    if run is None:
        raise ActionError(f"{day_text(day)} is being planned already: wait for that run, or cancel it.")
    record(tx, actor, action="re-plan", subject="runs", subject_id=str(run.id), detail=f"day {day}")
    return run


def store_draft(
    tx: Tx, run_id: int, loaded: LoadedDay, made: DayPlan, now: datetime, upon: Upon | None = None
) -> PlanRow | None:
    """Store what a run made, `upon` the published plan if there was one, as the day's draft, in place of the
    earlier one, and end the run.

    The published plan is not touched. None, and nothing is stored, where the run is not running any more.
    """
    run = run_queries.running(tx, run_id)
    if run is None:
        return None
    draft = replace_draft(tx, loaded, made, run.id, now, upon)
    runs.succeed(run, made.solution, now, cost=draft.cost)
    detail = f"draft of {run.day}, run {run.id}"
    record(tx, None, action="write", subject="plans", subject_id=str(draft.id), detail=detail)
    return draft


def replace_draft(
    tx: Tx, loaded: LoadedDay, made: DayPlan, run_id: int, now: datetime, upon: Upon | None
) -> PlanRow:
    """Store a plan as its day's draft, in place of the earlier one, whose changes by hand become its own:
    their pins and exceptions hold in it too. `run_id`: the run it goes back to; `upon`: the published plan it
    was made upon."""
    former = _supersede(tx, loaded.region.id, loaded.today.day, PlanStatus.DRAFT, by_run=run_id)
    draft = draft_of(loaded, made, run_id, now)
    tx.add(draft)
    tx.flush()
    if former is not None:
        by_hand.carry_steps(tx, former.id, draft.id)
    if upon is not None:
        tx.add(Replan(plan_id=draft.id, base_id=upon.plan_id, as_of=upon.as_of))
    return draft


def upon_published(tx: Tx, region: Region, day: date, now: datetime) -> Upon | None:
    """The day's published plan, for a plan that is made upon it now; None where there is none."""
    row = queries.of_day(tx, region.id, day, PlanStatus.PUBLISHED)
    return None if row is None else Upon(plan_id=row.id, as_of=now)


def base_of(tx: Tx, row: PlanRow) -> Upon | None:
    """The published plan that a draft was made upon; None where it was made upon none."""
    made = disruptions.replan_of(tx, row.id)
    return None if made is None else Upon(plan_id=made.base_id, as_of=made.as_of)


def publish(tx: Tx, actor: Actor, plan_id: int) -> PlanRow:
    """Make a draft the plan that nurses see, in place of the one published before.

    Raises ActionError where it is no draft any more, breaks a rule, or does not fit today's records; the
    message says what has changed.
    """
    row = the_draft(tx, actor, plan_id)
    region, now = region_of(tx, actor), utc_now()
    require_not_over(region, row.day, now)
    in_time.require_in_time(tx, row, now)
    effects.take_effect(tx, actor, row.run_id, now)
    _require_sound(row, judge(tx, region, row))
    _supersede(tx, row.region_id, row.day, PlanStatus.PUBLISHED)
    row.status, row.published_at, row.published_by = PlanStatus.PUBLISHED, now, actor.user_id
    record(tx, actor, action="publish", subject="plans", subject_id=str(row.id), detail=f"day {row.day}")
    return row


def discard(tx: Tx, actor: Actor, plan_id: int) -> PlanRow:
    """Lay a draft aside; it stays on record. Raises ActionError where it is no draft any more."""
    row = the_draft(tx, actor, plan_id)
    row.status = PlanStatus.SUPERSEDED
    effects.come_to_nothing(tx, row.run_id, utc_now(), actor)
    record(tx, actor, action="discard", subject="plans", subject_id=str(row.id), detail=f"day {row.day}")
    return row


def check_plan(tx: Tx, region: Region, day: date, status: PlanStatus) -> Verdict | None:
    """The referee's word on the day's draft or published plan; None where there is none."""
    row = queries.of_day(tx, region.id, day, status)
    return None if row is None else judge(tx, region, row)


def judge(tx: Tx, region: Region, row: PlanRow) -> Verdict:
    """Check a stored plan by its own evidence, then against the records as they are now."""
    try:
        evidence = evidence_of(row)
        report = check(evidence.problem, evidence.matrix, evidence.plan)
    except (FormatError, KeyError) as error:
        fault = f"Its stored evidence cannot be read ({type(error).__name__})."
        return Verdict(plan_id=row.id, faults=(fault,), changes=(), report=None)
    faults = [f"{violation.code}: {violation.message}" for violation in report.violations]
    if not rows_agree(row, evidence):
        faults.append("The routes that nurses would see are not those of the plan that was checked.")
    changes = () if faults else changes_since(row, evidence, as_of_today(tx, region, row, evidence))
    return Verdict(plan_id=row.id, faults=tuple(faults), changes=tuple(changes), report=report)


def as_of_today(tx: Tx, region: Region, row: PlanRow, evidence: Evidence) -> LoadedDay:
    """The records as they are now, for a plan made upon a published one as that one and what has happened
    make them."""
    loaded = load_day(tx, region, row.day)
    made = disruptions.replan_of(tx, row.id)
    if made is None:
        return loaded
    midday = midday_of(
        loaded,
        evidence_of(made.base),
        Upon(plan_id=made.base_id, as_of=made.as_of),
        disruptions.of_run(tx, row.run_id),
        disruptions.accepted(tx, row.region_id, row.day, row.created_at, besides_run=row.run_id),
        seen_on(tx, row.region_id, row.day),
    )
    return loaded if midday is None else seen_again(midday, evidence)


def _require_sound(row: PlanRow, verdict: Verdict) -> None:
    if verdict.faults:
        raise ActionError(
            f"Plan {row.id} is not published: it breaks the rules. {_told(verdict.faults)} Re-plan the day."
        )
    if verdict.changes:
        raise ActionError(
            f"Plan {row.id} is not published: it no longer fits. {_told(verdict.changes)} "
            "Re-plan the day, then publish."
        )


def _told(sentences: Sequence[str]) -> str:
    rest = len(sentences) - MOST_CHANGES_TOLD
    more = [f"And {rest} more."] if rest > 0 else []
    return " ".join([*sentences[:MOST_CHANGES_TOLD], *more])


def _supersede(
    tx: Tx, region_id: int, day: date, status: PlanStatus, by_run: int | None = None
) -> PlanRow | None:
    """Lay the day's plan of this status aside, and give it. What it was a proposal for comes to nothing,
    unless the next one goes back to the same run."""
    former = queries.of_day(tx, region_id, day, status)
    if former is not None:
        former.status = PlanStatus.SUPERSEDED
        if former.run_id != by_run:
            effects.come_to_nothing(tx, former.run_id, utc_now())
        # Before the next one takes its place: at most one plan of the day may have this status.
        tx.flush()
    return former


def the_draft(tx: Tx, actor: Actor, plan_id: int) -> PlanRow:
    """The draft, locked. Raises ActionError where it is none any more, or the actor no dispatcher."""
    require_dispatcher(actor)
    row = queries.by_id(tx, plan_id, actor.region_id)
    if row is None:
        raise ActionError(f"There is no plan {plan_id}: go back to the day and look again.")
    if row.status is PlanStatus.PUBLISHED:
        raise ActionError(f"Plan {plan_id} is published already: there is nothing left to do.")
    if row.status is PlanStatus.SUPERSEDED:
        raise ActionError(f"Plan {plan_id} has been replaced or discarded: look at the day's newest draft.")
    return row


def region_of(tx: Tx, actor: Actor) -> Region:
    """The dispatcher's region. Raises ActionError for anybody else."""
    require_dispatcher(actor)
    return tx.get_one(Region, actor.region_id)


def require_dispatcher(actor: Actor) -> None:
    if actor.role is not Role.DISPATCHER:
        raise ActionError("Only a dispatcher plans and publishes: ask one.")


def require_not_over(region: Region, day: date, now: datetime) -> None:
    """Raises ActionError for a day that is over."""
    try:
        today = local_date(now, zone_of(region.zone))
    except CalendarError as error:
        raise ActionError(f"Region {region.code} cannot be planned: {error}.") from None
    if day < today:
        raise ActionError(f"{day_text(day)} is over: plan today or a later day.")
