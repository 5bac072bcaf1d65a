"""What must be open for a visit beside its windows, in words for people and as gates for the planner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.days import clock_text, day_text, instant, midnight, zone_of
from app.store.mapping.shifts import LocalDay
from app.store.models import AdultPresence, Agreement, Order, Prescriber, Visit
from app.store.models.nurse import Availability
from app.store.models.order import OrderStatus
from app.store.models.protocol import PhaseKind
from app.store.models.visit import VisitKind
from app.store.queries.courses import OnFile, Placed
from scheduler.model import Gate, GateKind, Span

SECOND = timedelta(seconds=1)
YEAR = timedelta(days=366)

Instants = tuple[datetime, datetime]
"""From one instant to another, both included; UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """One gate of a visit as it stands.

    The time from `since` to `until` seconds after the visit's start must lie in one of `spans`. `open`: some
    start that the visit's windows allow does. `words`: what is on file; of a closed gate, what is wrong and
    the cure.
    """

    kind: GateKind
    open: bool
    words: str
    spans: tuple[Instants, ...]
    since: int = 0
    until: int = 0

    def gate(self, today: LocalDay) -> Gate:
        """The gate for the planner."""
        spans = (Span(start=today.seconds(first), end=today.seconds(last)) for first, last in self.spans)
        return Gate(kind=self.kind, spans=tuple(spans), since=self.since, until=self.until)


def standings(visit: Visit, on_file: OnFile, now: date) -> list[Standing]:
    """The gates of a session, open or closed, on the day it is booked for; `now` is the region's date."""
    if visit.kind is not VisitKind.SESSION:
        return []
    return list(_Gates(visit=visit, on_file=on_file, now=now, zone=zone_of(visit.zone)).all())


@dataclass(frozen=True, kw_only=True, slots=True)
class _Gates:
    visit: Visit
    on_file: OnFile
    now: date
    zone: ZoneInfo

    def all(self) -> Iterator[Standing]:
        """In the order in which people ask for them."""
        if self.visit.order is not None:
            yield self._order(self.visit.order)
            yield self._prescriber(self.visit.order.prescriber)
        if self.visit.version.adult_hours > 0:
            yield self._adult(self.on_file.presences.get(self.visit.id))
        if self.visit.patient.bipolar:
            yield self._agreement(self.on_file.agreements.get(self.visit.patient_id))
            yield self._mania_check()

    def _order(self, order: Order) -> Standing:
        last = order.valid_until if order.not_after is None else min(order.valid_until, order.not_after)
        dates = f"Order {order.code} holds from {day_text(order.valid_from)} to {day_text(last)}"
        if order.status is not OrderStatus.ACTIVE:
            state = "on hold" if order.status is OrderStatus.HELD else "ended"
            words = f"Order {order.code} is {state}: make it active again, or cancel the session."
            return self._standing(GateKind.ORDER, (), words, words)
        spans = self._days(order.valid_from, last)
        cure = f"{dates}: prolong the order, or move the session."
        return self._standing(GateKind.ORDER, spans, f"{dates}.", cure)

    def _prescriber(self, prescriber: Prescriber) -> Standing:
        since, until = self._infusion()
        hours = _hours(prescriber, self.visit.day) if prescriber.active else []
        spans = tuple((self._at(first), self._at(last)) for first, last in hours)
        told = " and ".join(self._span(span) for span in spans)
        if not spans:
            day = day_text(self.visit.day)
            words = f"{prescriber.name} cannot be reached on {day}: move the session, or add hours."
            return self._standing(GateKind.PRESCRIBER, (), words, words)
        words = f"{prescriber.name} can be reached {told}"
        cure = f"{words}, and no infusion within the session's windows lies in that: change one of them."
        return self._standing(GateKind.PRESCRIBER, spans, f"{words}.", cure, since, until)

    def _adult(self, presence: AdultPresence | None) -> Standing:
        since = self.visit.minutes * 60
        hours = self.visit.version.adult_hours
        asked = f"from discharge until {hours} h after it"
        if presence is None:
            words = f"No responsible adult is named for the {hours} h after discharge: name and confirm one."
            return self._standing(GateKind.ADULT, (), words, words)
        span = (presence.present_from, presence.present_until)
        there = f"{presence.adult.name} is there {self._span(span)}"
        if not presence.confirmed:
            words = f"{there}, but that is not confirmed: confirm it."
            return self._standing(GateKind.ADULT, (), words, words)
        cure = f"{there}, but someone must be there {asked}: agree on a longer time, or move the session."
        return self._standing(
            GateKind.ADULT, (span,), f"{there}, confirmed.", cure, since, since + hours * 3600
        )

    def _agreement(self, agreement: Agreement | None) -> Standing:
        if agreement is None or not agreement.given:
            state = "is not on file" if agreement is None else "was withdrawn"
            words = f"The coordinating psychiatrist's agreement {state}: record it."
            return self._standing(GateKind.AGREEMENT, (), words, words)
        last = agreement.expires_on or max(agreement.agreed_on, self.visit.day)
        until = "" if agreement.expires_on is None else f" until {day_text(agreement.expires_on)}"
        words = f"{agreement.psychiatrist} agreed from {day_text(agreement.agreed_on)}{until}"
        spans = self._days(agreement.agreed_on, last)
        cure = f"{words}, which does not cover {day_text(self.visit.day)}: record a new agreement."
        return self._standing(GateKind.AGREEMENT, spans, f"{words}.", cure)

    def _mania_check(self) -> Standing:
        last = self._last_session()
        if last is None:
            words = "No session before this one: no mania check is due."
            return self._standing(GateKind.MANIA_CHECK, self._whole_day(), words, words)
        session = f"the session on {day_text(last.day)}"
        check = self.on_file.checks.get(last.id)
        if check is None and last.day >= self.now:
            words = f"The mania check is due after {session}."
            return self._standing(GateKind.MANIA_CHECK, self._whole_day(), words, words)
        if check is None:
            words = f"No mania check is on file since {session}: record it."
            return self._standing(GateKind.MANIA_CHECK, (), words, words)
        said = f"{check.checked_by} on {day_text(check.checked_on)}, after {session}"
        if not check.clear:
            words = f"Signs of mania, says {said}: ask the prescriber, and record a new check."
            return self._standing(GateKind.MANIA_CHECK, (), words, words)
        words = f"No signs of mania, says {said}."
        return self._standing(GateKind.MANIA_CHECK, self._whole_day(), words, words)

    def _last_session(self) -> Placed | None:
        """The patient's last booked session before this one's day, of whatever order."""
        before = [
            each
            for each in self.on_file.placed
            if each.kind is VisitKind.SESSION
            and each.patient_id == self.visit.patient_id
            and each.day < self.visit.day
        ]
        return before[-1] if before else None

    def _standing(
        self,
        kind: GateKind,
        spans: tuple[Instants, ...],
        words: str,
        cure: str,
        since: int = 0,
        until: int = 0,
    ) -> Standing:
        is_open = any(self._allows(span, since, until) for span in spans)
        return Standing(
            kind=kind, open=is_open, words=words if is_open else cure, spans=spans, since=since, until=until
        )

    def _allows(self, span: Instants, since: int, until: int) -> bool:
        """Whether some start in the visit's windows keeps the gate within the span."""
        first = span[0] - timedelta(seconds=since)
        last = span[1] - timedelta(seconds=until)
        return any(
            max(first, window.earliest_start) <= min(last, window.latest_start)
            for window in self.visit.windows
        )

    def _infusion(self) -> tuple[int, int]:
        """From when to when the infusion runs, seconds after the visit's start; without one, the visit."""
        kinds = [phase.kind for phase in self.visit.phases]
        if PhaseKind.INFUSION not in kinds:
            return 0, self.visit.minutes * 60
        first = kinds.index(PhaseKind.INFUSION)
        last = len(kinds) - kinds[::-1].index(PhaseKind.INFUSION)
        minutes = [phase.minutes for phase in self.visit.phases]
        return sum(minutes[:first]) * 60, sum(minutes[:last]) * 60

    def _days(self, first: date, last: date) -> tuple[Instants, ...]:
        """Whole days, as far as they lie within a year of the visit's: the planner counts no further."""
        first, last = max(first, self.visit.day - YEAR), min(last, self.visit.day + YEAR)
        if last < first:
            return ()
        return ((midnight(first, self.zone), midnight(last + timedelta(days=1), self.zone) - SECOND),)

    def _whole_day(self) -> tuple[Instants, ...]:
        return self._days(self.visit.day, self.visit.day)

    def _at(self, local: time) -> datetime:
        return instant(self.visit.day, local, self.zone)

    def _span(self, span: Instants) -> str:
        return f"from {clock_text(span[0], self.zone)} to {clock_text(span[1], self.zone)}"


def _hours(prescriber: Prescriber, day: date) -> Sequence[tuple[time, time]]:
    """When the prescriber can be reached that day, exceptions considered."""
    exception = next((row for row in prescriber.exceptions if row.day == day), None)
    if exception is None:
        return [(row.start_time, row.end_time) for row in prescriber.hours if row.weekday == day.weekday()]
    if exception.kind is Availability.OFF or exception.start_time is None or exception.end_time is None:
        return []
    return [(exception.start_time, exception.end_time)]
