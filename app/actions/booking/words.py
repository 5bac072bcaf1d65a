"""Slots in words: for the page and for the command line. Visits are named by their codes, patients never."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.actions.booking.asked import Choice
from app.actions.booking.days import OpenDay
from app.actions.booking.offers import Offer
from app.days import clock_text, day_text
from app.store.mapping import ids
from scheduler.explain import Moved, NoSeries, SeriesRule, SeriesRules, Slot
from scheduler.explain.names import counted, listed
from scheduler.model import POINTS_PER_DOLLAR


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotLine:
    """A slot as people read it. `choice` is what is sent to book it; `changes` are sentences about others and
    about hours, none where nothing changes for anybody."""

    choice: str
    day: date
    start: str
    over: str
    nurses: str
    cost: str
    changes: tuple[str, ...]
    planned: bool


def line_of(offer: Offer, slot: Slot) -> SlotLine:
    """The slot in words."""
    day = offer.days[slot.day]
    zone = day.loaded.today.zone
    mode = next(mode for mode in day.visit.modes if mode.id == slot.opening.mode)
    ends = [at + task.duration for at, task in zip(slot.opening.starts, mode.tasks, strict=True)]
    over = day.problem.origin + timedelta(seconds=max(ends))
    return SlotLine(
        choice=Choice.of(slot).text,
        day=slot.day,
        start=clock_text(slot.start, zone),
        over=clock_text(over, zone),
        nurses=_nurses(day, slot),
        cost=dollars(slot.added),
        changes=tuple(_changes(day, slot)),
        planned=day.base is not None,
    )


def dollars(points: int) -> str:
    """ "$14.20", "−$3.05"."""
    sign = "−" if points < 0 else ""
    return f"{sign}${abs(points) / POINTS_PER_DOLLAR:,.2f}"


def why_no_series(found: NoSeries, rules: SeriesRules) -> str:
    """Why there are no dates for all sessions, and what would help."""
    many = counted(rules.sessions, "session", "sessions")
    best = f"There are no dates for {many}: {counted(found.most, 'session fits', 'sessions fit')}."
    if found.days < rules.sessions:
        return f"{best} Only {counted(found.days, 'day has', 'days have')} a slot: look at more days."
    if not found.blocking:
        return f"{best} More than one rule stands in the way: look at more days, or ease the rules."
    ways = listed([_EASED[rule].format(rules=_Said(rules)) for rule in found.blocking], "or")
    return f"{best} It would go without {ways}."


class _Said:
    """The rules as the sentences need them."""

    def __init__(self, rules: SeriesRules) -> None:
        self.least = f"{rules.min_s / 3600:g}"
        self.most = "" if rules.max_s is None else f"{rules.max_s / 3600:g}"
        self.last = "" if rules.not_after is None else day_text(rules.not_after)


_EASED: Mapping[SeriesRule, str] = {
    SeriesRule.MIN_SPACING: "the {rules.least} hours at least between two sessions",
    SeriesRule.MAX_SPACING: "the {rules.most} hours at most between two sessions",
    SeriesRule.WEEKDAYS: "the limit to some weekdays",
    SeriesRule.NOT_AFTER: "the last day, {rules.last}",
}


def _nurses(day: OpenDay, slot: Slot) -> str:
    names = [day.loaded.nurses[ids.key(nurse)].name for nurse in slot.opening.nurses]
    together = len(set(slot.opening.starts)) == 1
    return listed(names) if together else ", then ".join(names)


def _changes(day: OpenDay, slot: Slot) -> Iterator[str]:
    for moved in slot.moved:
        yield _moved(day, moved)
    if slot.overtime_s > 0:
        yield f"{_minutes(slot.overtime_s)} more overtime."
    if slot.preferred is False:
        yield "Not a nurse whom the patient prefers."


def _moved(day: OpenDay, moved: Moved) -> str:
    visit = day.loaded.visits[ids.key(moved.task.partition(".")[0])]
    by = moved.after - moved.before
    told = " (the patient was told otherwise)" if _is_told(day, moved) else ""
    return (
        f"Visit {visit.code} starts {_minutes(abs(by))} {'later' if by > 0 else 'earlier'}, "
        f"at {_clock(day, moved.after)}{told}."
    )


def _is_told(day: OpenDay, moved: Moved) -> bool:
    promise = next((each for each in day.problem.promises if each.task == moved.task), None)
    return promise is not None and abs(moved.after - promise.start) > promise.tolerance


def _clock(day: OpenDay, seconds: int) -> str:
    moment: datetime = day.problem.origin + timedelta(seconds=seconds)
    return clock_text(moment, day.loaded.today.zone)


def _minutes(seconds: int) -> str:
    return f"{max(1, round(seconds / 60))} min"
