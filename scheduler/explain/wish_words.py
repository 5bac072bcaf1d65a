"""What would make a change possible, read on from "if": "Ana's shift were an hour longer"."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.check import Code, Violation
from scheduler.explain.names import listed
from scheduler.explain.rule_words import Scene, words_of


def wish(violations: Iterable[Violation], scene: Scene) -> str | None:
    """What would have to be otherwise for the plan to break none of these rules; None where one of them can
    be no wish."""
    parts = []
    for violation in violations:
        template = _WISHES.get(violation.code)
        if template is None:
            return None
        parts.append(words_of(template, violation, scene))
    return listed(list(dict.fromkeys(parts)))


_WISHES: dict[Code, str] = {
    Code.TOO_EARLY: "{it.visit} might start from {it.start} on",
    Code.TOO_LATE: "{it.visit} might start until {it.start}",
    Code.ENDS_TOO_LATE: "{it.visit} might last until {it.end}",
    Code.SHIFT_END: "{it.nurse}'s shift were {it.by} longer",
    Code.SHIFT_START: "{it.nurse}'s shift began {it.by} earlier",
    Code.BREAK_WINDOW: "{it.nurse}'s break might begin at {it.break_start}",
    Code.BREAK_MISSING: "{it.nurse} went without a break",
    Code.BARRED_NURSE: "{it.nurse} were not barred from the patient",
    Code.MOST_VISITS: "{it.nurse} might have {it.count} visits",
    Code.CREDENTIAL: "{it.nurse} held {it.missing}",
    Code.ADULT: "a responsible adult were there long enough after {it.visit}",
    Code.PRESCRIBER: "the prescriber of {it.visit} could be reached then",
    Code.STOCK: "{it.nurse} carried more",
    Code.PIN: "{it.visit} were not pinned",
}
