"""What the dispatcher must know before she reads the plan: failures, and where the plan has grown stale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.actions.courses.checks import Overdue
from app.board import text
from app.board.day import BoardDay
from app.board.runs import alive, kind, last_ended
from app.store.models import Run
from app.store.models.plan import PlanStatus
from app.store.models.run import RunStatus
from app.web.times import moment, short_day

MOST_NAMED = 3
"""So many overdue checks are told one by one; the rest are counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """`tone` is "error", "warning" or "info"; `lead` stands out. A `day`, where given, is linked, as is the
    course of a `patient`, and with `attention` the list of all that needs attention."""

    tone: str
    text: str
    lead: str = ""
    day: date | None = None
    patient: int | None = None
    attention: bool = False


def alerts_of(
    board: BoardDay, runs: Sequence[Run], failed_elsewhere: Sequence[Run], overdue: Sequence[Overdue]
) -> Iterator[Alert]:
    """The day's alerts, the gravest first. `runs`: the day's, newest first; `overdue`: mania checks."""
    ended = last_ended(runs)
    if ended is not None and ended.status is RunStatus.FAILED:
        yield _failed(board, ended, tried_again=alive(runs) is not None)
    elif ended is not None and ended.error:
        yield Alert(
            tone="warning", lead=f"The {kind(ended)} made a plan, but not its best:", text=ended.error
        )
    for run in failed_elsewhere:
        yield Alert(
            tone="error",
            lead=f"The {kind(run)} for {short_day(run.day)} failed:",
            text=run.error,
            day=run.day,
        )
    yield from _late_checks(overdue)
    if board.shown is None:
        return
    if board.unplanned:
        it, has = ("it", "has") if len(board.unplanned) == 1 else ("them", "have")
        yield Alert(
            tone="warning",
            lead=f"{text.count(len(board.unplanned), 'visit')} {has} been booked since this plan was made.",
            text=f"Re-plan to find {it} a nurse.",
        )
    if board.withdrawn:
        is_ = "is" if len(board.withdrawn) == 1 else "are"
        yield Alert(
            tone="warning",
            lead=f"{text.count(len(board.withdrawn), 'planned visit')} {is_} no longer booked for this day.",
            text="Re-plan to free the time.",
        )
    if board.changed:
        lasts = "lasts" if len(board.changed) == 1 else "last"
        yield Alert(
            tone="warning",
            lead=f"{text.count(len(board.changed), 'planned visit')} {lasts} otherwise now:",
            text="the protocol's version or the patient's longer phases have changed. "
            "Re-plan to give the nurses the right times.",
        )
    for note in board.shown.notes:
        yield Alert(tone="info", text=note)


def _late_checks(overdue: Sequence[Overdue]) -> Iterator[Alert]:
    for each in overdue[:MOST_NAMED]:
        yield Alert(
            tone="warning",
            lead=f"{each.session.patient.name}:",
            text=each.words,
            patient=each.session.patient_id,
        )
    more = len(overdue) - MOST_NAMED
    if more > 0:
        are = "check is" if more == 1 else "checks are"
        yield Alert(tone="warning", lead=f"{more} more mania {are} overdue.", text="", attention=True)


def _failed(board: BoardDay, run: Run, *, tried_again: bool) -> Alert:
    words = [run.error]
    if PlanStatus.PUBLISHED in board.plans:
        words.append("The published plan stands.")
    elif board.shown:
        words.append("The draft is from an earlier run.")
    else:
        words.append("There is no plan for this day yet.")
    if not tried_again:
        words.append(f"Press {'Re-plan' if board.shown else 'Plan this day'} to try again.")
    return Alert(
        tone="error",
        lead=f"The {kind(run)} failed {moment(run.finished_at or run.queued_at, board.zone)}:",
        text=" ".join(words),
    )
