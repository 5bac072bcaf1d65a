"""Gates: what must be open for a visit to be carried out, beside its own windows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scheduler.model.record import MAX_SECONDS, Record, require, require_int


class GateKind(StrEnum):
    """What a gate stands for; `SPACING`: what sessions of days that are not planned leave. Closed: a new kind
    adds its word, and its reason in `scheduler.explain`."""

    ORDER = "order"
    PRESCRIBER = "prescriber"
    ADULT = "adult"
    AGREEMENT = "agreement"
    MANIA_CHECK = "mania_check"
    SPACING = "spacing"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span(Record):
    """From `start` to `end`, both included; seconds since the origin."""

    start: int
    end: int

    def __post_init__(self) -> None:
        for field in ("start", "end"):
            require_int("span", field, getattr(self, field), low=-MAX_SECONDS)
        require(self.end >= self.start, "span", "end", f"{self.end} is before start {self.start}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Gate(Record):
    """The time from `since` to `until` seconds after the visit's start lies within one of `spans`.

    Without spans the gate is closed: the visit cannot be carried out at all. An order that is valid until a
    day is a span with `since` and `until` 0; a responsible adult who must be there from discharge until four
    hours later has `since` at the discharge and `until` four hours after it.
    """

    kind: GateKind
    spans: tuple[Span, ...] = ()
    since: int = 0
    until: int = 0

    def __post_init__(self) -> None:
        name = f"gate '{self.kind}'"
        require(isinstance(self.kind, GateKind), name, "kind", f"must be a GateKind, not {self.kind!r}")
        require_int(name, "since", self.since)
        require_int(name, "until", self.until)
        require(self.until >= self.since, name, "until", f"{self.until} is before since {self.since}")
