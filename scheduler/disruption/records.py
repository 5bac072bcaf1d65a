"""What may happen on a day whose plan is in force."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scheduler.model import Stop, Visit
from scheduler.model.record import Record, require, require_id, require_int, require_names, require_unique

MOST_MINUTES = 24 * 60
MOST_FACTOR = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class NurseIll(Record):
    """The nurse of `shift` begins nothing more from `from_s` on (seconds since the origin).

    Visits she has begun stay hers until they are over. With `goes_on` False she cannot go on with the one she
    is at: that cannot be planned away, and is told.
    """

    shift: str
    from_s: int = 0
    goes_on: bool = True

    def __post_init__(self) -> None:
        require_id("nurse ill", "shift", self.shift)
        require_int("nurse ill", "from_s", self.from_s)


@dataclass(frozen=True, kw_only=True, slots=True)
class NurseLate(Record):
    """The nurse of `shift` is `minutes` behind her plan: what she has not begun, she begins so much later."""

    shift: str
    minutes: int

    def __post_init__(self) -> None:
        require_id("nurse late", "shift", self.shift)
        require_int("nurse late", "minutes", self.minutes, low=1, high=MOST_MINUTES)


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitOverruns(Record):
    """The stays of `visit` under way, or all of them where it has not begun, last `minutes` longer."""

    visit: str
    minutes: int

    def __post_init__(self) -> None:
        require_id("visit overruns", "visit", self.visit)
        require_int("visit overruns", "minutes", self.minutes, low=1, high=MOST_MINUTES)


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitCancelled(Record):
    """The patient cancels; with `no_show` she was not there when the nurse came."""

    visit: str
    no_show: bool = False

    def __post_init__(self) -> None:
        require_id("visit cancelled", "visit", self.visit)


@dataclass(frozen=True, kw_only=True, slots=True)
class UrgentVisit(Record):
    """One more visit. It may be of the problem already."""

    visit: Visit


@dataclass(frozen=True, kw_only=True, slots=True)
class RoadClosed(Record):
    """Drives take `factor` times as long: all of them, those from and to `places`, or those between the two
    ends of `leg`, both ways."""

    factor: float
    places: frozenset[str] = frozenset()
    leg: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        able = isinstance(self.factor, int | float) and math.isfinite(self.factor)
        require(
            able and 1 < self.factor <= MOST_FACTOR,
            "road closed",
            "factor",
            f"must be more than 1 and at most {MOST_FACTOR}, not {self.factor!r}",
        )
        require_names("road closed", "places", self.places)
        require(not (self.places and self.leg), "road closed", "leg", "give places or a leg, not both")


Disruption = NurseIll | NurseLate | VisitOverruns | VisitCancelled | UrgentVisit | RoadClosed


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen(Record):
    """What nurses were seen to do, whatever the plan in force says.

    `begun`: the stays that have begun, or are over, as they went: when she came and began, and when she left
    or is expected to leave; with `settled` that knows of all that is reported, and none lasts longer for it.
    To the `in_vain` visits somebody came, and they do not take place.
    """

    begun: tuple[Stop, ...] = ()
    in_vain: frozenset[str] = frozenset()
    settled: bool = False

    def __post_init__(self) -> None:
        require_unique("seen", "begun", (stop.task for stop in self.begun))
        require_names("seen", "in_vain", self.in_vain)

    @property
    def tasks(self) -> frozenset[str]:
        """Those that have begun."""
        return frozenset(stop.task for stop in self.begun)


NOTHING_SEEN = Seen()
