"""What a disturbed day cannot keep; `change_words` has the words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class UnkeptKind(StrEnum):
    """What of the plan in force, or of the records, cannot be kept.

    - START: a frozen visit keeps its nurse, and starts at `possible` at the earliest instead of `planned`.
    - FROZEN: a frozen visit cannot stay with its nurse at all; it is planned anew.
    - PIN: the nurse or the start the dispatcher fixed is not there any more; it is planned anew.
    - MISSED: a visit that has not begun, and whose last window is over.
    - BREAK: the nurse's break does not fit where it was owed; `possible` is when it begins, None: not at all.
    - OVERTIME: the nurse is back at `possible`, later than `planned`, the latest allowed.
    - RELIEF: nobody is sure to take over; the nurse who is there may have to stay until `possible`.
    - IN_PROGRESS: the nurse cannot go on with the visit she is at, which lasts until `planned`.
    """

    START = "start"
    FROZEN = "frozen"
    PIN = "pin"
    MISSED = "missed"
    BREAK = "break"
    OVERTIME = "overtime"
    RELIEF = "relief"
    IN_PROGRESS = "in_progress"


@dataclass(frozen=True, kw_only=True, slots=True)
class Unkept:
    """One thing that cannot be kept. `visit`: its id; `nurse`: hers. Times in seconds since the origin."""

    kind: UnkeptKind
    visit: str | None = None
    nurse: str | None = None
    planned: int | None = None
    possible: int | None = None
