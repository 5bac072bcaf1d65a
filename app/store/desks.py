"""Plans held ready to be changed by hand, in this process: reading one back takes a second where it is large.

They are kept by revision. What a revision says never changes, so nothing here grows stale; what a transaction
that failed has left here is of a revision that nobody asks for.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from sqlalchemy import select

from app.store.engine import Tx
from app.store.mapping.evidence import evidence_of
from app.store.models import PlanRow
from scheduler.explain import Desk

MOST = 12
"""So many are kept, those that were asked for last."""

_kept: OrderedDict[str, Desk] = OrderedDict()
_lock = Lock()


def desk_of(tx: Tx, plan_id: int, revision: str) -> Desk:
    """The plan as it is at this revision. Raises FormatError where somebody has spoilt its evidence."""

    def read() -> Desk:
        columns = select(PlanRow.problem, PlanRow.travel_seconds, PlanRow.plan).where(PlanRow.id == plan_id)
        evidence = evidence_of(tx.execute(columns).one())
        return Desk(evidence.problem, evidence.matrix, evidence.plan)

    return kept(revision, read)


def kept(key: str, make: Callable[[], Desk]) -> Desk:
    """What is ready under this key, or is made now. The key says all that the plan depends on."""
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    desk = make()
    keep(key, desk)
    return desk


def keep(key: str, desk: Desk) -> None:
    """Have the plan ready for the next who asks."""
    with _lock:
        _kept[key] = desk
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
