"""The board's headline: what the plan is worth, in words. Nothing here reads the database."""

from __future__ import annotations

from dataclasses import dataclass

from app.board import text
from app.board.day import BoardDay
from app.board.runs import kind
from app.store.models import PlanRow
from app.store.models.plan import PlanStatus
from app.web.times import duration, moment


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    """One figure. `note` is the small line under it; `tone` is "", "good" or "warning"."""

    label: str
    value: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """The shown plan in words. `consequence` and `left_out`: what to know before publishing it."""

    plan_id: int
    revision: str
    status: PlanStatus
    made: str
    published: str
    consequence: str
    left_out: str
    tiles: tuple[Tile, ...]


def summarise(board: BoardDay) -> Summary | None:
    """The shown plan's headline; None while there is no plan."""
    plan = board.shown
    if plan is None:
        return None
    return Summary(
        plan_id=plan.id,
        revision=plan.revision,
        status=plan.status,
        made=_made(board, plan),
        published=_published(board, plan),
        consequence=_consequence(board),
        left_out=_left_out(board),
        tiles=(
            *(_served(board), _drive(plan), _paid(board), _overtime(plan)),
            *_continuity(board),
            _cost(board, plan),
            *_proof(plan),
        ),
    )


def _made(board: BoardDay, plan: PlanRow) -> str:
    """When it was planned; and when visits were booked into it since, or other changes made."""
    by, planned = kind(plan.run), plan.run.finished_at
    if planned is None or planned >= plan.created_at:
        return f"Planned {moment(plan.created_at, board.zone)} by the {by}"
    return f"Planned {moment(planned, board.zone)} by the {by}, changed {moment(plan.created_at, board.zone)}"


def _published(board: BoardDay, plan: PlanRow) -> str:
    if plan.published_at is None:
        return ""
    by = f" by {board.publisher}" if board.publisher else ""
    return f"Published {moment(plan.published_at, board.zone)}{by}"


def _consequence(board: BoardDay) -> str:
    busy = sum(1 for nurse in board.nurses if nurse.stops)
    sees = "nurse sees her route" if busy == 1 else "nurses see their routes"
    earlier = board.plans.get(PlanStatus.PUBLISHED)
    if earlier is None or earlier.published_at is None:
        return f"{busy} {sees} at once."
    return (
        f"{busy} {sees} at once. It takes the place of the plan published "
        f"{moment(earlier.published_at, board.zone)}."
    )


def _left_out(board: BoardDay) -> str:
    missing = len(board.booked - board.served)
    if not missing:
        return ""
    has = "has" if missing == 1 else "have"
    return f"{missing:,} of {text.count(len(board.booked), 'visit')} {has} no nurse in it."


def _served(board: BoardDay) -> Tile:
    served, booked = len(board.served & board.booked), len(board.booked)
    missing = booked - served
    if missing:
        return Tile(
            label="Visits served",
            value=f"{served:,} of {booked:,}",
            note=f"{missing:,} without a nurse",
            tone="warning",
        )
    return Tile(label="Visits served", value=f"{served:,} of {booked:,}", note="every visit", tone="good")


def _drive(plan: PlanRow) -> Tile:
    each = f"{duration(plan.travel_total // plan.visits_served)} a visit" if plan.visits_served else ""
    return Tile(label="Drive time", value=duration(plan.travel_total), note=each)


def _paid(board: BoardDay) -> Tile:
    paid = sum(nurse.route.paid_seconds for nurse in board.nurses if nurse.route)
    return Tile(label="Paid time", value=duration(paid), note="home to home, less breaks")


def _overtime(plan: PlanRow) -> Tile:
    if not plan.overtime_total:
        return Tile(label="Overtime", value="none", tone="good")
    return Tile(label="Overtime", value=duration(plan.overtime_total), tone="warning")


def _continuity(board: BoardDay) -> tuple[Tile, ...]:
    """How many patients keep their nurse; no tile where nobody has had a session before."""
    kept, counted = board.continued
    if not counted:
        return ()
    return (Tile(label="Same nurse", value=f"{kept:,} of {counted:,}", note="as at the session before"),)


def _cost(board: BoardDay, plan: PlanRow) -> Tile:
    """The cost of what is driven and worked; the price of visits left out apart, lest it drown the rest."""
    return Tile(
        label="Cost",
        value=text.dollars(plan.cost - board.dropped_points),
        note=f"plus {text.dollars(board.dropped_points)} for visits left out" if board.dropped_points else "",
    )


def _proof(plan: PlanRow) -> tuple[Tile, ...]:
    """How good the plan is for certain; no tile where nothing was proved."""
    above = text.gap(plan.cost, plan.bound)
    if not above:
        return ()
    if above == "0%":
        return (Tile(label="Proved", value="optimal", note="no plan is cheaper", tone="good"),)
    return (Tile(label="Proved", value=f"within {above}", note="of the best possible"),)
