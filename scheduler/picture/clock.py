"""Times and lengths of time as people read them."""

from __future__ import annotations

from dataclasses import dataclass

_DAY = 24 * 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """Times count from the problem's origin, its midnight. `seconds_per_minute`: see Material."""

    seconds_per_minute: int = 60

    def minutes(self, seconds: int) -> int:
        """The nearest whole minute."""
        return round(seconds / self.seconds_per_minute)

    def time(self, seconds: int) -> str:
        """ "08:05", and "24:00" at the day's end; from then on "1 d 08:05"."""
        minutes = self.minutes(seconds)
        days = max(0, minutes - 1) // _DAY
        minutes -= days * _DAY
        text = f"{minutes // 60:02}:{minutes % 60:02}"
        return f"{days} d {text}" if days else text

    def span(self, start: int, end: int) -> str:
        """ "08:05–09:10"."""
        return f"{self.time(start)}–{self.time(end)}"

    def length(self, seconds: int) -> str:
        """ "2 h 05 min", "2 h", "12 min"; "under 1 min" for what is shorter and not nothing."""
        hours, minutes = divmod(self.minutes(seconds), 60)
        if hours:
            return f"{hours:,} h {minutes:02} min" if minutes else f"{hours:,} h"
        return "under 1 min" if seconds > 0 and not minutes else f"{minutes} min"
