"""How often patients keep their nurse: on the board, and on the patient's page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from app.store.engine import Database
from app.store.models.plan import PlanStatus
from tests.support.board_pages import drawn
from tests.support.clinic import Clinic, add_plan, add_visit
from tests.support.pages import plain, words

DAY = date(2030, 6, 11)


@pytest.fixture
def course(database: Database, clinic: Clinic) -> Clinic:
    """Mara has had Ana twice, then Ben; DAY's draft has Ben for her again, and Ana for Theo's first visit."""
    with database.begin() as tx:
        for number, nurse in enumerate((clinic.ana, clinic.ana, clinic.ben)):
            day = DAY - timedelta(days=9 - 2 * number)
            visit = add_visit(tx, clinic, f"M{number}", clinic.mara, day)
            add_plan(tx, clinic, day, {nurse: [visit]}, status=PlanStatus.PUBLISHED)
        again = add_visit(tx, clinic, "M9", clinic.mara, DAY)
        first = add_visit(tx, clinic, "T1", clinic.theo, DAY)
        add_plan(tx, clinic, DAY, {clinic.ben: [again], clinic.ana: [first]}, status=PlanStatus.DRAFT)
    return clinic


def test_the_board_counts_those_who_keep_their_nurse(dispatcher: FlaskClient, course: Clinic) -> None:
    assert "Same nurse 1 of 1 as at the session before" in plain(drawn(dispatcher, f"/board/{DAY}"))


def test_the_board_does_not_speak_of_it_where_nobody_had_a_session(
    dispatcher: FlaskClient, course: Clinic
) -> None:
    assert "Same nurse" not in plain(drawn(dispatcher, f"/board/{DAY - timedelta(days=9)}"))


def test_the_patients_page_says_who_came(dispatcher: FlaskClient, course: Clinic) -> None:
    said = words(dispatcher.get(f"/records/patients/{course.mara}"))
    assert "1 of 2 by the nurse of the session before." in said
    assert "Ben Larsen began the latest planned session, on Thu, Jun 6." in said
    assert "the session before" not in words(dispatcher.get(f"/records/patients/{course.theo}"))
