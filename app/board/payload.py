"""The day as JSON, for the timeline, the map and the table. Nothing here reads the database.

An instant is {"iso": local time with offset, "text": as shown}, both in the region's zone, so that the
browser's own zone never matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.board import text
from app.board.day import BoardDay, NurseDay
from app.store.models import AcceptedExceptionRow, StopRow, Visit, VisitWindow
from app.store.models.plan import HandOver
from app.web.times import clock, duration, moment, span

COLOURS = 12
"""How many route colours the style sheet has; nurses beyond that share, told apart by their number."""

HOUR = timedelta(hours=1)
USUAL_HOURS = (8, 17)
"""The axis of a day on which nobody works, local hours."""


def day_payload(board: BoardDay) -> dict[str, Any]:
    """The whole day but for what time alone changes; the shape is described at `views.day_data`."""
    zone = board.zone
    return {
        "day": board.day.isoformat(),
        "zone": str(zone),
        "plan": board.shown.id if board.shown else None,
        "revision": board.shown.revision if board.shown else "",
        "movable": board.movable,
        "exceptions": list(exception_lines(board.exceptions, zone)),
        "axis": _axis(board),
        "nurses": [_nurse(nurse, board) for nurse in board.nurses],
        "visits": {str(visit.id): _visit(visit, board) for visit in board.visits.values()},
        "unassigned": [
            {"visit": row.visit_id, "reason": row.reason, "details": row.details} for row in board.unassigned
        ],
        "unplanned": [visit.id for visit in board.unplanned],
        "hand_overs": [_hand_over(visit, each, board.zone) for visit, each in board.hand_overs.items()],
    }


def instant(moment: datetime, zone: ZoneInfo) -> dict[str, str]:
    """One instant as JSON."""
    return {"iso": moment.astimezone(zone).isoformat(timespec="seconds"), "text": clock(moment, zone)}


def window(row: VisitWindow, zone: ZoneInfo) -> dict[str, Any]:
    """A window as JSON, with its wording."""
    starts = span(row.earliest_start, row.latest_start, zone)
    over = f", over by {clock(row.latest_end, zone)}" if row.latest_end else ""
    return {
        "earliest_start": instant(row.earliest_start, zone),
        "latest_start": instant(row.latest_start, zone),
        "latest_end": instant(row.latest_end, zone) if row.latest_end else None,
        "text": f"start {starts}{over}",
    }


def exception_lines(rows: Iterable[AcceptedExceptionRow], zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """The accepted exceptions as JSON, with what was accepted in words, who did and why."""
    for row in rows:
        yield {
            "visit": row.visit_id,
            "nurse": row.nurse_id,
            "text": text.excepted(row),
            "reason": row.reason,
            "by": f"{row.user.name}, {moment(row.accepted_at, zone)}",
        }


def _axis(board: BoardDay) -> dict[str, Any]:
    """Whole hours around everything the rows show."""
    zone = board.zone
    seen = list(_instants(board.nurses)) or [
        datetime(board.day.year, board.day.month, board.day.day, hour, tzinfo=zone) for hour in USUAL_HOURS
    ]
    start = min(seen).astimezone(zone).replace(minute=0, second=0, microsecond=0)
    hours = [start.astimezone(board.now.tzinfo)]
    # In UTC, because a local hour may be missing or stand twice where the clocks change.
    while hours[-1] < max(seen):
        hours.append(hours[-1] + HOUR)
    return {
        "start": instant(hours[0], zone),
        "end": instant(hours[-1], zone),
        "hours": [{**instant(hour, zone), "text": _hour_text(hour, zone)} for hour in hours],
    }


def _hour_text(hour: datetime, zone: ZoneInfo) -> str:
    local = hour.astimezone(zone)
    return f"{local.hour % 12 or 12} {local:%p}"


def _instants(nurses: Sequence[NurseDay]) -> Iterator[datetime]:
    for nurse in nurses:
        yield from (nurse.shift_start, nurse.shift_end)
        if nurse.route:
            yield from (at for at in (nurse.route.departure, nurse.route.finish) if at)


def _nurse(nurse: NurseDay, board: BoardDay) -> dict[str, Any]:
    zone = board.zone
    stops = nurse.stops
    return {
        "id": nurse.id,
        "number": nurse.number,
        "colour": (nurse.number - 1) % COLOURS,
        "name": nurse.name,
        "home": list(nurse.home),
        "shift": {
            "start": instant(nurse.shift_start, zone),
            "end": instant(nurse.shift_end, zone),
            "text": span(nurse.shift_start, nurse.shift_end, zone),
        },
        "load": _load(nurse),
        "notes": _notes(nurse, zone),
        "departure": instant(nurse.route.departure, zone) if nurse.route and nurse.route.departure else None,
        "finish": instant(nurse.route.finish, zone) if nurse.route and nurse.route.finish else None,
        "drives": list(_drives(nurse, zone)),
        "break": _break(nurse, zone),
        "overtime": _overtime(nurse, zone),
        "stops": [_stop(stop, position, board) for position, stop in enumerate(stops, start=1)],
    }


def _load(nurse: NurseDay) -> str:
    """What her row says under her name; nothing while nothing is planned."""
    if nurse.route is None:
        return ""
    if not nurse.stops:
        return "free all day"
    return f"{text.count(len(nurse.stops), 'visit')}, {duration(nurse.route.travel_seconds)} driving"


def _notes(nurse: NurseDay, zone: ZoneInfo) -> list[str]:
    """Her day in a line of the table."""
    rest, over = _break(nurse, zone), _overtime(nurse, zone)
    notes = [span(nurse.shift_start, nurse.shift_end, zone), _load(nurse)]
    if nurse.route and nurse.route.departure and nurse.route.finish:
        notes.append(f"leaves {clock(nurse.route.departure, zone)}, home {clock(nurse.route.finish, zone)}")
    notes += [each["text"] for each in (rest, over) if each]
    return [note for note in notes if note]


def _stop(stop: StopRow, position: int, board: BoardDay) -> dict[str, Any]:
    zone, shared = board.zone, board.hand_overs.get(stop.visit_id)
    return {
        "visit": stop.visit_id,
        "position": position,
        "arrival": instant(stop.arrival, zone),
        "start": instant(stop.start, zone),
        "end": instant(stop.end, zone),
        "text": span(stop.start, stop.end, zone),
        "drive": duration(stop.travel_seconds),
        "phases": stop.phases,
        "hand_over": text.hand_over(shared, zone) if shared else "",
    }


def _hand_over(visit: int, each: HandOver, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "visit": visit,
        "giver": each.giver.route.nurse_id,
        "taker": each.taker.route.nurse_id,
        "begins": instant(each.begins, zone),
        "over": instant(each.over, zone),
    }


def _drives(nurse: NurseDay, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """Each drive with the stretch it fills; a break taken on the way is part of the stretch."""
    route, stops = nurse.route, nurse.stops
    if route is None or not stops or route.departure is None or route.finish is None:
        return
    leaves = (route.departure, *(stop.end for stop in stops))
    arrives = (*(stop.arrival for stop in stops), route.finish)
    home = route.travel_seconds - sum(stop.travel_seconds for stop in stops)
    for start, end, seconds in zip(
        leaves, arrives, (*(stop.travel_seconds for stop in stops), home), strict=True
    ):
        if seconds > 0:
            yield {
                "start": instant(start, zone),
                "end": instant(end, zone),
                "text": f"{duration(seconds)} drive",
            }


def _break(nurse: NurseDay, zone: ZoneInfo) -> dict[str, Any] | None:
    route = nurse.route
    if route is None or route.break_start is None:
        return None
    end = route.break_start + timedelta(minutes=route.break_minutes)
    return {
        "start": instant(route.break_start, zone),
        "end": instant(end, zone),
        "text": f"{route.break_minutes} min break, {span(route.break_start, end, zone)}",
    }


def _overtime(nurse: NurseDay, zone: ZoneInfo) -> dict[str, Any] | None:
    finish = nurse.route.finish if nurse.route else None
    if finish is None or finish <= nurse.shift_end:
        return None
    over = (finish - nurse.shift_end).total_seconds()
    return {
        "start": instant(nurse.shift_end, zone),
        "end": instant(finish, zone),
        "text": f"{duration(round(over))} overtime",
    }


def _visit(visit: Visit, board: BoardDay) -> dict[str, Any]:
    return {
        "id": visit.id,
        "code": visit.code,
        "patient": visit.patient.name,
        "protocol": visit.protocol.name,
        "minutes": visit.minutes,
        "priority": visit.priority.value,
        "point": [visit.patient.latitude, visit.patient.longitude],
        "windows": [window(row, board.zone) for row in visit.windows],
        "credentials": sorted(visit.version.kinds),
        "staff": visit.version.staff,
        "pinned": visit.pinned_nurse_id is not None,
        "pinned_start": visit.pinned_start is not None,
        "served": visit.id in board.served,
        "withdrawn": visit.id in board.served - board.booked,
    }
