"""A day with a visit that only two can do one after the other: planned, published, and changed afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app import clock
from app.actions import plans
from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.store.engine import Database, Tx
from app.store.models import Nurse, PhaseMinimum, PlanRow, Visit
from app.store.models.plan import PlanStatus, hand_over_of
from app.store.models.protocol import PhaseKind
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
