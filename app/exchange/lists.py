"""Fields whose one cell holds a list: credential kinds, windows, and codes of other records.

On pages such a field is several inputs of the same name, sent in their order; in files it is one text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time
from typing import Any

from app.actions.records.content import WindowContent
from app.days import WEEKDAYS
from app.exchange import widgets
from app.exchange.fields import CellField, CodeField, parse_clock, shown
from app.states import STATES
from app.store.queries.directory import Ref

MOST_WINDOWS = 3
LONGEST_KIND = 80


class ReferenceField(CodeField):
    """The code of another record: `kind` is the directory's "nurses", "patients", "prescribers" or
    "protocols".

    On pages a list to choose from, without the inactive ones; `widget` may be another.
    """

    def __init__(self, label: str, *, kind: str, **kwargs: Any) -> None:
        super().__init__(label, empty=None, **kwargs)
        self.kind = kind
        self.known: dict[str, Ref] = {}
        if kind != "patients":
            self.widget = widgets.ChoiceOfRecords()

    def parse(self, text: str) -> str:
        """The code, if the region knows it."""
        if text not in self.known:
            one = self.kind.removesuffix("s")
            raise ValueError(f"{shown(text)} is no {one}'s code here: correct it, or add the {one} first.")
        return text

    def offered(self) -> list[Ref]:
        """The active records, and the chosen one whatever it is."""
        return [ref for ref in self.known.values() if ref.active or ref.code == self.text()]


class WeekdaysField(CellField):
    """Weekdays: "Mon Wed Fri"."""

    widget = widgets.WeekdayBoxes()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """One text from a file, or the ticked days from a page."""
        super().process_formdata([" ".join(valuelist)])

    def parse(self, text: str) -> tuple[str, ...]:
        """The weekdays in their order, each once."""
        words = {word.capitalize() for word in re.split(r"[\s,;]+", text) if word}
        unknown = sorted(words - set(WEEKDAYS))
        if unknown:
            raise ValueError(f"{shown(unknown[0])} is no weekday: write them such as Mon Wed Fri.")
        return tuple(day for day in WEEKDAYS if day in words)

    def format(self, value: tuple[str, ...] | None) -> str:
        """The text of a file."""
        return " ".join(value or ())

    def ticked(self) -> list[str]:
        """The weekdays as typed."""
        texts = self.raw_data or [self.format(self.data)]
        return [word.capitalize() for text in texts for word in str(text).split()]


class StatesField(CellField):
    """States by their postal codes: "IN KY OH"."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, empty=(), **kwargs)

    def parse(self, text: str) -> tuple[str, ...]:
        """The codes, each once, sorted."""
        codes = {word.upper() for word in re.split(r"[\s,;]+", text) if word}
        unknown = sorted(codes - set(STATES))
        if unknown:
            raise ValueError(f"{shown(unknown[0])} is no state: write postal codes such as OH or IN KY OH.")
        return tuple(sorted(codes))

    def format(self, value: tuple[str, ...] | None) -> str:
        """The text of a file."""
        return " ".join(value or ())


class KindsField(CellField):
    """Kinds of credentials: "RN license (OH); ACLS"."""

    widget = widgets.KindBoxes()

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, empty=(), **kwargs)
        self.known: list[str] = []

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """One text from a file; ticked kinds and further ones from a page."""
        super().process_formdata(["; ".join(valuelist)])

    def parse(self, text: str) -> tuple[str, ...]:
        """The kinds, each once, sorted."""
        return tuple(sorted({parse_kind(part.strip()) for part in text.split(";") if part.strip()}))

    def format(self, value: tuple[str, ...] | None) -> str:
        """The text of a file."""
        return "; ".join(value or ())

    def ticked(self) -> list[str]:
        """The kinds as typed."""
        texts = self.raw_data or [self.format(self.data)]
        return [part.strip() for text in texts for part in str(text).split(";") if part.strip()]


def parse_kind(text: str) -> str:
    """A kind of credential. Raises ValueError naming the text and the cure."""
    if len(text) > LONGEST_KIND or ";" in text or not text.isprintable():
        raise ValueError(f"{shown(text)} cannot be: use at most {LONGEST_KIND} characters and no semicolon.")
    return text


class WindowsField(CellField):
    """One to three windows: "08:00-10:30 by 13:00; 14:00-15:30"; "by" is the latest end of the visit."""

    widget = widgets.WindowRows()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """One text from a file, or earliest start, latest start and latest end in turn from a page."""
        texts = list(valuelist)
        if len(texts) > 1:
            rows = zip(texts[::3], texts[1::3], texts[2::3], strict=False)
            texts = ["; ".join(_window_text(*row) for row in rows if any(part.strip() for part in row))]
        super().process_formdata(texts)

    def parse(self, text: str) -> tuple[WindowContent, ...]:
        """The windows, sorted by earliest start."""
        windows = [_window(part.strip()) for part in text.split(";") if part.strip()]
        if len(windows) > MOST_WINDOWS:
            raise ValueError(f"There are {len(windows)} windows: at most {MOST_WINDOWS} can be.")
        if len(set(windows)) < len(windows):
            raise ValueError(f"{shown(text)} names a window twice: leave one out.")
        return tuple(sorted(windows, key=_window_order))

    def format(self, value: tuple[WindowContent, ...] | None) -> str:
        """The text of a file."""
        return "; ".join(
            _window_text(
                f"{window.earliest_start:%H:%M}",
                f"{window.latest_start:%H:%M}",
                "" if window.latest_end is None else f"{window.latest_end:%H:%M}",
            )
            for window in value or ()
        )

    def rows(self) -> list[tuple[str, str, str]]:
        """The three times of each window, as typed where something was typed."""
        if self.raw_data and len(self.raw_data) > 1:
            times = [str(text) for text in self.raw_data]
            return list(zip(times[::3], times[1::3], times[2::3], strict=False))
        return [_times(part.strip()) for part in self.text().split(";") if part.strip()]


def _window_text(earliest: str, latest: str, end: str) -> str:
    return f"{earliest}-{latest}" + (f" by {end}" if end.strip() else "")


def _times(text: str) -> tuple[str, str, str]:
    starts, _, end = re.sub(r"\s+by\s+", "|", text, count=1, flags=re.IGNORECASE).partition("|")
    earliest, _, latest = re.sub(r"[–—]", "-", starts).partition("-")
    return earliest.strip(), latest.strip(), end.strip()


def _window(text: str) -> WindowContent:
    earliest, latest, end = _times(text)
    if not earliest or not latest:
        raise ValueError(
            f"{shown(text)} is not a window: give its earliest and latest start, such as 08:00-10:30."
        )
    window = WindowContent(
        earliest_start=parse_clock(earliest),
        latest_start=parse_clock(latest),
        latest_end=parse_clock(end) if end else None,
    )
    if window.latest_start < window.earliest_start:
        raise ValueError(f"{shown(text)}: the latest start is before the earliest: swap them.")
    if window.latest_end is not None and window.latest_end <= window.earliest_start:
        raise ValueError(
            f"{shown(text)}: the visit must be over after it starts, and on the same day: correct the end."
        )
    return window


def _window_order(window: WindowContent) -> tuple[time, time, time]:
    return window.earliest_start, window.latest_start, window.latest_end or time.max
