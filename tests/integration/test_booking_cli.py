"""`slots` and `book` on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from click.testing import Result

from app import clock
from app.store.engine import Database
from app.store.models import Visit
from app.wiring import create_app
from config import DEMO_SECRET, Settings
from tests.support.rows import DAY, Clinic, local

Run = Callable[..., Result]


@pytest.fixture
def run(database: Database, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command for the patient P01, with the clinic of two nurses."""
    monkeypatch.setattr(clock, "read", lambda: local(DAY, 3) - timedelta(days=1))
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        clinic.nurse("Ana"), clinic.nurse("Ben", east=0.2)
        clinic.visit(clinic.protocol(), day=DAY - timedelta(days=30), east=0.02)
    app = create_app(
        Settings(database_url=database.url, secret_key=DEMO_SECRET, demo=True), database=database
    )
    asked = ("--region", "columbus", "--patient", "P01", "--protocol", "K01")
    return lambda command, *words: app.test_cli_runner().invoke(args=[command, *asked, *words])


def slots_in(result: Result) -> Sequence[str]:
    """The slots that were printed."""
    return [line.split()[-1] for line in result.output.splitlines() if "/throughout/" in line]


def test_slots_are_printed_the_cheapest_first(run: Run) -> None:
    result = run("slots", "--from", str(DAY), "--days", "2")
    assert result.exit_code == 0
    first, *_ = result.output.splitlines()
    assert first.startswith("Tue, Jun 11") and "Ana" in first and "$" in first
    assert "Not planned yet: Tue, Jun 11, Wed, Jun 12" in result.output
    assert len(slots_in(result)) == 4


def test_a_slot_is_booked_once(run: Run, database: Database) -> None:
    slot, request = slots_in(run("slots", "--from", str(DAY)))[0], "0123456789abcdef" * 2
    first, again = (run("book", "--slot", slot, "--request", request) for _ in range(2))
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "the day is not planned yet" in first.output and "booked before" in again.output
    with database.begin() as tx:
        assert tx.query(Visit).filter(Visit.code.startswith("B-")).count() == 1


def test_a_series_is_proposed_and_booked(run: Run, database: Database) -> None:
    slots = slots_in(run("slots", "--from", str(DAY), "--sessions", "3", "--max-hours", "72"))
    assert len(slots) == 3
    assert run("book", *(word for slot in slots for word in ("--slot", slot))).exit_code == 0
    with database.begin() as tx:
        assert tx.query(Visit).filter(Visit.code.startswith("B-")).count() == 3


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--from", "2030-06-11", "--days", "2", "--sessions", "2"), "48 hours at least"),
        (("--from", "2030-06-11", "--between", "9:00", "nine"), '"nine" is not a time'),
        (("--from", "2030-06-11", "--between", "9:00", "8:00"), "--between 9:00 8:00"),
        (
            ("--from", "2030-06-11", "--sessions", "2", "--weekdays", "Someday"),
            "--weekdays 'Someday' cannot be",
        ),
        (("--from", "2030-06-11", "--sessions", "2", "--max-hours", "1"), "max_s: 3600 is less than"),
        (("--from", "2030-06-11", "--patient", "P99"), "no patient 'P99'"),
    ],
)
def test_what_cannot_be_is_refused(run: Run, words: Sequence[str], complaint: str) -> None:
    result = run("slots", *words)
    assert result.exit_code == 2
    assert complaint in result.output


def test_a_slot_that_is_none_is_refused(run: Run) -> None:
    result = run("book", "--slot", "tomorrow")
    assert result.exit_code == 2
    assert "'tomorrow' is no slot" in result.output
