"""A day with a visit that only two can do one after the other: planned, published, and changed afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app import clock
from app.actions import by_hand, plans
from app.actions.actor import Actor
from app.actions.by_hand import Asked, Keep, Outcome, Seen
from app.actions.errors import ActionError
from app.engines import make_travel
from app.store.engine import Database, Tx
from app.store.models import Nurse, PhaseMinimum, PlanRow, Region, Visit
from app.store.models.plan import PlanStatus, hand_over_of
from app.store.models.protocol import PhaseKind
from app.store.queries import plans as queries
from scheduler.solve.cp_sat import CpSatSolver
from tests.support.executions import replan
from tests.support.rows import DAY, Clinic, local

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

NOW = local(DAY, 3) - timedelta(days=1)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: NOW)


@pytest.fixture
def dispatcher(database: Database) -> Actor:
    """Ana gives infusions, Ben watches; their visit may start at 9:00."""
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        clinic.nurse("Ana", holds=("ketamine",))
        clinic.nurse("Ben", holds=("watching",), east=0.05)
        protocol = clinic.protocol(
            asks=(), hand_over=True, for_phases={"infusion": ["ketamine"], "monitoring": ["watching"]}
        )
        clinic.visit(protocol, windows=(((9, 0), (9, 0), (11, 15)),))
        return clinic.dispatcher()


@pytest.fixture
def draft(database: Database, dispatcher: Actor) -> int:
    """The id of the draft made of it."""
    return replan(database, DAY, NOW, CpSatSolver)


def test_both_stops_are_stored_and_published(database: Database, dispatcher: Actor, draft: int) -> None:
    with database.begin() as tx:
        plans.publish(tx, dispatcher, draft)
        plan = tx.get_one(PlanRow, draft)
        assert (plan.status, plan.visits_served, plan.unassigned) == (PlanStatus.PUBLISHED, 1, [])
        shared = hand_over_of(stop for route in plan.routes for stop in route.stops)
        assert shared is not None
        assert (shared.giver.route.nurse.name, shared.taker.route.nurse.name) == ("Ana", "Ben")
        assert (shared.begins, shared.over) == (local(DAY, 10, 5), local(DAY, 10, 15))
        assert [phase["minutes"] for phase in shared.giver.phases] == [15, 10, 40, 10]
        assert shared.taker.phases == [
            {"kind": "monitoring", "minutes": 60},
            {"kind": "discharge", "minutes": 10},
        ]
        assert shared.taker.end == local(DAY, 11, 15)


def pin(tx: Tx) -> None:
    tx.get_one(Visit, 1).pinned_nurse = tx.get_one(Nurse, 1)


def monitor_longer(tx: Tx) -> None:
    visit = tx.get_one(Visit, 1)
    visit.windows[0].latest_end = None
    visit.patient.phase_minimums = [PhaseMinimum(kind=PhaseKind.MONITORING, minutes=90, reason="-")]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (pin, "Visit V01 may no longer be handed over."),
        (monitor_longer, "The phases of visit V01 have changed."),
    ],
)
def test_a_draft_that_no_longer_fits_is_refused(
    database: Database, dispatcher: Actor, draft: int, change: Callable[[Tx], None], told: str
) -> None:
    with database.begin() as tx:
        change(tx)
    with database.begin() as tx, pytest.raises(ActionError, match=told):
        plans.publish(tx, dispatcher, draft)


def test_pinned_to_both_nurses_planning_keeps_them(database: Database, dispatcher: Actor, draft: int) -> None:
    """Ben is the nearest; once the monitoring is Cleo's by hand, it stays hers until it is unpinned."""

    def comes() -> dict[str, str]:
        with database.begin() as tx:
            plan = queries.of_day(tx, 1, DAY, PlanStatus.DRAFT)
            assert plan is not None
            shared = hand_over_of(stop for route in plan.routes for stop in route.stops)
            assert shared is not None
            return {"giver": shared.giver.route.nurse.name, "taker": shared.taker.route.nurse.name}

    with database.begin() as tx:
        region = tx.get_one(Region, 1)
        clinic = Clinic(tx=tx, region=region, _numbers={"N": 50})
        cleo = clinic.nurse("Cleo", holds=("watching",), east=0.3).id
    replan(database, DAY, NOW, CpSatSolver)
    assert comes() == {"giver": "Ana", "taker": "Ben"}
    with database.begin() as tx:
        row = queries.of_day(tx, 1, DAY, PlanStatus.DRAFT)
        assert row is not None
        seen = Seen(plan_id=row.id, revision=row.revision)
        asked = Asked(visit=1, nurse=cleo, giver=2)
        verdict, _ = by_hand.move(tx, dispatcher, DAY, seen, asked, make_travel)
        assert verdict.outcome is Outcome.ACCEPTED
        visit = tx.get_one(Visit, 1)
        assert (visit.pinned_nurse_id, visit.pinned_taker_id) == (1, cleo)
        assert visit.pinned_start == local(DAY, 9)
    replan(database, DAY, NOW, CpSatSolver)
    assert comes() == {"giver": "Ana", "taker": "Cleo"}
    with database.begin() as tx:
        row = queries.of_day(tx, 1, DAY, PlanStatus.DRAFT)
        assert row is not None
        assert plans.judge(tx, tx.get_one(Region, 1), row).sound
        seen = Seen(plan_id=row.id, revision=row.revision)
        by_hand.pin(tx, dispatcher, DAY, seen, 1, Keep.NOTHING)
    with database.begin() as tx:
        assert tx.get_one(Visit, 1).pinned_taker_id is None
        row = queries.of_day(tx, 1, DAY, PlanStatus.DRAFT)
        assert row is not None
        step = by_hand.undo(tx, dispatcher, DAY, Seen(plan_id=row.id, revision=row.revision))
        assert step.words == "V01 unpinned"
        assert tx.get_one(Visit, 1).pinned_taker_id == cleo
        by_hand.redo(tx, dispatcher, DAY, Seen(plan_id=row.id, revision=row.revision))
    replan(database, DAY, NOW, CpSatSolver)
    assert comes() == {"giver": "Ana", "taker": "Ben"}


def test_pinned_to_a_taker_who_is_off_it_is_left_out_with_the_reason(
    database: Database, dispatcher: Actor, draft: int
) -> None:
    with database.begin() as tx:
        visit = tx.get_one(Visit, 1)
        visit.pinned_nurse_id, visit.pinned_taker_id = 1, 2
        tx.get_one(Nurse, 2).active = False
    replan(database, DAY, NOW, CpSatSolver)
    with database.begin() as tx:
        row = queries.of_day(tx, 1, DAY, PlanStatus.DRAFT)
        assert row is not None
        (left,) = row.unassigned
        assert "It is pinned to Ben, who does not work on" in left.reason
