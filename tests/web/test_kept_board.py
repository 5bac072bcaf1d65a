"""The board's day is kept between looks, and never shown once anybody has written anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, select, update

from app.actions.by_hand import moving
from app.board import drawn
from app.store import writes
from app.store.engine import Database, Tx
from app.store.kept import Kept
from app.store.models import Nurse, Patient, PlanRow, Region, RouteRow, Run, StopRow, User, Visit
from app.store.models.plan import PlanStatus
from app.store.models.run import RunStatus
from app.store.models.visit import VisitStatus
from app.wiring import create_app
from config import Settings
from tests.support import board_pages
from tests.support.board_days import add_run
from tests.support.board_pages import MONDAY, URL
from tests.support.clinic import DISPATCHER


@pytest.fixture(scope="module")
def seed() -> Any:
    return board_pages.seed


@pytest.fixture
def other(database: Database) -> Iterator[Database]:
    """The same database, as another process has it."""
    found = Database(database.url)
    yield found
    found.dispose()


def statements(database: Database, ask: Callable[[], object]) -> list[str]:
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    ask()
    event.remove(database.engine, "before_cursor_execute", note)
    return seen


def _rename(kind: Any) -> Callable[[Tx], object]:
    return lambda tx: tx.execute(update(kind).values(name="Newly Named"))


def _cancel(tx: Tx) -> None:
    tx.scalars(select(Visit)).all()[0].status = VisitStatus.CANCELLED


def _fail(tx: Tx) -> None:
    add_run(tx, tx.scalars(select(Region)).one(), MONDAY, RunStatus.FAILED, error="The sky fell down.")


def _publish(tx: Tx) -> None:
    tx.scalars(select(PlanRow)).one().status = PlanStatus.PUBLISHED


def _later(tx: Tx) -> None:
    stop = tx.scalars(select(StopRow)).all()[0]
    stop.travel_seconds += 600


CHANGES: dict[str, Callable[[Tx], object]] = {
    "a patient's name": _rename(Patient),
    "a nurse's name": _rename(Nurse),
    "a cancelled visit": _cancel,
    "a failed run": _fail,
    "a publication": _publish,
    "another drive": _later,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_is_seen_at_once_wherever_it_is_made(
    dispatcher: Any, other: Database, change: Callable[[Tx], object]
) -> None:
    before = dispatcher.get(f"{URL}/data").data
    assert dispatcher.get(f"{URL}/data").data == before
    with other.begin() as tx:
        change(tx)
    after = dispatcher.get(f"{URL}/data").data
    assert after != before
    drawn._kept = Kept(1)
    assert dispatcher.get(f"{URL}/data").data == after


def test_a_day_nothing_was_written_to_is_not_read_again(dispatcher: Any, database: Database) -> None:
    dispatcher.get(f"{URL}/data")
    again = statements(database, lambda: dispatcher.get(f"{URL}/data"))
    assert not any("visits" in statement for statement in again if "audit_entries" not in statement)
    assert any("INSERT INTO audit_entries" in statement for statement in again)


def test_nothing_shown_is_read_from_where_writes_do_not_count(dispatcher: Any, database: Database) -> None:
    drawn._kept = Kept(1)
    read = statements(database, lambda: dispatcher.get(f"{URL}/data"))
    read += statements(database, lambda: dispatcher.get(f"{URL}/fit"))
    selected = " ".join(statement for statement in read if statement.startswith("SELECT"))
    assert "FROM visits" in selected
    assert not any(f"FROM {table}" in selected or f"JOIN {table}" in selected for table in writes.UNCOUNTED)


def test_others_write_while_a_draft_is_judged(
    dispatcher: Any, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[int] = []

    def judge(_tx: Tx, region: Region, *_: Any) -> None:
        with other.begin() as tx:
            tx.execute(update(Region).values(name="Newly Named"))
        judged.append(region.id)

    monkeypatch.setattr("app.actions.plans.check_plan", judge)
    assert dispatcher.get(f"{URL}/fit").status_code == 200
    assert judged == [1]


def test_who_may_not_see_it_any_more_does_not_get_what_is_kept(dispatcher: Any, other: Database) -> None:
    assert dispatcher.get(f"{URL}/data").status_code == 200
    with other.begin() as tx:
        tx.execute(update(User).where(User.email == DISPATCHER).values(active=False))
    assert dispatcher.get(f"{URL}/data", headers={"Accept": "application/json"}).status_code == 401


class TestACheckOfADrop:
    """Its answer is that of a process that keeps nothing."""

    def drops(self, database: Database, number: int, seed: int) -> Iterator[tuple[int, dict[str, Any]]]:
        chance = Random(seed)
        with database.begin() as tx:
            plan = tx.scalars(select(PlanRow)).one()
            nurses = tx.scalars(select(RouteRow.nurse_id)).all()
            visits = tx.scalars(select(StopRow.visit_id).distinct()).all()
        for _ in range(number):
            start = f"{chance.randrange(8, 16):02}:{chance.randrange(0, 60, 5):02}"
            fields = {"plan": plan.id, "revision": plan.revision, "nurse": chance.choice(nurses)}
            yield chance.choice(visits), fields | {"start": chance.choice(("", start))}

    def check(self, client: Any, drop: tuple[int, dict[str, Any]]) -> Any:
        return client.get(f"{URL}/check/{drop[0]}", query_string=drop[1]).json

    def test_anywhere(self, dispatcher: Any, database: Database) -> None:
        answers = [(drop, self.check(dispatcher, drop)) for drop in self.drops(database, 40, 1)]
        assert len({answer["outcome"] for _, answer in answers}) > 1
        for drop, answer in answers:
            moving._read = Kept(1)
            assert self.check(dispatcher, drop) == answer

    def test_after_another_dispatcher_has_moved_something(
        self, dispatcher: Any, database: Database, other: Database, settings: Settings
    ) -> None:
        drop = next(self.drops(database, 1, 2))
        assert "outcome" in self.check(dispatcher, drop)
        app = create_app(settings, database=other)
        app.test_client_class = type(dispatcher)
        colleague: Any = app.test_client()
        assert colleague.log_in(DISPATCHER).status_code == 302
        for visit, fields in self.drops(database, 40, 3):
            if colleague.post(f"{URL}/move/{visit}", json=fields | {"start": None}).json.get("made"):
                break
        else:
            raise AssertionError("no drop was taken")
        told = dispatcher.get(f"{URL}/check/{drop[0]}", query_string=drop[1])
        assert told.status_code == 409 and "is not what you saw" in told.text

    def test_after_a_nurse_is_called_otherwise(
        self, dispatcher: Any, database: Database, other: Database
    ) -> None:
        drops = list(self.drops(database, 40, 4))
        drop = next(each for each in drops if self.check(dispatcher, each)["refusals"])
        with other.begin() as tx:
            tx.execute(update(Nurse).values(name="Newly Named"))
        assert "Newly Named" in " ".join(self.check(dispatcher, drop)["refusals"])


def test_a_run_that_only_goes_on_is_no_reason_to_reload(dispatcher: Any, database: Database) -> None:
    with database.begin() as tx:
        run = add_run(tx, tx.scalars(select(Region)).one(), MONDAY, RunStatus.RUNNING).id
    before = dispatcher.get(f"{URL}/data").json["version"]
    with database.begin() as tx:
        tx.get_one(Run, run).elapsed = 30.0
    assert dispatcher.get(f"{URL}/data").json["version"] == before
