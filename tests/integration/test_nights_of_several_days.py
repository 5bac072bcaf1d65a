"""A night plans the coming days together; where that fails, tomorrow is planned all the same."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from app import clock
from app.actions import nights, runs
from app.actions.actor import Actor
from app.actions.courses import series
from app.actions.horizon import request_days
from app.actions.plans import publish
from app.planning import execute
from app.store.engine import Database
from app.store.models import Night, PlanRow, Region, Run, Visit
from app.store.models.plan import PlanStatus
from app.store.models.run import RunStatus
from app.store.queries import runs as queries
from scheduler.solve import Solver
from tests.support.executions import engines
from tests.support.rows import Clinic, local
from tests.support.solvers import AppendingSolver

MONDAY, TUESDAY = date(2030, 6, 10), date(2030, 6, 11)
NIGHT = local(MONDAY, 3)
DAYS = 4


class FailsWithSeveralDays(AppendingSolver):
    """Solves one day only."""

    def solve(self, problem, *more):
        if any("@" in shift.id for shift in problem.shifts):
            raise MemoryError
        return super().solve(problem, *more)


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: NIGHT)


def clinic(database: Database, code: str = "columbus", off: date | None = None) -> Actor:
    """The dispatcher of a region whose nights plan four days, with two nurses, neither of whom works on the
    day `off`, and a series of two sessions."""
    with database.begin() as tx:
        made = Clinic.make(tx, code, plan_hour=3, horizon_days=DAYS)
        for nurse in (made.nurse("Ana Imagined"), made.nurse("Ben Conceived", east=0.02)):
            if off is not None:
                made.off(nurse, off)
        order = made.order(made.protocol(), sessions=2)
        actor = made.dispatcher()
        series.book_series(tx, actor, order.id)
        return actor


def night(database: Database, solver: type[Solver] = AppendingSolver, now: datetime = NIGHT) -> list[Run]:
    """Claim the nights of all regions and carry out what is queued until nothing is; all runs, in order."""
    with database.begin() as tx:
        for region in tx.query(Region).all():
            nights.claim_night(tx, region.id, now)
    while True:
        with database.begin() as tx:
            run = runs.claim(tx, "test", now)
        if run is None:
            break
        execute(database, run.id, engines(solver))
    with database.begin() as tx:
        return list(reversed(queries.recent(tx, 100)))


def plans(database: Database) -> list[tuple[date, PlanStatus]]:
    with database.begin() as tx:
        alive = tx.query(PlanRow).filter(PlanRow.status != PlanStatus.SUPERSEDED)
        return [(row.day, row.status) for row in alive.order_by(PlanRow.day, PlanRow.status)]


def publish_first(database: Database, actor: Actor) -> int:
    """Publish the earliest draft; its id."""
    with database.begin() as tx:
        row = tx.query(PlanRow).filter_by(status=PlanStatus.DRAFT).order_by(PlanRow.day).first()
        assert row is not None
        return publish(tx, actor, row.id).id


def test_one_run_gives_sessions_their_days_and_days_their_drafts(database: Database) -> None:
    clinic(database)
    (run,) = night(database)
    assert (run.day, run.days, run.status) == (TUESDAY, DAYS, RunStatus.SUCCEEDED)
    assert plans(database) == [
        (TUESDAY, PlanStatus.DRAFT),
        (TUESDAY + timedelta(days=2), PlanStatus.DRAFT),
    ]


def test_it_is_claimed_once(database: Database) -> None:
    clinic(database)
    night(database)
    assert len(night(database)) == 1


def test_where_several_days_fail_tomorrow_is_planned_alone(database: Database) -> None:
    clinic(database)
    failed, run = night(database, FailsWithSeveralDays)
    assert (failed.days, failed.status) == (DAYS, RunStatus.FAILED)
    assert "Tue, Jun 11 alone is tried again (attempt 2 of 3)" in failed.error
    assert (run.day, run.days, run.status) == (TUESDAY, 1, RunStatus.SUCCEEDED)
    assert plans(database) == [(TUESDAY, PlanStatus.DRAFT)]
    with database.begin() as tx:
        assert tx.query(Night).one().run_id == run.id


def test_one_region_fails_alone(database: Database) -> None:
    clinic(database)
    other = clinic(database, "dayton").region_id

    class FailsInColumbus(AppendingSolver):
        def solve(self, problem, *more):
            if any(visit.id == "v1" for visit in problem.visits):
                raise RuntimeError("Columbus")
            return super().solve(problem, *more)

    done = night(database, FailsInColumbus)
    assert [run.status for run in done if run.region_id == other] == [RunStatus.SUCCEEDED]
    assert {run.status for run in done if run.region_id != other} >= {RunStatus.FAILED}


def test_a_published_tomorrow_stays_and_is_planned_again_beside_it(database: Database) -> None:
    actor = clinic(database)
    night(database)
    published = publish_first(database, actor)
    with database.begin() as tx:
        tx.query(Night).delete()
    *_, several, alone = night(database)
    assert (several.days, alone.days) == (DAYS, 1)
    with database.begin() as tx:
        assert tx.get_one(PlanRow, published).status is PlanStatus.PUBLISHED
    assert alone.error == ""
    assert plans(database)[:2] == [(TUESDAY, PlanStatus.DRAFT), (TUESDAY, PlanStatus.PUBLISHED)]


def test_drafts_of_later_days_are_renewed(database: Database) -> None:
    actor = clinic(database)
    night(database)
    publish_first(database, actor)
    before = drafts(database)
    tuesday_night = local(TUESDAY, 3)
    with database.begin() as tx:
        tx.query(Night).delete()
    night(database, now=tuesday_night)
    after = drafts(database)
    assert before.keys() == after.keys() - {TUESDAY}
    assert all(after[day] > before[day] for day in before)


def drafts(database: Database) -> dict[date, int]:
    """The id of each day's draft."""
    with database.begin() as tx:
        return {row.day: row.id for row in tx.query(PlanRow).filter_by(status=PlanStatus.DRAFT)}


@pytest.mark.parametrize(("attempt", "days"), [(1, DAYS), (2, 1)])
def test_a_worker_that_dies_once_is_not_blamed_on_several_days(
    database: Database, attempt: int, days: int
) -> None:
    actor = clinic(database)
    with database.begin() as tx:
        run = nights.claim_night(tx, actor.region_id, NIGHT)
        assert run is not None
        run.attempt = attempt
        runs.begin(run, "dying", NIGHT)
    with database.begin() as tx:
        runs.sweep(tx, NIGHT + timedelta(minutes=5))
        following = tx.query(Run).order_by(Run.id.desc()).first()
        assert following is not None
        assert (following.days, following.attempt) == (days, attempt + 1)


def test_a_night_waits_for_several_days_that_are_planned_by_hand(database: Database) -> None:
    actor = clinic(database)
    with database.begin() as tx:
        request_days(tx, actor, TUESDAY + timedelta(days=1), 3)
        assert nights.claim_night(tx, actor.region_id, NIGHT) is None


def test_sessions_are_spaced_whatever_the_night_moved(database: Database) -> None:
    clinic(database, off=TUESDAY)
    night(database)
    with database.begin() as tx:
        days = [visit.day for visit in tx.query(Visit).order_by(Visit.session)]
    assert days[0] > TUESDAY
    assert days[1] - days[0] >= timedelta(days=2)
