"""The findings of `why` in plain sentences: the only wording of why a visit is unassigned.

No patient is named: the reader knows which visit she asked about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scheduler.explain.course_words import COURSE_CAUSES, at_fault, could_only
from scheduler.explain.names import Names, counted, listed, number, sentence
from scheduler.explain.predicates import during, predicate, starting
from scheduler.explain.why import Cause, NurseWhyNot, WhyNot
from scheduler.model import Mode, Task

_UNQUALIFIED = frozenset({Cause.BARRED, Cause.CREDENTIAL})
_MOST_NAMED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentences:
    """`summary` says it at once, in whole sentences.

    `nurses` holds (nurse id, what keeps her from it), the nearest to doing it first; the second reads on from
    her name: "lacks PICC-line access (expired on Nov 20)".
    """

    summary: str
    nurses: tuple[tuple[str, str], ...]


def words(why: WhyNot, names: Names) -> Sentences:
    """`why` in words."""
    tasks = {task.id: task for mode in why.modes for task in mode.tasks}
    ordered = sorted(_by_nurse(why.nurses), key=lambda entry: -entry.cause.softness)
    nurses = tuple((entry.nurse, predicate(entry, tasks[entry.task], names)) for entry in ordered)
    return Sentences(summary=_summary(why, names), nurses=nurses)


def _summary(why: WhyNot, names: Names) -> str:
    if not why.nurses:
        return f"No nurse works {names.when}."
    fitting = [entry for entry in why.nurses if entry.cause is Cause.FITS]
    if fitting:
        return _it_fits(fitting, names)
    mode, task = _nearest(why)
    entries = [entry for entry in why.nurses if entry.task == task.id]
    if any(entry.cause is Cause.PAIR_PARTNER for entry in entries):
        parts = {task.id for task in mode.tasks}
        return _no_match(len(parts), [entry for entry in why.nurses if entry.task in parts], names)
    if fault := _fault_of_all(_by_nurse(entries)):
        return sentence(fault)
    needed = f"It takes {number(len(mode.tasks))} nurses. " if len(mode.tasks) > 1 else ""
    return needed + sentence(_one_task(task, _by_nurse(entries), names))


def _fault_of_all(entries: Sequence[NurseWhyNot]) -> str | None:
    """What keeps every qualified nurse from it and lies with the visit; None: nothing does."""
    qualified = [entry for entry in entries if entry.cause not in _UNQUALIFIED]
    causes = {entry.cause for entry in qualified}
    return at_fault(qualified[0]) if len(causes) == 1 and causes <= COURSE_CAUSES else None


def _nearest(why: WhyNot) -> tuple[Mode, Task]:
    """The mode that comes nearest to being possible, and of its tasks the one that stands in the way most."""

    def softest(task: Task) -> int:
        return max(entry.cause.softness for entry in why.nurses if entry.task == task.id)

    mode = max(why.modes, key=lambda mode: min(softest(task) for task in mode.tasks))
    return mode, min(mode.tasks, key=softest)


def _by_nurse(entries: Iterable[NurseWhyNot]) -> list[NurseWhyNot]:
    """For each nurse the entry that is nearest to possible."""
    nearest: dict[str, NurseWhyNot] = {}
    for entry in entries:
        known = nearest.get(entry.nurse)
        if known is None or entry.cause.softness > known.cause.softness:
            nearest[entry.nurse] = entry
    return list(nearest.values())


def _it_fits(fitting: Sequence[NurseWhyNot], names: Names) -> str:
    first, tasks = fitting[0], {entry.task for entry in fitting}
    if len(tasks) == 1:
        could = f"{names.nurse(first.nurse)} could start {starting(first, names)}"
    else:
        could = f"several nurses have room at matching times, {names.nurse(first.nurse)} among them"
    return f"It would fit into the plan as it is: {could}. Plan again, or place it by hand."


def _no_match(needed: int, entries: Sequence[NurseWhyNot], names: Names) -> str:
    """Each task has someone with room, yet not at times that match."""
    able = sorted({entry.nurse for entry in entries if entry.cause is Cause.PAIR_PARTNER})
    qualified = sorted({entry.nurse for entry in entries if entry.cause not in _UNQUALIFIED})
    takes = f"It takes {number(needed)} nurses"
    if len(able) > 1:
        return f"{takes}: for each part someone has room, but not at matching times."
    return f"{takes}, and only {names.nurse(able[0])} {'is qualified' if qualified == able else 'has room'}."


def _one_task(task: Task, entries: Sequence[NurseWhyNot], names: Names) -> str:
    pinned = [entry for entry in entries if entry.pinned_nurse == entry.nurse]
    if pinned:
        return f"it is fixed to {names.nurse(pinned[0].nurse)}, who {predicate(pinned[0], task, names)}"
    qualified = [entry for entry in entries if entry.cause not in _UNQUALIFIED]
    if not qualified:
        return _nobody_qualified(entries, names)
    if len(qualified) > 1:
        return _several_qualified(task, qualified, names)
    only = f"the only nurse working {names.when}" if len(entries) == 1 else "the only qualified nurse"
    return f"{only}, {names.nurse(qualified[0].nurse)}, {predicate(qualified[0], task, names)}"


def _nobody_qualified(entries: Sequence[NurseWhyNot], names: Names) -> str:
    able = [entry.nurse for entry in entries if not entry.missing]
    if len(able) == len(entries):
        return f"every nurse working {names.when} is barred from this patient"
    if len(able) > _MOST_NAMED:
        return f"{number(len(able))} nurses are qualified, but all are barred from this patient"
    if able:
        only = listed([names.nurse(nurse) for nurse in able])
        return f"only {only} {'is' if len(able) == 1 else 'are'} qualified, but barred from this patient"
    common = set.intersection(*(set(entry.missing) for entry in entries))
    if not common:
        every = sorted({code for entry in entries for code in entry.missing})
        return (
            f"no nurse working {names.when} holds all of {listed([names.credential(code) for code in every])}"
        )
    code = min(common, key=lambda code: (not _noted(code, entries, names), code))
    return f"no nurse working {names.when} holds {names.credential(code)}{_who_held(code, entries, names)}"


def _noted(code: str, entries: Iterable[NurseWhyNot], names: Names) -> list[str]:
    return [entry.nurse for entry in entries if (entry.nurse, code) in names.notes]


def _who_held(code: str, entries: Sequence[NurseWhyNot], names: Names) -> str:
    """ ": Ana Ruiz's expired on Nov 20; 18 others do not have it"."""
    noted = _noted(code, entries, names)
    if not noted:
        return ""
    parts = [f"{names.nurse(nurse)}'s {names.notes[nurse, code]}" for nurse in noted]
    others = len(entries) - len(noted)
    if others:
        parts.append(f"{counted(others, 'other does', 'others do')} not have it")
    return f": {'; '.join(parts)}"


def _several_qualified(task: Task, entries: Sequence[NurseWhyNot], names: Names) -> str:
    """ "three nurses are qualified; all are full between 9:00 and 12:00"."""
    count = Counter(entry.cause for entry in entries)
    qualified = f"{number(len(entries))} nurses are qualified"
    if len(count) == 1:
        return f"{qualified}; all {_many(entries, task, names)}"
    parts = []
    for cause in sorted(count, key=lambda cause: -cause.softness):
        hers = [entry for entry in entries if entry.cause is cause]
        parts.append(f"{number(len(hers))} {_many(hers, task, names)}")
    return f"{qualified}: {listed(parts)}"


def _many(entries: Sequence[NurseWhyNot], task: Task, names: Names) -> str:
    """What nurses with the same cause have in common, read on from their number."""
    cause, alone = entries[0].cause, len(entries) == 1
    if cause in COURSE_CAUSES:
        return could_only(entries[0])
    works, has = ("works", "has") if alone else ("work", "have")
    return {
        Cause.WINDOW_OUTSIDE_SHIFT: f"{works} at the wrong hours for a visit {during(task, names)}",
        Cause.SHIFT_HOURS: f"{has} too short a shift for the stay and its drives",
        Cause.HOUR_LIMIT: f"{has} no hours left for it",
        Cause.REST: "would have too little rest between shifts",
        Cause.STOCK: f"{'does' if alone else 'do'} not carry enough {listed(entries[0].missing)} for it",
        Cause.MOST_VISITS: f"{has} the most visits allowed",
        Cause.NO_ROOM: f"{'is' if alone else 'are'} full {during(task, names)}",
    }[cause]
