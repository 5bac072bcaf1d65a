"""What people call the nurses and visits of a plan that is changed by hand: visits by their codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from weakref import WeakKeyDictionary

from app.days import clock_text, zone_of
from app.store.engine import Tx
from app.store.mapping import ids
from app.store.mapping.credentials import spoken
from app.store.models import PlanRow
from app.store.queries import by_hand as queries
from scheduler.explain import Desk, Names


def names_for(tx: Tx, row: PlanRow, desk: Desk) -> Names:
    """The names of the region's nurses, of the plan's visits, and of the credentials that these ask for."""
    zone = zone_of(row.zone)
    visits, limited = _codes(tx, desk), queries.limited_kinds(tx, row.region_id)
    return Names(
        clock=lambda seconds: clock_text(desk.problem.origin + timedelta(seconds=seconds), zone),
        nurses={ids.nurse_id(key): name for key, name in queries.nurse_names(tx, row.region_id).items()},
        visits={ids.visit_id(key): code for key, code in visits.items()},
        credentials={name: spoken(name, limited) for name in desk.credentials},
    )


def _codes(tx: Tx, desk: Desk) -> Mapping[int, str]:
    """By visit id; read once for each plan that is held, as a visit keeps its code."""
    known = _kept.get(desk)
    if known is None:
        known = queries.visit_codes(tx, [ids.key(visit) for visit in desk.visits])
        _kept[desk] = known
    return known


_kept: WeakKeyDictionary[Desk, Mapping[int, str]] = WeakKeyDictionary()
