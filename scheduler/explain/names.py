"""How people call what the planner knows by id, and the small parts of sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.model import Problem

_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)

_DAY = 24 * 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """An id without a name is shown as it is.

    `clock` writes a time, given in seconds since the origin: "9:00". `notes` says what became of a nurse's
    credential, by (nurse, credential): "expired on Nov 20". `when` is the time that was planned: "in these
    ten days".
    """

    clock: Callable[[int], str]
    nurses: Mapping[str, str] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    visits: Mapping[str, str] = field(default_factory=dict)
    when: str = "that day"

    def nurse(self, id: str) -> str:
        """The nurse's name."""
        return self.nurses.get(id, id)

    def visit(self, id: str) -> str:
        """The visit's code."""
        return self.visits.get(id, id)

    def credential(self, code: str) -> str:
        """The credential's name."""
        return self.credentials.get(code, code)


def days_planned(problem: Problem) -> int:
    """How many days there are from the first shift to the last."""
    starts = [shift.start for shift in problem.shifts]
    return (max(starts) - min(starts)) // _DAY + 1 if starts else 1


def time_planned(problem: Problem) -> str:
    """ "that day", or "in these ten days"."""
    days = days_planned(problem)
    return "that day" if days == 1 else f"in these {number(days)} days"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def number(count: int) -> str:
    """A word up to twelve, then figures."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def counted(count: int, one: str, several: str) -> str:
    """ "one is", "three are"."""
    return f"{number(count)} {one if count == 1 else several}"


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."
