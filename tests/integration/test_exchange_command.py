"""import-csv and export-csv by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result

from app.demo import writer
from app.demo.clinic import generate
from app.exchange.nouns import NOUNS
from app.store.engine import Database
from app.store.models import Nurse
from app.store.queries import planning, records
from app.wiring import create_app
from config import DEMO_SECRET, Settings

Run = Callable[..., Result]
COLUMNS = ",".join(NOUNS["nurses"].columns)
ROW = "N900,Nia Voss,,1 Elm St,39.97,-83,,30,,yes"


@pytest.fixture
def run(database: Database) -> Run:
    with database.begin() as tx:
        writer.store(tx, generate(7, date(2026, 11, 23), visits=5))
    app = create_app(
        Settings(database_url=database.url, secret_key=DEMO_SECRET, demo=True), database=database
    )
    return lambda *words, **more: app.test_cli_runner().invoke(args=list(words), **more)


def codes(database: Database) -> set[str]:
    with database.begin() as tx:
        return {nurse.code for nurse in records.every(tx, Nurse, planning.regions(tx)[0].id)}


def test_a_file_written_can_be_read(run: Run, tmp_path: Path) -> None:
    for noun in NOUNS:
        file = tmp_path / f"{noun}.csv"
        assert run("export-csv", "--region", "columbus", noun, str(file)).exit_code == 0
        result = run("import-csv", "--region", "columbus", noun, str(file))
        assert result.exit_code == 0, result.output
        assert f"{NOUNS[noun].title}: 0 new, 0 changed, " in result.output


def test_standard_input_and_output(run: Run, database: Database) -> None:
    result = run("import-csv", "--region", "columbus", "nurses", "-", input=f"{COLUMNS}\n{ROW}\n")
    assert "Nurses: 1 new, 0 changed, 0 unchanged." in result.output
    assert "N900" in codes(database)
    assert "N900,Nia Voss" in run("export-csv", "--region", "columbus", "nurses").output


def test_a_dry_run_stores_nothing(run: Run, database: Database) -> None:
    result = run(
        "import-csv", "--region", "columbus", "--dry-run", "nurses", "-", input=f"{COLUMNS}\n{ROW}\n"
    )
    assert result.exit_code == 0
    assert "Nurses: 1 would be new, 0 would be changed, 0 unchanged." in result.output
    assert "N900" not in codes(database)


def test_bad_rows_are_one_line_each_and_exit_status_2(run: Run, database: Database) -> None:
    bad = f"{COLUMNS}\n{ROW}\n{ROW.replace('N900', 'N901').replace('39.97', 'north')}\n"
    result = run("import-csv", "--region", "columbus", "nurses", "-", input=bad)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        'line 3, column latitude: "north" cannot be: give degrees from -90 to 90, such as 39.9612.',
        "Nothing was imported: 1 fault.",
    ]
    assert not {"N900", "N901"} & codes(database)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import-csv", "--region", "denver", "nurses", "-"), "--region 'denver' is unknown"),
        (("import-csv", "--region", "columbus", "doctors", "-"), "'doctors' is not one of 'nurses'"),
        (("import-csv", "--region", "columbus", "nurses", "/no/such.csv"), "'/no/such.csv'"),
        (
            ("export-csv", "--region", "columbus", "nurses", "/no/such/x.csv"),
            "/no/such/x.csv cannot be written",
        ),
    ],
)
def test_what_cannot_be_is_named_with_exit_status_2(run: Run, words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.output
