"""What nurses carry becomes the stock of their shifts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from app.field.custody import custody_of
from app.field.events import Event, Kind
from app.field.story import story_of
from app.store.mapping import ids
from app.store.models import FieldEvent, Pickup
from scheduler.model import Shift, Supply, Visit

Units = Mapping[str, int]
"""By item."""


def stocked(
    shifts: Iterable[Shift],
    visits: Sequence[Visit],
    pickups: Sequence[Pickup],
    recorded: Iterable[FieldEvent],
) -> tuple[Shift, ...]:
    """The shifts with their stock: what their nurses `recorded` of it, else the `pickups` on file for them.

    Once anything is picked up for a nurse's day, what is not named she has none of. A nurse without any is
    not limited: nobody has picked up yet.
    """
    uses = {visit.id: _uses(visit) for visit in visits}
    items = {item for units in uses.values() for item in units}
    stocks: dict[str, dict[str, int]] = defaultdict(dict)
    for row in pickups:
        stocks[ids.nurse_id(row.nurse_id)][row.item] = row.units
    for nurse, events in _by_nurse(recorded).items():
        stocks[nurse] |= _of_the_day(events, stocks[nurse], uses)
    return tuple(
        shift.replace(stock=_stock(stocks[shift.nurse], items)) if stocks.get(shift.nurse) else shift
        for shift in shifts
    )


def _of_the_day(events: Sequence[Event], on_file: Units, uses: Mapping[str, Units]) -> dict[str, int]:
    """What she has for her whole day: what she carries now, and what her visits so far were to use, whatever
    they did use."""
    used = {
        (ids.visit_id(entry.event.visit or 0), entry.payload["item"])
        for entry in story_of(events).of(Kind.USED)
    }
    units: dict[str, int] = {}
    for line in custody_of(events, ()).lines:
        if line.picked_up or line.item in on_file:
            picked = 0 if line.picked_up else on_file[line.item]
            back = sum(uses.get(visit, {}).get(line.item, 0) for visit, item in used if item == line.item)
            units[line.item] = max(0, picked + line.unexplained + back)
    return units


def _by_nurse(recorded: Iterable[FieldEvent]) -> Mapping[str, list[Event]]:
    events: dict[str, list[Event]] = defaultdict(list)
    for row in recorded:
        events[ids.nurse_id(row.nurse_id)].append(row.event)
    return events


def _uses(visit: Visit) -> Units:
    return {supply.item: supply.units for task in visit.tasks for supply in task.uses}


def _stock(units: Units, items: set[str]) -> tuple[Supply, ...]:
    return tuple(Supply(item=item, units=units.get(item, 0)) for item in sorted(items | units.keys()))
