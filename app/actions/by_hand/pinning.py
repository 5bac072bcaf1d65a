"""What the next re-plan keeps of a visit: set and taken away by hand."""

from __future__ import annotations

from datetime import date

from app.actions.actor import Actor
from app.actions.by_hand import drafts
from app.actions.by_hand.moving import visit_of_day
from app.actions.by_hand.names import names_for
from app.actions.by_hand.seen import Seen, locked
from app.actions.by_hand.steps import Change, Keep, pins_of, store
from app.actions.by_hand.undoing import close_undone
from app.actions.errors import ActionError
from app.clock import utc_now
from app.store.engine import Tx
from app.store.mapping import ids
from app.store.models import PlanRow
from app.store.models.by_hand import StepKind


def pin(tx: Tx, actor: Actor, day: date, seen: Seen, visit_id: int, keep: Keep) -> PlanRow:
    """Pin a visit where the plan has it: its nurse (both nurses of a hand-over), or its nurse and start; or
    unpin it. The draft, where it is a step that can be undone.

    Raises StaleError where the plan is not as seen, ActionError where the visit has no nurse.
    """
    region, row = locked(tx, actor, day, seen)
    visit, now = visit_of_day(tx, region, visit_id, day), utc_now()
    desk = drafts.desk_at(tx, row)
    id = ids.visit_id(visit_id)
    wanted = pins_of(desk, desk.plan, id, keep) if id in desk.visits else ()
    if keep is not Keep.NOTHING and not wanted:
        raise ActionError(f"Visit {visit.code} has no nurse to be pinned to: give it one first.")
    draft = drafts.draft_upon(tx, row, desk, now)
    change = Change(kind=StepKind.PIN, visit=visit, plan=desk.plan, pins=wanted)
    close_undone(tx, actor, draft)
    store(tx, actor, draft, desk, change, names_for(tx, row, desk), now)
    return draft
