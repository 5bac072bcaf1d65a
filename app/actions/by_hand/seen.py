"""The plan that a dispatcher has before her, and what has become of it since she looked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.actions import plans
from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.actions.plans import require_dispatcher, require_not_over
from app.clock import utc_now
from app.days import clock_text, day_text, zone_of
from app.store.engine import Tx
from app.store.models import PlanRow, PlanStep, Region
from app.store.models.plan import PlanStatus
from app.store.queries import by_hand
from app.store.queries import runs as run_queries


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """The plan's id, and its content by its revision."""

    plan_id: int
    revision: str


class StaleError(ActionError):
    """The plan is not what the dispatcher has before her. `changes`: what became of it, a sentence each."""

    def __init__(self, changes: tuple[str, ...]) -> None:
        super().__init__(" ".join(("Nothing is changed: the plan is not what you saw.", *changes)))
        self.changes = changes


def locked(tx: Tx, actor: Actor, day: date, seen: Seen) -> tuple[Region, PlanRow]:
    """The actor's region, and the day's draft, else its published plan, locked.

    Raises StaleError where that is not what she has seen; ActionError where she may not change it, the day is
    over or is being planned, or it has no plan.
    """
    require_dispatcher(actor)
    region = tx.get_one(Region, actor.region_id)
    require_not_over(region, day, utc_now())
    row = _newest(by_hand.locked_plans(tx, region.id, day), day)
    if run_queries.alive(tx, region.id, day) is not None:
        raise ActionError(
            f"{day_text(day)} is being planned just now, and its new plan will take this one's place: "
            "wait for it, or stop that run."
        )
    require_seen(tx, region, row, seen)
    return region, row


def looked_at(tx: Tx, actor: Actor, day: date, seen: Seen) -> tuple[Region, PlanRow]:
    """The same to look at only: nothing is locked."""
    require_dispatcher(actor)
    region = tx.get_one(Region, actor.region_id)
    row = _newest(by_hand.plans_of_day(tx, region.id, day), day)
    require_seen(tx, region, row, seen)
    return region, row


def require_seen(tx: Tx, region: Region, row: PlanRow, seen: Seen) -> None:
    """Raises StaleError where the plan is not as it was seen."""
    if (row.id, row.revision) != (seen.plan_id, seen.revision):
        raise StaleError(_changes(tx, region, row, seen))


def _newest(plans: Mapping[PlanStatus, PlanRow], day: date) -> PlanRow:
    row = plans.get(PlanStatus.DRAFT) or plans.get(PlanStatus.PUBLISHED)
    if row is None:
        raise ActionError(f"{day_text(day)} has no plan that could be changed: plan the day first.")
    return row


def _changes(tx: Tx, region: Region, row: PlanRow, seen: Seen) -> tuple[str, ...]:
    zone = zone_of(region.zone)
    steps = by_hand.steps(tx, row.id)
    anew = []
    if row.id != seen.plan_id:
        kind = "draft" if row.status is PlanStatus.DRAFT else "published plan"
        anew.append(f"There is another {kind} of the day, from {clock_text(row.created_at, zone)}.")
    since = next((at for at, step in enumerate(steps, 1) if step.revision == seen.revision), 0)
    told = [
        f"{step.user.name} at {clock_text(step.undone_at or step.at, zone)}: {_what(step)}"
        for at, step in enumerate(steps, 1)
        if at > since or step.undone_at is not None
    ]
    return (*anew, *told) or ("It was changed and changed back.",)


def _what(step: PlanStep) -> str:
    return f"{step.words}, undone." if step.undone_at is not None else f"{step.words}."


def publish(tx: Tx, actor: Actor, seen: Seen) -> PlanRow:
    """Publish the very content that the dispatcher has before her. Raises StaleError where it is another one,
    else as `plans.publish`."""
    require_dispatcher(actor)
    region = tx.get_one(Region, actor.region_id)
    row = plans.the_draft(tx, actor, seen.plan_id)
    require_seen(tx, region, row, seen)
    return plans.publish(tx, actor, seen.plan_id)
