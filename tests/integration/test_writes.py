"""What a process keeps of the records is given up with the first write of any process."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, select, text, update

from app.store import audit, writes
from app.store.engine import Database
from app.store.kept import Kept
from app.store.models import Base, Nurse, Patient, Region, Visit
from tests.support.filled import filled
from tests.support.small_clinic import seed


def count(database: Database) -> int:
    with database.begin() as tx:
        found = writes.count(tx)
    assert found is not None
    return found


@pytest.fixture
def clinic(database: Database) -> None:
    filled(database, sown)


def sown(database: Database) -> None:
    with database.begin() as tx:
        seed(tx)


@pytest.fixture
def other(database: Database) -> Any:
    """Another process's way to the same database."""
    made = Database(database.url)
    yield made
    made.dispose()


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_a_write_to_any_table_counts_but_for_what_nothing_kept_shows(database: Database, table: str) -> None:
    before = count(database)
    with database.begin() as tx:
        tx.execute(text(f"DELETE FROM {table} WHERE 1 = 0"))
    assert count(database) == before + (table not in writes.UNCOUNTED)


@pytest.mark.usefixtures("clinic")
class TestWhatCounts:
    def test_a_row_added_changed_or_deleted(self, database: Database) -> None:
        before = count(database)
        with database.begin() as tx:
            region = tx.scalars(select(Region)).first()
            assert region is not None
            region.name = "Elsewhere"
        with database.begin() as tx:
            tx.execute(update(Nurse).values(name="Somebody"))
        with database.begin() as tx:
            tx.execute(text("UPDATE patients SET name = 'Else'"))
        assert count(database) == before + 3

    def test_neither_looking_nor_noting_that_somebody_looked(self, database: Database) -> None:
        before = count(database)
        with database.begin() as tx:
            tx.scalars(select(Visit).with_for_update()).all()
            audit.record(tx, None, action="read", subject="visits")
        assert count(database) == before

    def test_not_what_is_taken_back(self, database: Database) -> None:
        before = count(database)
        with pytest.raises(RuntimeError), database.begin() as tx:
            tx.execute(update(Patient).values(name="Nobody"))
            raise RuntimeError
        with database.begin() as tx:
            tx.scalars(select(Visit)).all()
        assert count(database) == before


@pytest.mark.usefixtures("clinic")
class TestWhatIsKept:
    def names(self, tx: Any) -> list[str]:
        return list(tx.scalars(select(Patient.name).order_by(Patient.name)))

    def test_is_read_once(self, database: Database) -> None:
        kept, read = Kept[list[str]](2), []
        event.listen(database.engine, "before_cursor_execute", lambda *a: read.append(a[2]))
        for _ in range(3):
            with database.begin() as tx:
                assert kept.get(tx, "names", lambda tx=tx: self.names(tx))
        assert sum("patients" in statement for statement in read) == 1

    def test_is_given_up_with_the_write_of_another_process(self, database: Database, other: Database) -> None:
        kept = Kept[list[str]](2)
        for name in ("One", "Two"):
            with other.begin() as tx:
                tx.execute(update(Patient).values(name=name))
            with database.begin() as tx:
                assert set(kept.get(tx, "names", lambda tx=tx: self.names(tx))) == {name}

    def test_is_nothing_that_was_not_committed(self, database: Database) -> None:
        kept = Kept[list[str]](2)
        with pytest.raises(RuntimeError), database.begin() as tx:
            tx.execute(update(Patient).values(name="Nobody"))
            assert set(kept.get(tx, "names", lambda: self.names(tx))) == {"Nobody"}
            raise RuntimeError
        with database.begin() as tx:
            assert "Nobody" not in kept.get(tx, "names", lambda: self.names(tx))

    def test_is_of_its_key_and_no_more_than_asked(self, database: Database) -> None:
        kept, made = Kept[int](2), []

        def get(key: int) -> int:
            with database.begin() as tx:
                return kept.get(tx, key, lambda: made.append(key) or key)

        assert [get(key) for key in (1, 2, 1, 3, 1, 2)] == [1, 2, 1, 3, 1, 2]
        assert made == [1, 2, 3, 2]
