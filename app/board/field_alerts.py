"""What the dispatcher must know of a day under way, gravest first: one alert for all visits it is true of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from app.board.alerts import Alert
from app.board.day import BoardDay
from app.board.field_words import NO_GO
from app.board.text import count
from app.days import local_date
from app.field.record import State
from app.store.engine import Tx
from app.store.mapping.field_day import FieldDay, Stay, field_day
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitStatus
from app.web.times import clock, duration

MISSING_AFTER = timedelta(minutes=10)
"""After the planned start, without a check-in."""

BEHIND = timedelta(minutes=10)
"""By so much a visit may last longer than planned before anybody is told."""


def alerts_in_the_field(tx: Tx, board: BoardDay) -> Iterator[Alert]:
    """What nurses recorded that somebody should look at; nothing of a day to come."""
    if board.day <= board.today and PlanStatus.PUBLISHED in board.plans:
        yield from field_alerts(field_day(tx, board.region, board.day, board.now))


def field_alerts(day: FieldDay) -> Iterator[Alert]:
    """The alerts. Visits are named by their codes."""
    reader = _Reader(day)
    found = (
        _alert("error", "Left before monitoring was over:", reader.flagged("early_departure")),
        _alert("error", "Signs of mania at discharge:", reader.flagged("mania_signs")),
        _alert("error", "No check-in yet:", reader.missing()),
        _alert(
            "warning",
            "No-go:",
            reader.no_go(),
            "The time is free: re-plan. A session to make up for it is yours to book.",
        ),
        _alert("warning", "Behind the plan:", reader.overruns()),
        _alert("warning", "Checked in far from the address:", reader.flagged("far_off")),
        _alert("warning", "Begun although cancelled:", reader.begun_though_cancelled()),
        _alert("warning", "Custody does not add up:", reader.custody()),
        _alert("warning", "Set aside, and no part of the record:", reader.set_aside()),
    )
    yield from (alert for alert in found if alert is not None)


def _alert(tone: str, lead: str, parts: Iterable[str], after: str = "") -> Alert | None:
    told = list(parts)
    return Alert(tone=tone, lead=lead, text=f"{'; '.join(told)}. {after}".strip()) if told else None


class _Reader:
    def __init__(self, day: FieldDay) -> None:
        self.day = day

    def flagged(self, flag: str) -> Iterator[str]:
        return (self.who(stay) for stay, record in self.day.records.items() if flag in record.flags)

    def missing(self) -> Iterator[str]:
        """Not of a day that is over: then nobody is waited for any more; nor where nobody records visits."""
        if not self.day.in_use or self.day.day != local_date(self.day.now, self.day.zone):
            return
        for stay, record in self.day.records.items():
            stop = self.day.stops[stay]
            late = self.day.now - stop.start >= MISSING_AFTER
            if late and record.state is State.PLANNED and self._is_on(stay):
                yield f"{self.who(stay)}, planned for {clock(stop.start, self.day.zone)}"

    def no_go(self) -> Iterator[str]:
        for stay, record in self.day.records.items():
            if record.no_go is not None:
                yield f"{self.who(stay)}: {NO_GO.get(record.no_go['reason'], 'another reason')}"

    def overruns(self) -> Iterator[str]:
        for stay, expected in self.day.expected.items():
            record, behind = self.day.records[stay], expected.end - self.day.stops[stay].end
            if record.began is not None and record.departed_at is None and behind >= BEHIND:
                yield f"{self.who(stay)} by {duration(round(behind.total_seconds()))}"

    def begun_though_cancelled(self) -> Iterator[str]:
        for stay, record in self.day.records.items():
            if record.began is not None and record.no_go is None and not self._is_booked(stay):
                yield self.who(stay)

    def custody(self) -> Iterator[str]:
        """What was closed with something missing; on a day that is over, what was never closed too."""
        over = self.day.day < local_date(self.day.now, self.day.zone)
        for nurse, custody in self.day.custody.items():
            if "closed_with_difference" in custody.flags or (over and not custody.closed):
                items = ", ".join(dict.fromkeys(gap.item for gap in custody.missing))
                yield f"{self.day.nurses[nurse].name} ({items or 'the shift was never closed'})"

    def set_aside(self) -> Iterator[str]:
        rows = [row for row in self.day.rows if row.set_aside]
        for nurse in dict.fromkeys(row.nurse_id for row in rows):
            number = sum(row.nurse_id == nurse for row in rows)
            yield f"{count(number, 'event')} of {self.day.nurses[nurse].name}"

    def who(self, stay: Stay) -> str:
        return f"{self.day.stops[stay].visit.code} ({self.day.nurses[stay[1]].name})"

    def _is_on(self, stay: Stay) -> bool:
        return stay in self.day.current and self._is_booked(stay)

    def _is_booked(self, stay: Stay) -> bool:
        return self.day.stops[stay].visit.status is VisitStatus.BOOKED
