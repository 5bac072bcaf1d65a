"""A day planned again after its plan was published: what that one told has a price."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from app import clock
from app.actions import plans
from app.store.engine import Database
from app.store.mapping import Evidence, evidence_of
from app.store.models import PlanRow
from app.store.models.plan import PlanStatus
from app.store.queries import plans as queries
from scheduler.check import check
from scheduler.model import Problem, Promise, Solution, Worth
from scheduler.solve import Cancelled, Limits, Report, Solver
from scheduler.solve.seam import ignore, never
from scheduler.travel import TravelMatrix
from tests.support.executions import replan
from tests.support.fake_solver import GreedySolver
from tests.support.rows import DAY, Clinic, local
from tests.support.solvers import AppendingSolver

NOW = local(DAY, 3) - timedelta(days=1)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: NOW)


@pytest.fixture
def published(database: Database) -> Evidence:
    """Ana's and Ben's day, with two visits, for nurses to see."""
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        clinic.nurse("Ana"), clinic.nurse("Ben")
        clinic.visit(windows=(((9, 0), (9, 30), (12, 0)),))
        clinic.visit(clinic.protocol(staff=2), windows=(((13, 0), (14, 0), None),))
        dispatcher = clinic.dispatcher()
    made = replanned(database)
    with database.begin() as tx:
        draft = queries.of_day(tx, 1, DAY, PlanStatus.DRAFT)
        assert draft is not None
        plans.publish(tx, dispatcher, draft.id)
    return made


class Hinting:
    """A solver that finds `worths` out; `given` are those it began from."""

    def __init__(self, worths: tuple[Worth, ...]) -> None:
        self._worths = worths
        self.given: tuple[Worth, ...] = ()

    def solve(
        self,
        problem: Problem,
        matrix: TravelMatrix,
        limits: Limits,
        report: Report = ignore,
        cancelled: Cancelled = never,
    ) -> Solution:
        self.given = problem.worths
        found = GreedySolver().solve(problem, matrix, limits, report, cancelled)
        return found.replace(worths=self._worths)


def replanned(database: Database, solver: Solver | None = None) -> Evidence:
    """What the next draft is made of."""
    made = replan(database, DAY, NOW, (lambda: solver) if solver else AppendingSolver)
    with database.begin() as tx:
        return evidence_of(tx.get_one(PlanRow, made))


def test_a_day_that_was_never_published_promises_nothing(database: Database) -> None:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        clinic.nurse("Ana")
        clinic.visit()
    assert replanned(database).problem.promises == ()
    assert replanned(database).problem.promises == ()  # nor does a draft


def test_the_published_plan_is_what_the_next_one_is_measured_by(
    database: Database, published: Evidence
) -> None:
    problem = replanned(database).problem
    told = [
        Promise(task=stop.task, nurse=route.shift.replace("s", "n"), start=stop.start)
        for route in published.plan.routes
        for stop in route.stops
    ]
    assert sorted(problem.promises, key=str) == sorted(told, key=str)
    assert problem.weights.changed_nurse > 0 and problem.weights.moved_start > 0


def test_what_visits_were_worth_goes_from_one_plan_to_the_next(database: Database) -> None:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        clinic.nurse("Ana"), clinic.nurse("Ben")
        stay = clinic.visit(windows=(((9, 0), (9, 30), (12, 0)),))
        dispatcher = clinic.dispatcher()
    known = (Worth(task=f"v{stay.id}.1", points=4200),)
    made = replanned(database, Hinting(known))
    assert made.problem.worths == known
    with database.begin() as tx:
        draft = queries.of_day(tx, 1, DAY, PlanStatus.DRAFT)
        assert draft is not None
        plans.publish(tx, dispatcher, draft.id)
    asked = Hinting(())
    again = replanned(database, asked)
    assert asked.given == known  # the next solve begins from them,
    assert again.problem.worths == known  # and where it finds nothing out they are kept


def test_to_change_nothing_costs_nothing(database: Database, published: Evidence) -> None:
    again = replanned(database)
    before = check(published.problem, published.matrix, published.plan).cost
    after = check(again.problem, again.matrix, published.plan).cost
    assert before is not None and after is not None
    assert before.total == after.total


def test_what_cannot_be_read_promises_nothing_and_is_told(
    database: Database, published: Evidence, caplog: pytest.LogCaptureFixture
) -> None:
    with database.begin() as tx:
        row = queries.of_day(tx, 1, DAY, PlanStatus.PUBLISHED)
        assert row is not None
        tx.get_one(PlanRow, row.id).plan = {"format": "rounds/plan"}
    with caplog.at_level(logging.WARNING):
        assert replanned(database).problem.promises == ()
    assert "cannot be read (FormatError)" in caplog.text
