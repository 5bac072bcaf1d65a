"""A day drawn for the board's script: its data, and the parts of the page that are made here, as one JSON.

It is kept in this process until anything is written, or time alone has made it old
(docs/adr/0009-kept-boards.md).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template

from app.actions import by_hand
from app.actions.actor import Actor
from app.actions.courses.checks import overdue_checks
from app.actions.difference import difference
from app.board import runs
from app.board.alerts import alerts_of
from app.board.day import BoardDay, read_day
from app.board.field_alerts import alerts_in_the_field
from app.board.payload import day_payload, instant
from app.board.summary import summarise
from app.board.told import Changed
from app.store.audit import record
from app.store.engine import Tx
from app.store.kept import Kept
from app.store.models import PlanRow, Run
from app.store.models.plan import PlanStatus
from app.store.queries import board as queries
from app.store.queries import field as field_queries
from scheduler.explain import change_lines, nurse_sentences, patients_to_tell, share_of_changes

TICK_S = 300
"""How often a board of a day under way looks again though nothing was recorded."""

MOST_KEPT = 24
"""Days kept drawn, of all dispatchers; a full one takes half a megabyte."""

_kept: Kept[Drawn] = Kept(MOST_KEPT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """`body`: a JSON object. `today`: the zone of its times, where the day is today's. `looked_at`: what of
    patients it shows, by table."""

    body: bytes
    today: ZoneInfo | None
    looked_at: tuple[tuple[str, str], ...]

    def json(self, now: datetime) -> bytes:
        """The whole, with the instant `now` of a day that is today's."""
        at = json.dumps(instant(now, self.today) if self.today else None)
        return b"".join((b'{"now":', at.encode(), b",", memoryview(self.body)[1:]))


def drawn_day(tx: Tx, actor: Actor, day: date, asked: PlanStatus | None, now: datetime) -> Drawn:
    """The day of the actor's region as she may see it, that she looked at it audited."""
    tick = int(now.timestamp() // TICK_S)  # local midnight begins one, so nobody's today is yesterday
    key = (actor.region_id, actor.user_id, day, asked, tick)
    found = _kept.get(tx, key, lambda: _drawn(tx, actor, day, asked, now))
    for subject, detail in found.looked_at:
        record(tx, actor, action="read", subject=subject, detail=detail)
    return found


def _drawn(tx: Tx, actor: Actor, day: date, asked: PlanStatus | None, now: datetime) -> Drawn:
    board = read_day(tx, actor.region_id, day, asked, now)
    overdue = overdue_checks(tx, board.region, now)
    of_day = queries.runs_of_day(tx, board.region.id, day)
    elsewhere = [run for run in queries.days_that_failed(tx, board.region.id, board.today) if run.day != day]
    data = day_payload(board)
    shown: dict[str, Any] = {
        "day": day,
        "today": board.today,
        "asked": asked,
        "both": len(board.plans) > 1,
        "published": PlanStatus.PUBLISHED in board.plans,
        "booked": len(board.booked),
        "over": day < board.today,
        "summary": summarise(board),
        "running": runs.alive(of_day) is not None,
        "alerts": (*alerts_in_the_field(tx, board), *alerts_of(board, of_day, elsewhere, overdue)),
        "changes": _changes(tx, board),
        "data": data,
        "undoable": by_hand.undoable(board.steps, actor),
    }
    body = {
        **data,
        "version": version_of(tx, board.region.id, day, board.plans.values(), of_day, now),
        "live": shown["published"] and day == board.today,
        "parts": render_template("board/_parts.html", **shown),
        "table": render_template("board/_table.html", **shown),
    }
    return Drawn(
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        today=board.zone if day == board.today else None,
        looked_at=tuple(_looked_at(board, len(overdue))),
    )


def _looked_at(board: BoardDay, overdue: int) -> Iterator[tuple[str, str]]:
    yield "visits", board.looked_at
    if overdue:
        yield "mania_checks", f"list: {overdue} overdue"


def _changes(tx: Tx, board: BoardDay) -> Changed | None:
    """What the shown draft changes in the published plan; None where it is no draft beside one."""
    if board.shown is None or board.shown.status is not PlanStatus.DRAFT or len(board.plans) < 2:
        return None
    found = difference(tx, board.region, board.day)
    if found is None:
        return None
    return Changed(
        share=share_of_changes(found.changes),
        lines=change_lines(found.changes, found.names),
        nurses=nurse_sentences(found.changes, found.names),
        patients=patients_to_tell(found.changes, found.names),
    )


def version_of(
    tx: Tx, region_id: int, day: date, plans: Collection[PlanRow], of_day: Sequence[Run], now: datetime
) -> str:
    """What the page compares to see whether the day has changed. Late check-ins come with time alone: where
    nurses record visits, a day under way has a new version every five minutes."""
    soon = abs(day - now.date()) <= timedelta(days=1) and field_queries.in_use(tx, region_id)
    tick = int(now.timestamp() // TICK_S) if soon else 0
    return f"{runs.version(plans, of_day)}-{field_queries.newest(tx, region_id, day)}-{tick}"
