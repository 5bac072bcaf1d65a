"""The demo command: loaded, planned and published once, in demo mode and a database of its own only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result

from app import cli, clock
from app.actions import accounts
from app.actions.field import accept
from app.demo import writer
from app.demo.cli import DISPATCHER, NURSE, NURSES, PASSWORD
from app.demo.clinic import generate
from app.field.envelope import batch_of
from app.field.record import State
from app.store.engine import Database
from app.store.mapping import load_day
from app.store.mapping.field_day import FieldDay, field_day
from app.store.models import Night, Nurse, Region, RouteRow
from app.store.models.plan import PlanStatus
from app.store.models.user import Role
from app.store.queries import board, planning, users
from app.wiring import create_app
from config import DEMO_SECRET, Settings
from scheduler.check import check
from scheduler.travel import GreatCircle
from tests.support.executions import engines
from tests.support.field import batch, event
from tests.support.planted import planted_plan, planted_solver

SUNDAY_NOON = datetime(2026, 11, 22, 17, tzinfo=UTC)
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _sunday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: SUNDAY_NOON)


@pytest.fixture
def run(empty_database: Database) -> Run:
    """Runs the command on an empty database; the solver answers with the laid-out plan."""
    settings = Settings(database_url=empty_database.url, secret_key=DEMO_SECRET, demo=True)
    app = create_app(settings, database=empty_database)
    clinic = generate(7, MONDAY, visits=12)
    cli.register(app, engines(planted_solver(clinic, MONDAY, empty_database)))
    return lambda *words: app.test_cli_runner().invoke(args=["demo", "--visits", "12", *words])


@pytest.mark.parametrize("visits", [5, 20, 55, 160])
@pytest.mark.parametrize("seed", [7, 8])
def test_the_referee_accepts_the_laid_out_plan(database: Database, visits: int, seed: int) -> None:
    clinic = generate(seed, MONDAY, visits=visits)
    with database.begin() as tx:
        region = writer.store(tx, clinic)
    for day in clinic.days:
        with database.begin() as tx:
            loaded = load_day(tx, region, day)
        assert loaded.notes == ()
        closed = [out.reason for out in loaded.left_out]
        assert len(closed) == (day == MONDAY), "on the first day one adult is not confirmed"
        assert all("that is not confirmed: confirm it" in reason for reason in closed)
        assert len(loaded.problem.visits) == visits
        matrix = GreatCircle(detour=region.detour_factor, speed_kmh=region.speed_kmh).matrix(
            loaded.problem.places
        )
        plan = planted_plan(clinic, day, loaded.problem, matrix, database)
        verdict = check(loaded.problem, matrix, plan)
        assert verdict.violations == ()
        assert verdict.cost is not None
        assert verdict.cost.overtime_seconds == 0
        assert len(plan.unassigned) == 1


def test_it_loads_plans_and_publishes_the_next_working_day(run: Run, empty_database: Database) -> None:
    result = run()
    assert result.exit_code == 0, result.output
    assert "Loaded the demo clinic: 6 nurses, 24 visits from Monday 2026-11-23 on." in result.output
    assert "Visits served:  11 of 13, 2 unassigned" in result.output
    assert "Published: the nurses see Monday's visits." in result.output
    assert f"Log in as {DISPATCHER} or {NURSE}; the password of both is {PASSWORD}" in result.output
    with empty_database.begin() as tx:
        region = planning.regions(tx)[0]
        assert set(board.plans_of_day(tx, region.id, MONDAY)) == {PlanStatus.PUBLISHED}
        assert board.plans_of_day(tx, region.id, TUESDAY) == {}
        assert tx.get(Night, (region.id, MONDAY)) is not None, "the worker need not plan the day again"


def test_both_people_can_log_in_and_the_nurse_has_work(run: Run, empty_database: Database) -> None:
    run()
    with empty_database.begin() as tx:
        dispatcher = accounts.verify(tx, DISPATCHER, PASSWORD)
        nurse = accounts.verify(tx, NURSE, PASSWORD)
        assert dispatcher is not None
        assert dispatcher.role is Role.DISPATCHER
        assert nurse is not None
        assert nurse.nurse_id is not None
        region = planning.regions(tx)[0]
        published = board.plans_of_day(tx, region.id, MONDAY)[PlanStatus.PUBLISHED]
        routes: list[RouteRow] = [*board.routes_of_plan(tx, published.id)]
        (own,) = (route for route in routes if route.nurse_id == nurse.nurse_id)
        assert own.stops


def test_a_second_run_keeps_everything(run: Run, empty_database: Database) -> None:
    run()
    with empty_database.begin() as tx:
        tx.get_one(Nurse, 1).name = "Renamed By Hand"
    result = run("--seed", "8")
    assert result.exit_code == 0, result.output
    assert "The demo clinic is there already; it stays as it is." in result.output
    assert "Monday 2026-11-23 is planned and published." in result.output
    assert PASSWORD in result.output
    with empty_database.begin() as tx:
        assert tx.get_one(Nurse, 1).name == "Renamed By Hand"


class TestToday:
    """Three nurses are in the midst of their day, whenever the demo is begun."""

    def day(self, database: Database, at: datetime) -> FieldDay:
        with database.begin() as tx:
            region = planning.regions(tx)[0]
            found = field_day(tx, region, at.astimezone(ZoneInfo(region.zone)).date(), at)
            assert found.records
        return found

    def routes(self, found: FieldDay) -> list[RouteRow]:
        """In the order of the nurses' log-ins."""
        return sorted(found.routes, key=lambda route: route.nurse_id)

    def states(self, database: Database, at: datetime) -> dict[str, list[str]]:
        """How far each nurse's visits have come, in order."""
        found = self.day(database, at)
        states: dict[str, list[str]] = {}
        for route in self.routes(found):
            if route.stops:
                records = [found.records[stop.visit_id, route.nurse_id] for stop in route.stops]
                states[route.nurse.code] = [record.state.value for record in records]
        return states

    def test_one_monitors_one_is_late_one_gives_an_infusion(self, run: Run, empty_database: Database) -> None:
        result = run()
        assert "Today is under way on three phones" in result.output
        first, second, third = self.states(empty_database, SUNDAY_NOON).values()
        assert first == ["departed", "monitoring", "planned"]
        assert second == ["planned", "planned"]
        assert third == ["departed", "under_way"]
        found = self.day(empty_database, SUNDAY_NOON)
        running = next(each for each in found.records.values() if each.state is State.MONITORING)
        assert running.earliest_departure is not None
        assert timedelta() < running.earliest_departure - SUNDAY_NOON < timedelta(hours=1)
        late = found.expected[
            next(stay for stay in found.current if stay[1] == self.routes(found)[1].nurse_id)
        ]
        assert late.late > timedelta(minutes=20)
        flags = {flag for each in found.records.values() for flag in each.flags}
        assert flags == {"over_limit"}
        assert all(not row.set_aside for row in found.rows)

    def test_a_second_start_brings_it_up_to_the_hour(
        self, run: Run, empty_database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run()
        before = len(self.day(empty_database, SUNDAY_NOON).rows)
        run()
        assert len(self.day(empty_database, SUNDAY_NOON).rows) == before
        later = SUNDAY_NOON + timedelta(hours=2)
        monkeypatch.setattr(clock, "read", lambda: later)
        assert run().exit_code == 0
        first, *_ = self.states(empty_database, later).values()
        assert first == ["departed", "departed", "under_way"]

    def test_what_somebody_recorded_herself_is_left_alone(self, run: Run, empty_database: Database) -> None:
        run()
        found = self.day(empty_database, SUNDAY_NOON)
        route = self.routes(found)[1]
        with empty_database.begin() as tx:
            user = users.by_email(tx, NURSES[1])
            assert user is not None and user.nurse_id == route.nurse_id
            day = str(found.day)
            own = event(1, "arrived", SUNDAY_NOON, {"place": None}, visit=route.stops[0].visit_id, day=day)
            accept(tx, accounts.actor_of(user), batch_of(batch(own, sent_at=SUNDAY_NOON)), SUNDAY_NOON)
        run()
        states = self.states(empty_database, SUNDAY_NOON)
        assert states[route.nurse.code] == ["arrived", "planned"]

    def test_by_night_today_stays_empty(
        self, run: Run, empty_database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clock, "read", lambda: datetime(2026, 11, 22, 8, tzinfo=UTC))
        result = run()
        assert result.exit_code == 0
        assert "It is night at the clinic" in result.output


def test_days_gone_by_are_told_of(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    monkeypatch.setattr(clock, "read", lambda: datetime(2027, 3, 1, 17, tzinfo=UTC))
    assert "All its visits are past" in run().output


def test_outside_the_demo_nothing_is_loaded(empty_database: Database) -> None:
    settings = Settings(database_url=empty_database.url, secret_key="x" * 40)
    result = create_app(settings, database=empty_database).test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 2
    assert "this is not the demo" in result.output
    assert "Set ROUNDS_DEMO=1 and give it a database of its own" in result.output


@pytest.mark.parametrize("code", ["denver", "columbus"])
def test_a_database_with_real_regions_gets_no_demo_log_ins(run: Run, database: Database, code: str) -> None:
    settings = Settings(database_url=database.url, secret_key=DEMO_SECRET, demo=True)
    with database.begin() as tx:
        tx.add(Region(code=code, name="Real", zone="America/Denver", latitude=39.7, longitude=-105))
    result = create_app(settings, database=database).test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 2
    assert f"the database holds region {code}, which is not the demo's" in result.output
    with database.begin() as tx:
        assert users.by_email(tx, DISPATCHER) is None


def test_sizes_that_cannot_be_are_named(run: Run) -> None:
    result = run("--nurses", "2")
    assert result.exit_code == 2
    assert "give more nurses or fewer visits" in result.output
    assert run("--first-day", "2026-11-28").exit_code == 2
