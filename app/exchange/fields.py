"""Form fields that read and write the text of a CSV cell as well as an input of a page.

Every complaint names what was typed and the cure. What was typed is shown again, whatever is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from wtforms import Field
from wtforms.widgets import NumberInput, TextArea, TextInput

from app.exchange import widgets
from app.states import STATES

LONGEST_TEXT = 200
LONGEST_NOTE = 2000
SHOWN = 60


def shown(text: str) -> str:
    """What was typed, quoted, and cut where it is long."""
    text = " ".join(text.split())
    return f'"{text}"' if len(text) <= SHOWN else f'"{text[:SHOWN]}…"'


class CellField(Field):  # type: ignore[misc]
    """A field whose value is one text. `required` says what to do where it is empty; without it, an empty
    field is `empty`."""

    widget: Any = TextInput()

    def __init__(self, label: str, *, required: str = "", empty: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.required = required
        self.empty = empty
        if required:
            self.flags.required = True
        else:
            self.flags.optional = True

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was sent. Raises ValueError, which becomes the field's complaint."""
        text = self.clean(valuelist[0]) if valuelist else ""
        self.data = self.empty
        if text:
            self.data = self.parse(text)
        elif self.required:
            raise ValueError(f"Missing: {self.required}.")

    def clean(self, text: str) -> str:
        """The text without what was never meant: outer blanks."""
        return text.strip()

    def parse(self, text: str) -> Any:
        """The value of a text that is not empty. Raises ValueError naming the text and the cure."""
        return text

    def format(self, value: Any) -> str:
        """The text of a value, as `parse` reads it."""
        return "" if value is None else str(value)

    def text(self) -> str:
        """What the input shows: what was typed, or else the value."""
        return str(self.raw_data[0]) if self.raw_data else self.format(self.data)

    def _value(self) -> str:
        return self.text()


class TextField(CellField):
    """One line of text."""

    longest = LONGEST_TEXT

    def __init__(self, label: str, *, empty: str | None = "", **kwargs: Any) -> None:
        super().__init__(label, empty=empty, **kwargs)

    def parse(self, text: str) -> str:
        """The text itself."""
        if len(text) > self.longest:
            raise ValueError(f"{shown(text)} has {len(text)} characters: shorten it to {self.longest}.")
        if not text.translate(dict.fromkeys(map(ord, self.allowed()))).isprintable():
            raise ValueError(f"{shown(text)} holds a character that cannot be printed: type it anew.")
        return text

    def allowed(self) -> str:
        """The unprintable characters that may be in it."""
        return ""


class NoteField(TextField):
    """Text of several lines."""

    widget = TextArea()
    longest = LONGEST_NOTE

    def clean(self, text: str) -> str:
        """Line ends of one kind only, whatever the browser or the spreadsheet sends."""
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()

    def allowed(self) -> str:
        """Line ends and tabs."""
        return "\n\t"


class CodeField(TextField):
    """A code: letters, digits, and - _ . between them."""

    longest = 40

    def parse(self, text: str) -> str:
        """The code itself."""
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", text):
            raise ValueError(f"{shown(text)} is not a code: use letters, digits, and - _ . only.")
        return super().parse(text)


class PhoneField(TextField):
    """A telephone number, written as people do."""

    longest = 40

    def parse(self, text: str) -> str:
        """The number as written."""
        if not re.fullmatch(r"[-+0-9 ().x/]+", text) or sum(map(str.isdigit, text)) < 5:
            raise ValueError(f"{shown(text)} is not a telephone number: write it such as 614-555-0123.")
        return super().parse(text)


class WholeField(CellField):
    """A whole number from `low` to `high`."""

    def __init__(self, label: str, *, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.low = low
        self.high = high
        self.widget = NumberInput(step=1, min=low, max=high)

    def parse(self, text: str) -> int:
        """The number."""
        if not re.fullmatch(r"\d{1,9}", text) or not self.low <= int(text) <= self.high:
            raise ValueError(f"{shown(text)} cannot be: give a whole number from {self.low} to {self.high}.")
        return int(text)


class DegreesField(CellField):
    """A latitude or longitude in degrees, kept to six places (a hand's breadth)."""

    def __init__(self, label: str, *, limit: int, example: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.limit = limit
        self.example = example

    def parse(self, text: str) -> float:
        """The degrees."""
        if not re.fullmatch(r"[-+]?\d{1,3}(\.\d*)?", text) or abs(float(text)) > self.limit:
            raise ValueError(
                f"{shown(text)} cannot be: give degrees from -{self.limit} to {self.limit}, "
                f"such as {self.example}."
            )
        return round(float(text), 6)

    def format(self, value: float | None) -> str:
        """At most six places, no needless zeros."""
        return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


class DayField(CellField):
    """A date: 2026-11-23, or as spreadsheets in the US save it, 11/23/2026."""

    widget = widgets.DateInput()

    def parse(self, text: str) -> date:
        """The date."""
        for pattern in ("%Y-%m-%d", "%m/%d/%Y"):
            try:
                day = datetime.strptime(text, pattern).date()
            except ValueError:
                continue
            if 2000 <= day.year < 2100:
                return day
        raise ValueError(f"{shown(text)} is not a date: write it such as 2026-11-23.")

    def format(self, value: date | None) -> str:
        """The ISO form."""
        return "" if value is None else value.isoformat()


class ClockField(CellField):
    """A local time: 08:30 or 13:00, or 8:30 AM."""

    widget = widgets.TimeInput()

    def parse(self, text: str) -> time:
        """The time."""
        return parse_clock(text)

    def format(self, value: time | None) -> str:
        """Hours and minutes on the 24-hour clock."""
        return "" if value is None else f"{value:%H:%M}"


def parse_clock(text: str) -> time:
    """A local time of day, to the minute. Raises ValueError naming the text and the cure."""
    match = re.fullmatch(r"(\d{1,2}):(\d\d)(?::00)?\s*(am|pm|a\.m\.|p\.m\.)?", text.strip(), re.IGNORECASE)
    if match:
        hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").lower()[:1]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        elif half:
            hour = 24
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise ValueError(f"{shown(text)} is not a time: write it such as 08:30.")


class YesNoField(CellField):
    """Yes or no; a checkbox on pages. Empty counts as `empty`."""

    widget = widgets.YesNo()

    def __init__(self, label: str, *, empty: bool, **kwargs: Any) -> None:
        super().__init__(label, empty=empty, default=empty, **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Of several values the last counts: a checkbox comes after its hidden "no"."""
        super().process_formdata(list(valuelist)[-1:])

    def parse(self, text: str) -> bool:
        """The answer."""
        if text.lower() in ("yes", "true", "1"):
            return True
        if text.lower() in ("no", "false", "0"):
            return False
        raise ValueError(f"{shown(text)} is neither yes nor no: write one of them.")

    def format(self, value: bool | None) -> str:
        """yes or no."""
        return "" if value is None else "yes" if value else "no"

    def text(self) -> str:
        """What the checkbox shows."""
        return str(self.raw_data[-1]) if self.raw_data else self.format(self.data)


class ChoiceField(CellField):
    """One of a closed set: `words` maps the word in files to its value and the words on pages."""

    widget = widgets.ChoiceOfWords()

    def __init__(self, label: str, *, words: dict[str, tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.words = words

    def parse(self, text: str) -> Any:
        """The value of the word, in any case."""
        for word, (value, _) in self.words.items():
            if word.lower() == text.lower():
                return value
        raise ValueError(f"{shown(text)} is unknown: choose one of {', '.join(self.words)}.")

    def format(self, value: Any) -> str:
        """The word of the value."""
        return next((word for word, (known, _) in self.words.items() if known == value), "")

    def chosen(self) -> str:
        """The word that is chosen, as the page offers it; what was typed where that is none of them."""
        text = self.text()
        return next((word for word in self.words if word.lower() == text.lower()), text)

    def offered(self) -> list[tuple[str, str]]:
        """Words and what the page calls them."""
        return [(word, label) for word, (_, label) in self.words.items()]


class StateField(ChoiceField):
    """A state, or none: then it is the region's."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        words = {code: (code, name.removeprefix("the ")) for code, name in STATES.items()}
        super().__init__(label, words=words, empty="", **kwargs)

    def parse(self, text: str) -> str:
        """The postal code."""
        if text.upper() not in self.words:
            raise ValueError(f"{shown(text)} is no state: write its postal code, such as OH.")
        return text.upper()

    def offered(self) -> list[tuple[str, str]]:
        """The states by name, after "As the region"."""
        return [("", "As the region"), *sorted(super().offered(), key=lambda pair: pair[1])]
