"""How the board writes waits, money, proofs and hand-overs; times of day are in `app.web.times`."""

from __future__ import annotations

from math import ceil
from zoneinfo import ZoneInfo

from app.store.models.plan import HandOver
from app.web.times import clock, duration
from scheduler.model import POINTS_PER_DOLLAR


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
