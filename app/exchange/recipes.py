"""Fields of a protocol whose one cell holds a list: phases, follow-ups, drug units, and short texts.

On pages phases and follow-ups are rows of inputs of the same name, sent in their order, the others a line
each; in files each is one text, with semicolons between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from app.actions.records.content import PhaseContent
from app.exchange import widgets
from app.exchange.fields import CellField, shown
from app.exchange.lists import parse_kind
from app.store.models.protocol import DrugUnits, FollowUp, PhaseKind

LONGEST_PHASE = 480
MOST_PHASES = 12
MOST_FOLLOW_UPS = 4
MOST_TEXTS = 30
LONGEST_TEXT = 80
MOST_UNITS = 99
LATEST_HOURS = 24 * 60

_FOLLOW_UP = re.compile(
    r"(\d{1,4})\s*h\s*(?:\+-|±)\s*(\d{1,4})\s*h\s+(call|visit)\s+(\d{1,3})\s*min(\s+mania)?", re.IGNORECASE
)


class RowsField(CellField):
    """A list whose rows have `width` inputs each on a page."""

    width: int
    most: int
    what: str

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """One text from a file, or the inputs of each row in turn from a page."""
        texts = list(valuelist)
        if len(texts) > 1:
            texts = ["; ".join(self.row_text(*row) for row in self._cut(texts) if self.is_filled(row))]
        super().process_formdata(texts)

    def parse(self, text: str) -> tuple[Any, ...]:
        """The values of the rows."""
        parts = [part.strip() for part in text.split(";") if part.strip()]
        if len(parts) > self.most:
            raise ValueError(f"There are {len(parts)} {self.what}: at most {self.most} can be.")
        return tuple(self.parse_row(part) for part in parts)

    def format(self, value: tuple[Any, ...] | None) -> str:
        """The text of a file."""
        return "; ".join(self.format_row(each) for each in value or ())

    def rows(self) -> list[tuple[str, ...]]:
        """The inputs of each row, as typed where something was typed."""
        if self.raw_data and len(self.raw_data) > 1:
            return list(self._cut([str(text) for text in self.raw_data]))
        return [self.cells(part.strip()) for part in self.text().split(";") if part.strip()]

    def is_filled(self, row: tuple[str, ...]) -> bool:
        """Whether anything was typed into the row."""
        return any(cell.strip() for cell in row)

    def row_text(self, *cells: str) -> str:
        """A row's text from its inputs."""
        raise NotImplementedError

    def cells(self, text: str) -> tuple[str, ...]:
        """A row's inputs from its text."""
        raise NotImplementedError

    def parse_row(self, text: str) -> Any:
        """A row's value. Raises ValueError naming the text and the cure."""
        raise NotImplementedError

    def format_row(self, value: Any) -> str:
        """A value's text."""
        raise NotImplementedError

    def _cut(self, texts: list[str]) -> Iterable[tuple[str, ...]]:
        return zip(*(texts[start :: self.width] for start in range(self.width)), strict=False)


class PhasesField(RowsField):
    """Phases in order, each with what it alone asks for: "arrival:15; infusion:40:IV competency|ACLS"."""

    widget = widgets.PhaseRows()
    width = 3
    most = MOST_PHASES
    what = "phases"

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.known: list[str] = []

    def row_text(self, *cells: str) -> str:
        """The kind, the minutes, and the credentials where there are any."""
        kind, minutes, credentials = cells
        return f"{kind}:{minutes}" + (f":{credentials}" if credentials.strip() else "")

    def cells(self, text: str) -> tuple[str, ...]:
        """Kind, minutes and credentials."""
        kind, _, rest = text.partition(":")
        minutes, _, credentials = rest.partition(":")
        return kind.strip(), minutes.strip(), credentials.strip()

    def parse_row(self, text: str) -> PhaseContent:
        """The phase."""
        word, minutes, credentials = self.cells(text)
        kinds = {kind.value: kind for kind in PhaseKind}
        if word.lower() not in kinds:
            raise ValueError(f"{shown(text)}: the phase must be one of {', '.join(kinds)}.")
        if not minutes.isdecimal() or not 1 <= int(minutes) <= LONGEST_PHASE:
            raise ValueError(f"{shown(text)}: give its minutes, from 1 to {LONGEST_PHASE}.")
        asked = {parse_kind(part.strip()) for part in credentials.split("|") if part.strip()}
        return PhaseContent(kind=kinds[word.lower()], minutes=int(minutes), credentials=tuple(sorted(asked)))

    def format_row(self, value: PhaseContent) -> str:
        """The text of the phase."""
        return self.row_text(value.kind.value, str(value.minutes), "|".join(value.credentials))


class FollowUpsField(RowsField):
    """Follow-ups: "24h +-4h call 15min; 168h +-24h visit 30min mania"."""

    widget = widgets.FollowUpRows()
    width = 5
    most = MOST_FOLLOW_UPS
    what = "follow-ups"

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, empty=(), **kwargs)

    def is_filled(self, row: tuple[str, ...]) -> bool:
        """Whether there is a number: the lists always have a choice."""
        after, window, _, minutes, _ = row
        return bool(after.strip() or window.strip() or minutes.strip())

    def row_text(self, *cells: str) -> str:
        """Hours after the infusion, give or take; how, how long, and whether with a mania check."""
        after, window, how, minutes, mania = (cell.strip() for cell in cells)
        return f"{after}h +-{window}h {how or 'call'} {minutes}min" + (" mania" if mania else "")

    def cells(self, text: str) -> tuple[str, ...]:
        """Hours, hours, "call" or "visit", minutes, and "mania" or nothing."""
        match = _FOLLOW_UP.fullmatch(text)
        if match is None:
            return text, "", "call", "", ""
        return match[1], match[2], match[3].lower(), match[4], "mania" if match[5] else ""

    def parse_row(self, text: str) -> FollowUp:
        """The follow-up."""
        match = _FOLLOW_UP.fullmatch(text)
        if match is None:
            raise ValueError(
                f"{shown(text)} is not a follow-up: give hours after the infusion, give or take how many, "
                'call or visit, and minutes, such as "24h +-4h call 15min"; add "mania" for a mania check.'
            )
        after, window, minutes = int(match[1]), int(match[2]), int(match[4])
        if not window <= after <= LATEST_HOURS or not 1 <= minutes <= LONGEST_PHASE:
            raise ValueError(
                f"{shown(text)}: it is due at most {LATEST_HOURS} h after the infusion and not before it, "
                f"and lasts 1 to {LONGEST_PHASE} min."
            )
        return FollowUp(
            offset_hours=after,
            window_hours=window,
            in_person=match[3].lower() == "visit",
            minutes=minutes,
            mania_check=bool(match[5]),
        )

    def format_row(self, value: FollowUp) -> str:
        """The text of the follow-up."""
        return self.row_text(
            str(value.offset_hours),
            str(value.window_hours),
            "visit" if value.in_person else "call",
            str(value.minutes),
            "mania" if value.mania_check else "",
        )


class TextsField(CellField):
    """Short texts, a line each on pages: "Alert and oriented; pain below 4"."""

    widget = widgets.Lines()

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, empty=(), **kwargs)

    def parse(self, text: str) -> tuple[Any, ...]:
        """The texts in their order, each once."""
        parts = [part for part in self.lines(text) if part]
        values = tuple(self.parse_line(part) for part in parts)
        if len(values) > MOST_TEXTS:
            raise ValueError(f"There are {len(values)}: at most {MOST_TEXTS} can be.")
        double = next((part for part in parts if parts.count(part) > 1), None)
        if double is not None:
            raise ValueError(f"{shown(double)} stands there twice: leave one out.")
        return values

    def format(self, value: tuple[Any, ...] | None) -> str:
        """The text of a file."""
        return "; ".join(self.format_line(each) for each in value or ())

    def lines(self, text: str) -> list[str]:
        """The lines of a text."""
        return [part.strip() for part in re.split(r"[;\r\n]", text)]

    def parse_line(self, text: str) -> Any:
        """A line's value. Raises ValueError naming the text and the cure."""
        if len(text) > LONGEST_TEXT or not text.isprintable():
            raise ValueError(f"{shown(text)} cannot be: use at most {LONGEST_TEXT} printable characters.")
        return text

    def format_line(self, value: Any) -> str:
        """A value's line."""
        return str(value)


class DrugUnitsField(TextsField):
    """What a visit uses of drugs: "Ketamine 500 mg vial x 1"."""

    def parse_line(self, text: str) -> DrugUnits:
        """The drug and its units."""
        match = re.fullmatch(r"(.+?)\s+[x×]\s*(\d{1,2})", text)
        if match is None or not 1 <= int(match[2]) <= MOST_UNITS:
            raise ValueError(
                f"{shown(text)}: give the drug and how many units, such as Ketamine 500 mg vial x 1."
            )
        return DrugUnits(item=super().parse_line(match[1]), units=int(match[2]))

    def format_line(self, value: DrugUnits) -> str:
        """The drug's line."""
        return f"{value.item} x {value.units}"
