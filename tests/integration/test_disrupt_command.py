"""`flask disrupt`: a proposal from the command line, with its list of changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import Result

from app import cli, clock
from app.store.engine import Database
from app.store.models import Visit
from app.store.models.plan import PlanStatus
from app.store.models.user import User
from app.store.models.visit import VisitStatus
from app.store.queries import plans as queries
from app.wiring import create_app
from config import DEMO_SECRET, Settings
from tests.support.executions import engines
from tests.support.filled import filled
from tests.support.midday_solver import MiddaySolver
from tests.support.rows import DAY, Clinic, local

Run = Callable[..., Result]
WHERE = ("--region", "columbus", "--date", str(DAY))


@pytest.fixture
def run(database: Database, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on a published day of three visits, at ten in the morning."""
    filled(database, published)
    monkeypatch.setattr(clock, "read", lambda: local(DAY, 10))
    return runner(database)


def runner(database: Database) -> Run:
    settings = Settings(database_url=database.url, secret_key=DEMO_SECRET, demo=True)
    app = create_app(settings, database=database)
    cli.register(app, engines(MiddaySolver))
    return lambda *words: app.test_cli_runner().invoke(args=list(words))


def published(database: Database) -> None:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        clinic.nurse("Ana"), clinic.nurse("Ben", east=0.05)
        clinic.visit(windows=(((9, 0), (9, 30), (12, 30)),))
        clinic.visit(windows=(((13, 0), (14, 0), (17, 0)),))
        clinic.visit(windows=(((13, 0), (14, 0), (17, 0)),))
        clinic.dispatcher()
    now = local(DAY, 3) - timedelta(days=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "read", lambda: now)
        assert runner(database)("plan-day", *WHERE).exit_code == 0
    with database.begin() as tx:
        draft = queries.of_day(tx, 1, DAY, PlanStatus.DRAFT)
        assert draft is not None
        draft.status, draft.published_at = PlanStatus.PUBLISHED, now


def test_a_proposal_lists_its_changes_and_publishes_nothing(run: Run, database: Database) -> None:
    done = run("disrupt", *WHERE, "cancelled", "--visit", "V02")
    assert done.exit_code == 0, done.output
    assert " of 3 visits change" in done.stdout
    assert "cancelled" in done.stdout
    assert "Tell the patients of V0" in done.stdout
    assert "the price of changed promises included" in done.stdout
    assert "Nothing is published yet" in done.stdout
    with database.begin() as tx:
        assert tx.get_one(Visit, 2).status is VisitStatus.BOOKED


def test_accepted_it_is_published_in_a_dispatchers_name(run: Run, database: Database) -> None:
    with database.begin() as tx:
        email = tx.query(User).one().email
    done = run("disrupt", *WHERE, "--accept", "--by", email, "cancelled", "--visit", "V02")
    assert done.exit_code == 0, done.output
    assert "Published by Dana Whitfield" in done.stdout
    with database.begin() as tx:
        assert tx.get_one(Visit, 2).status is VisitStatus.CANCELLED
    assert run("check-plan", *WHERE, "--published").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("nurse-ill", "--nurse", "N01", "--from", "12:30"),
        ("nurse-late", "--nurse", "N01", "--minutes", "20"),
        ("overruns", "--visit", "V01", "--minutes", "15"),
        ("urgent", "--visit", "V03"),
        ("road-closed", "--factor", "1.5", "--visits", "V02, V03", "--between"),
    ],
)
def test_every_kind_has_a_command(run: Run, words: tuple[str, ...]) -> None:
    done = run("disrupt", *WHERE, *words)
    assert done.exit_code == 0, done.output
    assert "Draft 2" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*WHERE, "--accept", "nurse-late", "--nurse", "N01", "--minutes", "5"), "--by"),
        ((*WHERE, "--accept", "--by", "x@y.example", "urgent", "--visit", "V01"), "is no dispatcher"),
        ((*WHERE, "nurse-late", "--nurse", "N99", "--minutes", "5"), "'N99' has no shift"),
        (("--region", "columbus", "--date", "today", "urgent", "--visit", "V01"), "is no date"),
    ],
)
def test_what_cannot_be_is_named_with_the_cure(run: Run, words: tuple[str, ...], said: str) -> None:
    done = run("disrupt", *words)
    assert done.exit_code == 2
    assert said in done.stderr
