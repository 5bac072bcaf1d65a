"""How the board writes waits, money, proofs and hand-overs; times of day are in `app.web.times`."""

from __future__ import annotations

from math import ceil
from zoneinfo import ZoneInfo

from app.store.models import AcceptedExceptionRow
from app.store.models.plan import HandOver
from app.web.times import clock, duration
from scheduler.model import POINTS_PER_DOLLAR, OperationRule


def wait(seconds: float) -> str:
    """A short wait: in seconds below two minutes, else in minutes and hours."""
    return f"{round(seconds)} s" if seconds < 120 else duration(round(seconds))


def dollars(points: int) -> str:
    """Points as whole dollars, as in "$1,234"."""
    return f"${points / POINTS_PER_DOLLAR:,.0f}"


def gap(cost: int, bound: int | None) -> str:
    """How far a cost may be above the best possible, both in points, as in "3.1%"; empty where not known.

    Rounded up to a tenth of a percent, so that the page never claims more than was proved; "0%" is optimal.
    """
    if bound is None or bound <= 0:
        return ""
    percent = ceil(max(0, cost - bound) * 1000 / bound) / 10
    return f"{percent:g}%"


def proof(cost: int, bound: int | None) -> str:
    """What a proven bound says of the cost, both in points; empty where nothing is known."""
    above = gap(cost, bound)
    if above == "0%":
        return "proved optimal"
    return f"within {above} of the best possible" if above else ""


def hand_over(each: HandOver, zone: ZoneInfo) -> str:
    """Who hands over to whom and when, in a sentence."""
    giver, taker = each.giver.route.nurse.name, each.taker.route.nurse.name
    begins, over = clock(each.begins, zone), clock(each.over, zone)
    return f"{giver} hands over to {taker}, who comes at {begins}; both stay until {over}."


def count(number: int, noun: str) -> str:
    """As in "1 visit", "3 visits"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def excepted(row: AcceptedExceptionRow) -> str:
    """What was accepted: "May start up to 45 min after its window"."""
    nurse = row.nurse.name if row.nurse is not None else ""
    long = wait(row.amount) if row.amount >= 120 else duration(max(60, row.amount))
    return _EXCEPTED[row.rule].format(nurse=nurse, long=long, many=row.amount)


_EXCEPTED = {
    OperationRule.TOO_EARLY: "May start up to {long} before its window",
    OperationRule.TOO_LATE: "May start up to {long} after its latest start",
    OperationRule.ENDS_TOO_LATE: "May be over up to {long} late",
    OperationRule.BARRED_NURSE: "{nurse} may come, though barred",
    OperationRule.MOST_VISITS: "{nurse} may have {many} more than the most visits",
    OperationRule.SHIFT_START: "{nurse} may leave up to {long} before her shift",
    OperationRule.SHIFT_END: "{nurse} may be home up to {long} after her shift and its overtime",
    OperationRule.BREAK_MISSING: "{nurse} may go without a break",
    OperationRule.BREAK_WINDOW: "{nurse} may have her break up to {long} outside its window",
}
