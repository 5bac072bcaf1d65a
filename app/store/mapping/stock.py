"""What nurses have picked up becomes the stock of their shifts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.store.mapping import ids
from app.store.models import Pickup
from scheduler.model import Shift, Supply, Visit


def stocked(shifts: Iterable[Shift], visits: Iterable[Visit], pickups: Sequence[Pickup]) -> tuple[Shift, ...]:
    """The shifts with their stock.

    Once anything is picked up for a nurse's day, what her pickups do not name she has none of. A nurse
    without any is not limited: nobody has picked up yet.
    """
    used = {supply.item for visit in visits for task in visit.tasks for supply in task.uses}
    picked: dict[str, dict[str, int]] = {}
    for row in pickups:
        picked.setdefault(ids.nurse_id(row.nurse_id), {})[row.item] = row.units
    return tuple(
        shift.replace(stock=_stock(picked[shift.nurse], used)) if shift.nurse in picked else shift
        for shift in shifts
    )


def _stock(picked: dict[str, int], used: set[str]) -> tuple[Supply, ...]:
    return tuple(Supply(item=item, units=picked.get(item, 0)) for item in sorted(used | picked.keys()))
