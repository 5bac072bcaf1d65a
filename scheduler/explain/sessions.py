"""The cheapest dates for a series: one slot for each session, spaced as the order asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from scheduler.explain.slots import Slot
from scheduler.model import ModelError

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesRules:
    """How many `sessions`, each on another day, and what they must keep.

    From one start to the next pass `min_s` to `max_s` seconds (None: no limit). Sessions are on `weekdays`
    (Monday is 0) and on `not_after` at the latest (None: no limit). `after`: when the session before the
    first of these starts, if there is one. `change_cost` is the price, in points, of each session that
    another nurse begins than the one before. Raises ModelError for what cannot be.
    """

    sessions: int
    min_s: int = 0
    max_s: int | None = None
    weekdays: frozenset[int] = EVERY_DAY
    not_after: date | None = None
    after: datetime | None = None
    change_cost: int = 0

    def __post_init__(self) -> None:
        if self.sessions < 1:
            raise ModelError("series", "sessions", f"{self.sessions} is too few; ask for 1 or more")
        if not self.weekdays:
            raise ModelError("series", "weekdays", "no weekday is allowed; allow one or more")
        if self.max_s is not None and self.max_s < self.min_s:
            raise ModelError("series", "max_s", f"{self.max_s} is less than min_s {self.min_s}")


class SeriesRule(StrEnum):
    """A rule of a series. Closed: a new one adds its word."""

    MIN_SPACING = "min_spacing"
    MAX_SPACING = "max_spacing"
    WEEKDAYS = "weekdays"
    NOT_AFTER = "not_after"


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """A slot for each session, in order; `cost` is what they add together and their changes of nurse."""

    slots: tuple[Slot, ...]
    cost: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NoSeries:
    """There are no dates for all sessions, but for `most` of them. Without any one of the rules in `blocking`
    there would be; where it is empty, it takes more than one rule, or there are too few days with slots
    (`days`: how many there are)."""

    most: int
    days: int
    blocking: tuple[SeriesRule, ...]


def cheapest_series(slots: Sequence[Slot], rules: SeriesRules) -> Series | NoSeries:
    """The cheapest choice among `slots` that keeps `rules`; of equal ones one that ends early."""
    found = _cheapest(slots, rules)
    if len(found) == rules.sessions:
        return min(found[-1], key=lambda series: (series.cost, series.slots[-1].start))
    blocking = tuple(rule for rule, eased in _eased(rules) if len(_cheapest(slots, eased)) == rules.sessions)
    return NoSeries(most=len(found), days=len({slot.day for slot in slots}), blocking=blocking)


def _eased(rules: SeriesRules) -> tuple[tuple[SeriesRule, SeriesRules], ...]:
    return (
        (SeriesRule.MIN_SPACING, replace(rules, min_s=0)),
        (SeriesRule.MAX_SPACING, replace(rules, max_s=None)),
        (SeriesRule.WEEKDAYS, replace(rules, weekdays=EVERY_DAY)),
        (SeriesRule.NOT_AFTER, replace(rules, not_after=None)),
    )


def _cheapest(slots: Sequence[Slot], rules: SeriesRules) -> list[list[Series]]:
    """For one session, for two, as far as there are dates: the cheapest series that ends with each slot.

    Dynamic programming over (sessions so far, last slot): what comes after depends on nothing else.
    """
    allowed = sorted((slot for slot in slots if _allowed(slot, rules)), key=lambda slot: slot.start)
    ending = [Series(slots=(slot,), cost=slot.added) for slot in allowed if _may_begin(slot, rules)]
    found = [ending] if ending else []
    for _ in range(rules.sessions - 1):
        longer = (_longer(ending, slot, rules) for slot in allowed)
        ending = [series for series in longer if series is not None]
        if not ending:
            break
        found.append(ending)
    return found


def _allowed(slot: Slot, rules: SeriesRules) -> bool:
    in_time = rules.not_after is None or slot.day <= rules.not_after
    return in_time and slot.day.weekday() in rules.weekdays


def _longer(ending: Sequence[Series], slot: Slot, rules: SeriesRules) -> Series | None:
    """The cheapest of these series that `slot` may follow, with it."""
    followed = (
        (series.cost + slot.added + rules.change_cost * _changes(series.slots[-1], slot), series)
        for series in ending
        if _may_follow(series.slots[-1], slot, rules)
    )
    cheapest = min(followed, key=lambda each: each[0], default=None)
    return None if cheapest is None else Series(slots=(*cheapest[1].slots, slot), cost=cheapest[0])


def _changes(before: Slot, slot: Slot) -> bool:
    return before.opening.nurses[0] != slot.opening.nurses[0]


def _may_begin(slot: Slot, rules: SeriesRules) -> bool:
    return rules.after is None or _apart(slot.start - rules.after, rules)


def _may_follow(before: Slot, slot: Slot, rules: SeriesRules) -> bool:
    return slot.day > before.day and _apart(slot.start - before.start, rules)


def _apart(apart: timedelta, rules: SeriesRules) -> bool:
    if apart < timedelta(seconds=rules.min_s):
        return False
    return rules.max_s is None or apart <= timedelta(seconds=rules.max_s)
