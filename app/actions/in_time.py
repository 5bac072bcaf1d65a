"""Whether a draft still fits the hour: time goes on while the dispatcher looks at it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.actions.errors import ActionError
from app.store.engine import Tx
from app.store.models import DisruptionRow, PlanRow, RouteRow
from app.store.models.disruption import DisruptionKind
from app.store.models.plan import PlanStatus
from app.store.queries import disruptions as queries
from app.store.queries import plans
from app.store.queries.seen import seen_on

Stay = tuple[int, int, datetime]
"""Visit, nurse, start."""


def require_in_time(tx: Tx, row: PlanRow, now: datetime) -> None:
    """Raises ActionError where another plan has been published since the draft was made, or a visit has begun
    since that the draft would change, by the plan or by what its nurse recorded, or was to begin and did
    not. When what its nurse has begun began is hers to say."""
    published = plans.of_day(tx, row.region_id, row.day, PlanStatus.PUBLISHED)
    if published is None:
        return
    made = queries.replan_of(tx, row.id)
    if made is not None and made.base_id != published.id:
        raise ActionError(
            f"Plan {row.id} is not published: another plan of the day has been published since it was made. "
            "Re-plan the day, then publish."
        )
    if made is None:
        return
    before = queries.routes(tx, row.region_id, row.day, PlanStatus.PUBLISHED)
    after = queries.routes(tx, row.region_id, row.day, PlanStatus.DRAFT)
    codes = {stop.visit_id: stop.visit.code for route in (*before, *after) for stop in route.stops}
    seen = seen_on(tx, row.region_id, row.day)
    excused = _excused(before, queries.of_run(tx, row.run_id)) | seen.in_vain
    old, new = _stays(before), _stays(after)
    begun = {stay[:2] for stay in new if stay[:2] in seen.begun and stay[2] <= now}
    gone, come = ({stay for stay in stays if stay[:2] not in begun} for stays in (old - new, new - old))
    passed = {stay for stay in gone if made.as_of < stay[2] <= now and stay[0] not in excused}
    passed |= {stay for stay in come if stay[2] <= now}
    passed |= {stay for stay in gone if stay[:2] in seen.begun}
    if passed:
        names = ", ".join(sorted({codes[visit] for visit, *_ in passed}))
        raise ActionError(
            f"Plan {row.id} is not published: it has grown too old. It changes what was to begin by now: "
            f"{names}. Make it anew, then publish."
        )


def _stays(routes: Sequence[RouteRow]) -> set[Stay]:
    return {(stop.visit_id, route.nurse_id, stop.start) for route in routes for stop in route.stops}


def _excused(before: Sequence[RouteRow], happened: DisruptionRow | None) -> set[int]:
    """Visits that, because of what happened, did not begin when they were to."""
    if happened is None:
        return set()
    if happened.kind in (DisruptionKind.NURSE_ILL, DisruptionKind.NURSE_LATE):
        hit = {happened.details["nurse"]}
    elif happened.kind in (DisruptionKind.VISIT_OVERRUNS, DisruptionKind.VISIT_CANCELLED):
        visit = happened.details["visit"]
        hit = {route.nurse_id for route in before if any(stop.visit_id == visit for stop in route.stops)}
    else:
        hit = set()
    return {stop.visit_id for route in before if route.nurse_id in hit for stop in route.stops}
