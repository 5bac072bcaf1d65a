"""What would make a change possible, read on from "if": "Ana's shift were an hour longer"."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scheduler.check import Code, Violation
from scheduler.explain.course_words import length
from scheduler.explain.names import listed
from scheduler.explain.rule_words import Scene


def wish(violations: Iterable[Violation], scene: Scene) -> str | None:
    """What would have to be otherwise for the plan to break none of these rules; None where one of them can
    be no wish."""
    parts = []
    for violation in violations:
        say = _WISHES.get(violation.code)
        if say is None:
            return None
        parts.append(say(violation, scene))
    return listed(list(dict.fromkeys(parts)))


def _start(violation: Violation, scene: Scene) -> str:
    return scene.clock(scene.stops[violation.task or ""].start)


def _too_early(violation: Violation, scene: Scene) -> str:
    return f"{scene.visit(violation)} might start from {_start(violation, scene)} on"


def _too_late(violation: Violation, scene: Scene) -> str:
    return f"{scene.visit(violation)} might start until {_start(violation, scene)}"


def _ends_too_late(violation: Violation, scene: Scene) -> str:
    return f"{scene.visit(violation)} might last until {scene.clock(scene.stops[violation.task or ''].end)}"


def _shift_end(violation: Violation, scene: Scene) -> str:
    return f"{scene.nurse(violation)}'s shift were {length(violation.by)} longer"


def _shift_start(violation: Violation, scene: Scene) -> str:
    return f"{scene.nurse(violation)}'s shift began {length(violation.by)} earlier"


def _break_window(violation: Violation, scene: Scene) -> str:
    begins = scene.routes[violation.shift or ""].break_start or 0
    return f"{scene.nurse(violation)}'s break might begin at {scene.clock(begins)}"


def _break_missing(violation: Violation, scene: Scene) -> str:
    return f"{scene.nurse(violation)} went without a break"


def _barred(violation: Violation, scene: Scene) -> str:
    return f"{scene.nurse(violation)} were not barred from the patient"


def _most_visits(violation: Violation, scene: Scene) -> str:
    most = scene.shifts[violation.shift or ""].max_visits or 0
    return f"{scene.nurse(violation)} might have {most + violation.by} visits"


def _credential(violation: Violation, scene: Scene) -> str:
    task, shift = scene.tasks[violation.task or ""], scene.shifts[violation.shift or ""]
    missing = [scene.names.credential(code) for code in sorted(task.credentials - shift.credentials)]
    return f"{scene.nurse(violation)} held {listed(missing)}"


def _adult(violation: Violation, scene: Scene) -> str:
    return f"a responsible adult were there long enough after {scene.visit(violation)}"


def _prescriber(violation: Violation, scene: Scene) -> str:
    return f"the prescriber of {scene.visit(violation)} could be reached then"


def _stock(violation: Violation, scene: Scene) -> str:
    return f"{scene.nurse(violation)} carried more"


def _pin(violation: Violation, scene: Scene) -> str:
    return f"{scene.visit(violation)} were not pinned"


_WISHES: dict[Code, Callable[[Violation, Scene], str]] = {
    Code.TOO_EARLY: _too_early,
    Code.TOO_LATE: _too_late,
    Code.ENDS_TOO_LATE: _ends_too_late,
    Code.SHIFT_END: _shift_end,
    Code.SHIFT_START: _shift_start,
    Code.BREAK_WINDOW: _break_window,
    Code.BREAK_MISSING: _break_missing,
    Code.BARRED_NURSE: _barred,
    Code.MOST_VISITS: _most_visits,
    Code.CREDENTIAL: _credential,
    Code.ADULT: _adult,
    Code.PRESCRIBER: _prescriber,
    Code.STOCK: _stock,
    Code.PIN: _pin,
}
