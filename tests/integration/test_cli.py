"""The operator's command line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from app import cli
from app.actions import runs
from app.clock import utc_now
from app.store.engine import Database
from app.store.migrate import current, newest
from app.store.models import PlanRow, Region, StopRow, User, Visit
from app.store.models.plan import PlanStatus
from app.store.models.run import RunStatus, RunTrigger
from app.store.models.visit import VisitStatus
from app.store.queries import planning
from app.store.queries import plans as plan_queries
from app.store.queries import runs as queries
from app.wiring import create_app
from config import DEMO_SECRET, Settings
from scheduler.solve.engine import EngineSolver
from tests.support.executions import engines
from tests.support.rows import DAY, Clinic
from tests.support.solvers import AppendingSolver, FalteringSolver, LawlessSolver, RaisingSolver

Run = Callable[..., Result]


@pytest.fixture
def make_run(databases) -> Callable[..., Run]:
    """Makes a function that runs a command on a database, planning with a solver."""

    def make(database: Database, solver: type = AppendingSolver) -> Run:
        settings = Settings(database_url=database.url, secret_key=DEMO_SECRET, demo=True)
        app: Flask = create_app(settings, database=database)
        cli.register(app, engines(solver))
        return lambda *words, **more: app.test_cli_runner().invoke(args=list(words), **more)

    return make


@pytest.fixture
def run(make_run, database: Database) -> Run:
    return make_run(database)


@pytest.fixture
def clinic(database: Database) -> None:
    with database.begin() as tx:
        clinic = Clinic.make(tx, solve_seconds=7)
        clinic.nurse("Ana")
        clinic.visit()
        clinic.visit(clinic.protocol(asks=["pediatrics"]))


def the_run(database: Database):
    with database.begin() as tx:
        (found,) = queries.recent(tx, 10)
        return found


@pytest.mark.usefixtures("clinic")
class TestPlanDay:
    """By hand what the worker does nightly."""

    def test_five_lines_and_progress(self, run: Run, database: Database) -> None:
        done = run("plan-day", "--region", "columbus", "--date", "2030-06-11")
        assert done.exit_code == 0
        lines = done.stdout.splitlines()
        assert len(lines) == 5
        assert lines[0].startswith("Draft 1: Columbus on Tuesday 2030-06-11, run 1 in ")
        assert lines[1] == "Visits served:  1 of 2, 1 unassigned"
        assert lines[2].startswith("Drive time:     0 h ") and lines[3] == "Overtime:       0 h 0 min"
        assert lines[4].startswith("Cost:           $1,0") and "proven bound $0.00" in lines[4]
        assert "travel" in done.stderr and "append  cost 1002.500" in done.stderr
        with database.begin() as tx:
            assert plan_queries.of_day(tx, 1, DAY, PlanStatus.DRAFT) is not None

    def test_the_run_is_on_record(self, run: Run, database: Database) -> None:
        run("plan-day", "--region", "columbus", "--date", "2030-06-11")
        found = the_run(database)
        assert (found.trigger, found.status) == (RunTrigger.COMMAND, RunStatus.SUCCEEDED)
        assert (found.seconds, found.seed) == (7, 0)

    def test_seconds_and_seed(self, run: Run, database: Database) -> None:
        run("plan-day", "--region", "columbus", "--date", "2030-06-11", "--seconds", "3", "--seed", "9")
        assert (the_run(database).seconds, the_run(database).seed) == (3, 9)

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (
                ("--region", "atlantis", "--date", "2030-06-11"),
                "Error: --region 'atlantis' is unknown: give one of the regions (columbus)\n",
            ),
            (
                ("--region", "columbus", "--date", "tomorrow"),
                "Error: --date 'tomorrow' is no date: give year, month and day, as in 2026-11-24\n",
            ),
            (
                ("--region", "columbus", "--date", "2030-02-30"),
                "Error: --date '2030-02-30' is no date: give year, month and day, as in 2026-11-24\n",
            ),
        ],
    )
    def test_one_clear_line(self, run: Run, words: tuple[str, ...], said: str) -> None:
        done = run("plan-day", *words)
        assert (done.exit_code, done.stdout, done.stderr) == (2, "", said)

    @pytest.mark.parametrize("words", [("--seconds", "0"), ("--seconds", "soon"), ("--seed", "-1")])
    def test_numbers_that_cannot_be(self, run: Run, words: tuple[str, ...]) -> None:
        done = run("plan-day", "--region", "columbus", "--date", "2030-06-11", *words)
        assert done.exit_code == 2 and words[0] in done.stderr

    def test_not_while_the_day_is_being_planned(self, run: Run, database: Database) -> None:
        with database.begin() as tx:
            runs.queue(tx, tx.get_one(Region, 1), DAY, RunTrigger.REPLAN, now=utc_now())
        done = run("plan-day", "--region", "columbus", "--date", "2030-06-11")
        assert done.exit_code == 2
        assert "columbus on 2030-06-11 is being planned already (run 1, queued)" in done.stderr

    def test_failure(self, make_run, database: Database) -> None:
        done = make_run(database, LawlessSolver)("plan-day", "--region", "columbus", "--date", "2030-06-11")
        assert (done.exit_code, done.stdout) == (1, "")
        assert "run 1 failed. The solver's plan broke rules (visit_missing)" in done.stderr

    def test_a_stage_that_fails(self, make_run, database: Database) -> None:
        run = make_run(database, FalteringSolver)
        done = run("plan-day", "--region", "columbus", "--date", "2030-06-11")
        assert done.exit_code == 0 and "Cost:" in done.stdout
        assert "A part of the planner failed (ZeroDivisionError)." in done.stderr
        assert "A part of the planner failed" in run("runs").stdout

    def test_stopped_by_hand(self, make_run, database: Database) -> None:
        class Interrupted(AppendingSolver):
            def solve(self, *args, **kwargs):
                raise KeyboardInterrupt

        make_run(database, Interrupted)("plan-day", "--region", "columbus", "--date", "2030-06-11")
        assert (the_run(database).status, the_run(database).error) == (RunStatus.FAILED, "Stopped by hand.")


@pytest.mark.usefixtures("clinic")
class TestPlanDays:
    """Several days by hand."""

    def test_what_came_of_it(self, make_run, database: Database) -> None:
        run = make_run(database, EngineSolver)
        done = run(
            "plan-days", "--region", "columbus", "--from", "2030-06-11", "--days", "2", "--seconds", "1"
        )
        assert (done.exit_code, done.stderr.count("construct")) == (0, 1)
        lines = done.stdout.splitlines()
        assert lines[0].startswith(
            "Columbus, 2030-06-11 to 2030-06-12: 1 of 2 visits served, 0 moved to another day, in "
        )
        assert lines[1].startswith("  Tue 2030-06-11  draft 1: 1 of 2 visits, $1,0")
        assert len(lines) == 2, "a day without visits needs no draft"

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (
                ("--from", "soon"),
                "Error: --from 'soon' is no date: give year, month and day, as in 2026-11-24\n",
            ),
            (
                ("--from", "2020-06-11"),
                "Error: nothing is planned: Thu, Jun 11 is over: plan today or a later day.\n",
            ),
        ],
    )
    def test_one_clear_line(self, run: Run, words: tuple[str, ...], said: str) -> None:
        done = run("plan-days", "--region", "columbus", *words)
        assert (done.exit_code, done.stdout, done.stderr) == (2, "", said)


@pytest.mark.usefixtures("clinic")
class TestCheckPlan:
    """The referee's word on what is stored."""

    def check(self, run: Run, *words: str) -> Result:
        return run("check-plan", "--region", "columbus", "--date", "2030-06-11", *words)

    def test_sound(self, run: Run) -> None:
        run("plan-day", "--region", "columbus", "--date", "2030-06-11")
        done = self.check(run)
        assert done.exit_code == 0
        said = "The draft plan 1 of columbus on 2030-06-11 keeps every rule and fits the records; cost $1,0"
        assert done.stdout.startswith(said)

    def test_no_longer_fits(self, run: Run, database: Database) -> None:
        run("plan-day", "--region", "columbus", "--date", "2030-06-11")
        with database.begin() as tx:
            tx.get_one(Visit, 1).status = VisitStatus.CANCELLED
        done = self.check(run)
        assert done.exit_code == 1
        assert "no longer fits the records:\n  Visit V01 has been cancelled" in done.stderr

    def test_broken(self, run: Run, database: Database) -> None:
        run("plan-day", "--region", "columbus", "--date", "2030-06-11")
        with database.begin() as tx:
            tx.delete(tx.get_one(StopRow, 1))
        done = self.check(run)
        assert done.exit_code == 1 and "breaks the rules:\n  The routes that nurses would see" in done.stderr

    def test_a_region_that_cannot_be(self, run: Run, database: Database) -> None:
        run("plan-day", "--region", "columbus", "--date", "2030-06-11")
        with database.begin() as tx:
            tx.get_one(Region, 1).zone = "America/Atlantis"
        done = self.check(run)
        assert (done.exit_code, "'America/Atlantis' is unknown" in done.stderr) == (2, True)

    def test_none(self, run: Run) -> None:
        assert "there is no draft plan of columbus on 2030-06-11" in self.check(run).stderr
        run("plan-day", "--region", "columbus", "--date", "2030-06-11")
        done = self.check(run, "--published")
        assert (done.exit_code, "there is no published plan" in done.stderr) == (2, True)

    def test_published(self, run: Run, database: Database) -> None:
        run("plan-day", "--region", "columbus", "--date", "2030-06-11")
        with database.begin() as tx:
            tx.get_one(PlanRow, 1).status = PlanStatus.PUBLISHED
        assert self.check(run, "--published").exit_code == 0


@pytest.mark.usefixtures("clinic")
def test_runs_are_listed_newest_first(run: Run, make_run, database: Database) -> None:
    run("plan-day", "--region", "columbus", "--date", "2030-06-11")
    make_run(database, RaisingSolver)("plan-day", "--region", "columbus", "--date", "2030-06-12")
    done = run("runs")
    head, second, first = done.stdout.splitlines()
    assert head.split()[:4] == ["run", "region", "day", "trigger"]
    assert "2030-06-12" in second and "failed" in second and "(KeyError)" in second
    assert "2030-06-11" in first and "succeeded" in first and "$1,0" in first


def test_runs_of_a_region_whose_zone_is_unknown(run: Run, database: Database) -> None:
    with database.begin() as tx:
        region = Clinic.make(tx, zone="America/Atlantis").region
        runs.queue(tx, region, DAY, RunTrigger.NIGHTLY, now=utc_now())
    assert run("runs").exit_code == 0


def test_migrate(make_run, empty_database: Database) -> None:
    run = make_run(empty_database)
    assert run("migrate").stdout == f"The database went from None to {newest()}.\n"
    assert run("migrate").stdout == f"The database is at {newest()}.\n"
    assert current(empty_database) == newest()


@pytest.mark.parametrize("words", [("runs",), ("plan-day", "--region", "columbus", "--date", "2030-06-11")])
def test_a_database_that_is_not_migrated_is_told(
    make_run, empty_database: Database, words: tuple[str, ...]
) -> None:
    done = make_run(empty_database)(*words)
    assert done.exit_code == 2
    assert (
        done.stderr
        == f"Error: the database is at None, this code needs {newest()}: flask --app wsgi migrate\n"
    )


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", ["migrate", "runs"])
def test_a_database_that_cannot_be_reached_is_told(make_run, command: str) -> None:
    nowhere = Database("postgresql+psycopg://rounds@127.0.0.1:1/rounds")
    done = make_run(nowhere)(command)
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: the database cannot be reached: ")
    assert done.stderr.endswith("(check ROUNDS_DATABASE_URL)\n")


@pytest.mark.usefixtures("clinic")
class TestCreateUser:
    """Log-ins are made on the command line; the password is asked for."""

    def create(self, run: Run, role: str, *words: str, password: str = "correct horse battery") -> Result:
        return run(
            "create-user",
            *(
                "--region",
                "columbus",
                "--email",
                "Dana@Clinic.example",
                "--name",
                "Dana",
                "--role",
                role,
                *words,
            ),
            input=f"{password}\n{password}\n",
        )

    def test_dispatcher(self, run: Run, database: Database) -> None:
        done = self.create(run, "dispatcher")
        assert done.exit_code == 0
        assert done.stdout.endswith("dana@clinic.example can log in as dispatcher of columbus.\n")
        assert "correct horse" not in done.output
        with database.begin() as tx:
            assert tx.query(User).one().password_hash.startswith("$argon2id$")

    def test_nurse(self, run: Run, database: Database) -> None:
        assert self.create(run, "nurse", "--nurse", "N01").exit_code == 0
        with database.begin() as tx:
            assert tx.query(User).one().nurse_id == 1

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("nurse", "--nurse", "N99"), "there is no nurse 'N99' in columbus"),
            (("nurse",), "A nurse's log-in needs her record"),
        ],
    )
    def test_refused(self, run: Run, words: tuple[str, ...], said: str) -> None:
        done = self.create(run, *words)
        assert done.exit_code == 2 and said in done.stderr


DAYTON = (
    "--name",
    "Dayton",
    "--zone",
    "America/New_York",
    "--latitude",
    "39.76",
    "--longitude",
    "-84.19",
)


def test_a_region_is_added_then_changed(run: Run, database: Database) -> None:
    added = run("set-region", "dayton", *DAYTON)
    assert (added.exit_code, "is added" in added.output) == (0, True)
    changed = run("set-region", "dayton", "--plan-hour", "4")
    assert (changed.exit_code, "is changed" in changed.output) == (0, True)
    with database.begin() as tx:
        region = planning.region_by_code(tx, "dayton")
        assert region is not None
        assert (region.name, region.plan_hour, region.travel_rate) == ("Dayton", 4, 45)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("dayton", "--zone", "America/New_York"), "--name, --latitude, --longitude"),
        (("Dayton!", *DAYTON), "'Dayton!'"),
        (("dayton", *DAYTON, "--zone", "Ohio/Dayton"), "'Ohio/Dayton'"),
        (("dayton", *DAYTON, "--plan-hour", "24"), "plan_hour 24"),
        (("dayton", *DAYTON, "--speed-kmh", "nan"), "speed_kmh nan"),
        (("dayton", *DAYTON, "--working-days", "Mon Funday"), "Funday"),
        (("dayton", *DAYTON, "--name", " "), "name is empty"),
    ],
)
def test_a_region_that_cannot_be_is_refused(
    run: Run, database: Database, words: tuple[str, ...], named: str
) -> None:
    refused = run("set-region", *words)
    assert refused.exit_code == 2
    assert named in refused.output
    with database.begin() as tx:
        assert planning.regions(tx) == []
