"""Several days planned together: what is read, where sessions may go, and what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from app import clock
from app.actions import runs
from app.actions.courses import series
from app.actions.errors import ActionError
from app.actions.horizon import MOST_DAYS, load_horizon, queue_days
from app.actions.plans import judge, publish
from app.clock import utc_now
from app.planning import Engines, execute
from app.store.engine import Database
from app.store.models import (
    AuditEntry,
    HorizonResult,
    Nurse,
    Order,
    PlanRow,
    Region,
    RouteRow,
    StopRow,
    Visit,
)
from app.store.models.plan import PlanStatus
from app.store.models.protocol import FollowUp
from app.store.models.run import RunTrigger
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries import courses
from app.store.queries import horizon as queries
from scheduler.model import Problem
from scheduler.solve import Solver
from scheduler.solve.engine import EngineSolver
from scheduler.travel import GreatCircle
from tests.support.rows import DAY, Clinic

DAYS = 10
HOUR = 3600
FOLLOW_UP = FollowUp(offset_hours=24, window_hours=4, in_person=True, minutes=20, mania_check=False)


def on(number: int) -> date:
    return DAY + timedelta(days=number)


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: datetime(2030, 6, 10, 16, tzinfo=UTC))


@contextmanager
def stored(database: Database) -> Iterator[Clinic]:
    """Two nurses who work every day, and what the block adds."""
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        clinic.nurse("Ana Imagined")
        clinic.nurse("Ben Conceived", east=0.02)
        yield clinic


@pytest.fixture
def clinic(database: Database) -> Iterator[Clinic]:
    with stored(database) as clinic:
        yield clinic


def booked(clinic: Clinic, *, follow_ups: tuple[FollowUp, ...] = ()) -> Order:
    """An order of four sessions, Tuesday, Thursday, Monday, Wednesday."""
    order = clinic.order(clinic.protocol(follow_ups=follow_ups), sessions=4)
    series.book_series(clinic.tx, clinic.dispatcher(), order.id)
    clinic.tx.flush()
    return order


def sessions(clinic: Clinic, order: Order, kind: VisitKind = VisitKind.SESSION) -> list[Visit]:
    return [each for each in courses.visits_of_orders(clinic.tx, [order.id]) if each.kind is kind]


def starts(problem: Problem, visit: Visit) -> list[int]:
    """The hour of the horizon at which each window of the visit opens."""
    (known,) = (each for each in problem.visits if each.id == f"v{visit.id}")
    return [window.earliest_start // HOUR for window in known.tasks[0].windows]


def plan(
    database: Database,
    solver: Callable[[], Solver] = EngineSolver,
    *,
    trigger: RunTrigger = RunTrigger.COMMAND,
) -> HorizonResult:
    """What a run of several days, carried out, comes to."""
    with database.begin() as tx:
        run = queue_days(tx, tx.get_one(Region, 1), DAY, DAYS, trigger, now=utc_now())
        run.seed = 1
        runs.begin(run, "test", utc_now())
    execute(database, run.id, Engines(solver=solver, travel=lambda _: GreatCircle(detour=1.3, speed_kmh=40)))
    with database.begin() as tx:
        result = queries.result_of(tx, run.id)
        assert result is not None, runs.error_of(tx, run.id)
        return result


class TestLoading:
    def test_a_session_may_go_to_every_day_its_order_allows(self, clinic: Clinic) -> None:
        first = sessions(clinic, booked(clinic))[0]
        loaded = load_horizon(clinic.tx, clinic.region, DAY, DAYS)
        weekdays = [n for n in range(DAYS) if on(n).weekday() < 5]
        assert starts(loaded.horizon.problem, first) == [24 * n + 8 for n in weekdays]

    def test_to_look_at_days_moves_nothing(self, clinic: Clinic) -> None:
        order = booked(clinic, follow_ups=(FOLLOW_UP,))
        before = [
            (v.id, v.day, v.windows[0].earliest_start)
            for v in courses.visits_of_orders(clinic.tx, [order.id])
        ]
        load_horizon(clinic.tx, clinic.region, DAY, DAYS)
        after = [
            (v.id, v.day, v.windows[0].earliest_start)
            for v in courses.visits_of_orders(clinic.tx, [order.id])
        ]
        assert after == before

    def test_a_fixed_session_and_a_pinned_one_stay(self, clinic: Clinic) -> None:
        first, second, *_ = sessions(clinic, booked(clinic))
        first.fixed_day = True
        second.pinned_nurse = clinic.nurse("Cleo Invented")
        problem = load_horizon(clinic.tx, clinic.region, DAY, DAYS).horizon.problem
        assert starts(problem, first) == [8]
        assert starts(problem, second) == [2 * 24 + 8]

    def test_sessions_are_spaced_and_follow_ups_tied(self, clinic: Clinic) -> None:
        order = booked(clinic, follow_ups=(FOLLOW_UP,))
        spacings = load_horizon(clinic.tx, clinic.region, DAY, DAYS).horizon.problem.spacings
        ids = [f"v{each.id}" for each in sessions(clinic, order)]
        tied = [(each.first, each.then) for each in spacings if not each.needs_first]
        assert tied == list(pairwise(ids))
        assert {(each.min_s, each.max_s) for each in spacings if not each.needs_first} == {
            (48 * HOUR, 96 * HOUR)
        }
        assert [each.first for each in spacings if each.needs_first] == ids

    def test_weekly_hours_are_those_of_the_week(self, clinic: Clinic) -> None:
        clinic.nurse("Cleo Invented", weekly_hours=20)
        booked(clinic)
        limits = load_horizon(clinic.tx, clinic.region, DAY, DAYS).horizon.problem.hour_limits
        assert [(each.start // HOUR, each.end // HOUR, each.max_seconds // HOUR) for each in limits] == [
            (-24, 6 * 24, 20),
            (6 * 24, 13 * 24, 20),
        ]

    @pytest.mark.parametrize(
        ("first", "count", "said"),
        [
            (DAY, MOST_DAYS + 1, "22 days cannot be planned together"),
            (DAY, 1, "1 days cannot be planned together"),
            (DAY - timedelta(days=2), 3, "Sun, Jun 9 is over"),
        ],
    )
    def test_what_cannot_be(self, clinic: Clinic, first: date, count: int, said: str) -> None:
        with pytest.raises(ActionError, match=said):
            queue_days(clinic.tx, clinic.region, first, count, RunTrigger.COMMAND, now=utc_now())


class TestPlanning:
    def test_every_session_has_a_day_and_a_place_in_its_draft(self, database: Database) -> None:
        with stored(database) as clinic:
            order = booked(clinic, follow_ups=(FOLLOW_UP,)).id
        report = plan(database)
        assert report.served == report.visits == 8
        assert not report.troubles
        with database.begin() as tx:
            stops = tx.query(StopRow).order_by(StopRow.start).all()
            known = {visit.id: visit for visit in courses.visits_of_orders(tx, [order])}
            times = [stop.start for stop in stops if known[stop.visit_id].kind is VisitKind.SESSION]
        assert len(stops) == 8
        assert_spaced(times)

    def test_each_draft_is_sound(self, database: Database) -> None:
        with stored(database) as clinic:
            booked(clinic)
        plan(database)
        with database.begin() as tx:
            region = tx.get_one(Region, 1)
            drafts = tx.query(PlanRow).all()
            assert len(drafts) == 4, "days without visits need none"
            assert len({draft.run_id for draft in drafts}) == 1
            assert all(judge(tx, region, draft).sound for draft in drafts)

    def test_a_session_leaves_a_day_on_which_nobody_works(self, database: Database) -> None:
        with stored(database) as clinic:
            second = booked(clinic).code + "-2"
            for nurse in clinic.tx.query(Nurse).all():
                clinic.off(nurse, on(2))
        report = plan(database)
        assert report.served == report.visits
        (move,) = (each for each in report.moves if each.visit.code == second)
        assert move.before == on(2) != move.after
        with database.begin() as tx:
            entries = tx.query(AuditEntry).filter_by(subject="visits", subject_id=str(move.visit_id)).all()
            assert entries[-1].detail == f"moved from {on(2)} to {move.after} by planning several days"

    def test_a_published_day_stays_and_narrows_the_others(self, database: Database) -> None:
        with stored(database) as clinic:
            booked(clinic)
            actor = clinic.dispatcher()
        first = plan(database).moves
        with database.begin() as tx:
            row = tx.query(PlanRow).filter_by(visits_served=1).order_by(PlanRow.day).first()
            assert row is not None, first
            published, day = publish(tx, actor, row.id).id, row.day
        report = plan(database)
        assert report.days_left_alone == (day,)
        assert report.served == report.visits == 3
        with database.begin() as tx:
            assert tx.get_one(PlanRow, published).status is PlanStatus.PUBLISHED
            now = (PlanStatus.PUBLISHED, PlanStatus.DRAFT)
            stops = tx.query(StopRow).join(StopRow.route).join(RouteRow.plan)
            times = [stop.start for stop in stops.filter(PlanRow.status.in_(now)).order_by(StopRow.start)]
        assert len(times) == 4
        assert_spaced(times)

    def test_a_session_cancelled_meanwhile_is_told_of(self, database: Database) -> None:
        with stored(database) as clinic:
            order = booked(clinic)
            first, code = sessions(clinic, order)[0].id, order.code

        class Slow(EngineSolver):
            def solve(self, *args, **kwargs):
                solution = super().solve(*args, **kwargs)
                with database.begin() as tx:
                    tx.get_one(Visit, first).status = VisitStatus.CANCELLED
                return solution

        found = plan(database, Slow)
        assert found.troubles[0] == f"Visit {code}-1 has been changed meanwhile: plan the days again."


def assert_spaced(times: list[datetime]) -> None:
    """Starts in order, 48 to 96 hours apart."""
    for earlier, later in pairwise(times):
        assert timedelta(hours=48) <= later - earlier <= timedelta(hours=96)
