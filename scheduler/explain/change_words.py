"""The changes between two plans, and what cannot be kept, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.explain.changes import Care, ChangeKind, Changes, NurseNews, VisitChange
from scheduler.explain.names import Names, listed
from scheduler.explain.unkept import Unkept, UnkeptKind


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeLine:
    """One visit of the list of changes, in words: "V-101", "9:00 Ana Ruiz", "9:20 Ben Cole", "other nurse,
    20 min later"."""

    visit: str
    before: str
    after: str
    what: str


def change_lines(changes: Changes, names: Names) -> tuple[ChangeLine, ...]:
    """A line for each visit that is not as it was."""
    return tuple(
        ChangeLine(
            visit=names.visit(change.visit),
            before=_stays(change.before, names),
            after=_stays(change.after, names),
            what=_what(change),
        )
        for change in changes.changed
    )


def nurse_sentences(changes: Changes, names: Names) -> tuple[str, ...]:
    """What each nurse must be told, a sentence each."""
    return tuple(_news(news, names) for news in changes.nurses)


def patients_to_tell(changes: Changes, names: Names) -> str:
    """The visits whose patients must be told: "V-101, V-102 and V-103"; empty: nobody."""
    return listed([names.visit(visit) for visit in changes.patients])


def share_of_changes(changes: Changes) -> str:
    """ "3 of 55 visits change." """
    count, whole = len(changes.changed), len(changes.visits)
    if not count:
        return "No visit changes."
    return f"{count} of {whole} visit{'' if whole == 1 else 's'} {'changes' if count == 1 else 'change'}."


def unkept_sentence(unkept: Unkept, names: Names) -> str:
    """What cannot be kept, as a sentence."""
    no_break = unkept.kind is UnkeptKind.BREAK and unkept.possible is None
    planned = _at(unkept.planned, names)
    return (_NO_BREAK if no_break else _UNKEPT[unkept.kind]).format(
        visit=names.visit(unkept.visit or ""),
        nurse=names.nurse(unkept.nurse or ""),
        planned=planned,
        at_planned=f" at {planned}" if planned else "",
        possible=_at(unkept.possible, names),
    )


def change_table(changes: Changes, names: Names) -> Iterator[str]:
    """The list of changes as lines of a terminal, a heading first; nothing where nothing changes."""
    lines = change_lines(changes, names)
    if not lines:
        return
    rows = [("visit", "before", "after", "change")]
    rows += [(line.visit, line.before, line.after, line.what) for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)).rstrip()


def _at(seconds: int | None, names: Names) -> str:
    return "" if seconds is None else names.clock(seconds)


def _stays(stays: tuple[Care, ...], names: Names) -> str:
    if not stays:
        return "no nurse"
    return ", ".join(f"{names.clock(care.start)} {names.nurse(care.nurse)}" for care in stays)


def _what(change: VisitChange) -> str:
    words = [_KINDS[kind] for kind in change.kinds if kind is not ChangeKind.MOVED]
    if change.before and change.after:
        shift = change.after[0].start - change.before[0].start
        if abs(shift) >= 60:
            words.append(f"{_span(abs(shift))} {'later' if shift > 0 else 'earlier'}")
    return ", ".join(words)


def _span(seconds: int) -> str:
    """ "40 min", "2 h", "2 h 20 min"."""
    hours, minutes = divmod(seconds // 60, 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    return " ".join(filter(None, parts))


_KINDS = {
    ChangeKind.SAME: "as it was",
    ChangeKind.OTHER_NURSE: "other nurse",
    ChangeKind.LEFT_OUT: "finds no place any more",
    ChangeKind.NOW_SERVED: "now served",
    ChangeKind.CANCELLED: "cancelled",
}


def _news(news: NurseNews, names: Names) -> str:
    parts = [
        f"{verb} {listed([names.visit(visit) for visit in visits])}"
        for verb, visits in (("gains", news.gained), ("loses", news.lost))
        if visits
    ]
    if news.moved:
        parts.append(f"has {listed([names.visit(visit) for visit in news.moved])} at another time")
    return f"{names.nurse(news.nurse)} {listed(parts)}."


_NO_BREAK = "{nurse} finds no time for her break."

_UNKEPT = {
    UnkeptKind.START: "{visit} begins soon and keeps {nurse}, but cannot start at {planned}: {possible} "
    "at the earliest.",
    UnkeptKind.FROZEN: "{visit} begins soon, but {nurse} cannot do it at {planned} or later: it is "
    "planned anew.",
    UnkeptKind.PIN: "{visit} was fixed to {nurse}{at_planned}, which cannot be kept: it is planned anew.",
    UnkeptKind.MISSED: "{visit} cannot be served any more: its last time window is over.",
    UnkeptKind.BREAK: "{nurse}'s break is not over by {planned}: it begins at {possible}.",
    UnkeptKind.OVERTIME: "{nurse} is back at {possible}, after {planned}, the latest she may: nobody leaves "
    "before the monitoring has run.",
    UnkeptKind.RELIEF: "Nobody is sure to take {visit} over: {nurse} may have to stay until {possible}.",
    UnkeptKind.IN_PROGRESS: "{visit} is under way until {planned}, and {nurse} cannot go on: somebody must "
    "take her place at once. No plan can do that; call the nearest nurse.",
}
