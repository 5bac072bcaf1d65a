"""Days for the sessions of a series: where they are if the order's rules allow it, else as near as they do.

Pure dates. The hours between two starts are kept by whole days, so that a session can start at the hour of
the one before it whatever that hour is; the planner then keeps them to the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.days import WEEKDAYS, day_text

ALL_WEEK = frozenset(range(7))
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What an order says of its sessions' days: from `first_day` to `last_day`, both included, on some
    `weekdays` (Monday is 0), `min_hours` to `max_hours` (None: no limit) from one start to the next."""

    first_day: date
    last_day: date
    min_hours: int
    max_hours: int | None = None
    weekdays: frozenset[int] = ALL_WEEK

    @property
    def min_days(self) -> int:
        """From one session's day to the next: at least one."""
        return max(1, -(-self.min_hours // 24))

    @property
    def max_days(self) -> int | None:
        """From one session's day to the next at most; None: no limit."""
        return None if self.max_hours is None else self.max_hours // 24

    def allows(self, day: date) -> bool:
        """Whether a session may be on this day."""
        return self.first_day <= day <= self.last_day and day.weekday() in self.weekdays

    def space(self, earlier: date, later: date) -> bool:
        """Whether one session may follow the other."""
        days = (later - earlier).days
        return days >= self.min_days and (self.max_days is None or days <= self.max_days)


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """One session: its `number`, its `day` (None: none yet), and whether it stays there whatever happens."""

    number: int
    day: date | None = None
    fixed: bool = False
    earliest: date | None = None
    latest: date | None = None


class BlockedError(Exception):
    """The sessions find no days; the message names the session and the rule that blocks."""


def arrange(rules: Rules, sessions: Sequence[Session], *, not_before: date) -> list[date]:
    """A day for each session, in the order given.

    Sessions before `not_before` have taken place: they stay, and no rule is asked about them. Fixed ones
    stay, but must keep the rules. The others stay where they can, or else come as soon after their day as the
    rules allow, or before it; those without a day come as early as they can. Raises BlockedError.
    """
    possible = _possible(rules, sessions, not_before)
    if not all(possible):
        raise BlockedError(_why_blocked(rules, sessions, not_before))
    days: list[date] = []
    for session, choices in zip(sessions, possible, strict=True):
        if days:
            choices = [day for day in choices if _follows(rules, days[-1], day, not_before)]
        days.append(_nearest(choices, session.day))
    return days


def _possible(rules: Rules, sessions: Sequence[Session], not_before: date) -> list[list[date]]:
    """Each session's days from which all that come after it can still be placed."""
    possible: list[list[date]] = []
    after: list[date] | None = None
    for session in reversed(sessions):
        days = _domain(rules, session, not_before)
        if after is not None:
            days = [day for day in days if any(_follows(rules, day, later, not_before) for later in after)]
        possible.append(days)
        after = days
    return possible[::-1]


def _domain(rules: Rules, session: Session, not_before: date) -> list[date]:
    if session.day is not None and session.day < not_before:
        return [session.day]
    if session.day is not None and session.fixed:
        return [session.day] if rules.allows(session.day) else []
    first = max(rules.first_day, not_before, session.earliest or not_before)
    last = min(rules.last_day, session.latest or rules.last_day)
    span = (first + number * DAY for number in range((last - first).days + 1))
    return [day for day in span if rules.allows(day)]


def _follows(rules: Rules, earlier: date, later: date, not_before: date) -> bool:
    return later < not_before or rules.space(earlier, later)


def _nearest(choices: Sequence[date], wanted: date | None) -> date:
    """The wanted day, else the first after it, else the last before it."""
    if wanted is None:
        return choices[0]
    return next((day for day in choices if day >= wanted), choices[-1])


def _why_blocked(rules: Rules, sessions: Sequence[Session], not_before: date) -> str:
    stuck = _first_stuck(rules, sessions, not_before)
    head = f"Session {stuck} finds no day: "
    for reason, rules_without, sessions_without in _relaxed(rules, sessions, not_before):
        if all(_possible(rules_without, sessions_without, not_before)):
            return head + reason
    return head + "several rules of the order together leave none. Change the order, or free fixed sessions."


def _first_stuck(rules: Rules, sessions: Sequence[Session], not_before: date) -> int:
    """The first session that cannot be reached from those before it."""
    reached: list[date] | None = None
    for session in sessions:
        days = _domain(rules, session, not_before)
        if reached is not None:
            days = [day for day in days if any(_follows(rules, each, day, not_before) for each in reached)]
        if not days:
            return session.number
        reached = days
    return sessions[-1].number


def _relaxed(
    rules: Rules, sessions: Sequence[Session], not_before: date
) -> list[tuple[str, Rules, Sequence[Session]]]:
    """Each rule in words, with rules and sessions as they would be without it; what is most easily changed
    first."""
    free = [replace(session, fixed=False) for session in sessions]
    unbound = [replace(session, earliest=None, latest=None) for session in sessions]
    kept = ", ".join(
        f"session {session.number} stays on {day_text(session.day)}"
        for session in sessions
        if session.fixed and session.day is not None and session.day >= not_before
    )
    words = ", ".join(WEEKDAYS[day] for day in sorted(rules.weekdays))
    year_more = rules.last_day + timedelta(days=366)
    return [
        (f"{kept}. Free it, or move it.", rules, free),
        ("its own earliest and latest day leave none. Change them.", rules, unbound),
        (
            f"the order allows none after {day_text(rules.last_day)}. Prolong the order.",
            replace(rules, last_day=year_more),
            sessions,
        ),
        (
            f"the order allows none before {day_text(rules.first_day)}.",
            replace(rules, first_day=min(rules.first_day, not_before)),
            sessions,
        ),
        (
            f"at most {rules.max_hours} h may pass from one start to the next.",
            replace(rules, max_hours=None),
            sessions,
        ),
        (f"the order allows {words} only.", replace(rules, weekdays=ALL_WEEK), sessions),
        (
            f"at least {rules.min_hours} h must pass from one start to the next.",
            replace(rules, min_hours=0),
            sessions,
        ),
    ]
