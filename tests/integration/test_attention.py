"""What needs attention: closed gates of coming visits, overdue mania checks, credentials that run out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from app import clock
from app.actions.courses import files
from app.actions.courses.attention import Item, attention
from app.actions.courses.checks import overdue_checks
from app.clock import utc_now
from app.store.engine import Database
from app.store.models import Credential, Order, Visit
from app.store.models.order import OrderStatus
from app.store.models.protocol import FollowUp
from app.store.models.visit import VisitStatus
from tests.support.rows import DAY, Clinic, local

# The rows are the same on every database, and tests/integration/test_course_gates.py says why.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

MONDAY = DAY - timedelta(days=1)
FRIDAY = date(2030, 6, 7)
CHECK = FollowUp(offset_hours=24, window_hours=4, in_person=False, minutes=15, mania_check=True)


def at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: moment)


@pytest.fixture(autouse=True)
def _monday_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    at(local(MONDAY, 12), monkeypatch)


@pytest.fixture
def clinic(database: Database) -> Iterator[Clinic]:
    with database.begin() as tx:
        made = Clinic.make(tx, state="OH")
        made.nurse("Ana")
        yield made


def found(clinic: Clinic, days: int = 14) -> list[Item]:
    clinic.tx.flush()
    clinic.tx.expire_all()
    return attention(clinic.tx, clinic.region, utc_now(), days)


def session(clinic: Clinic, order: Order, number: int, day: date, **changes: object) -> Visit:
    visit = clinic.visit(order.protocol, day=day, order=order, session=number, **changes)
    visit.patient = order.patient
    clinic.tx.flush()
    return visit


def test_nothing(clinic: Clinic) -> None:
    clinic.visit()
    session(clinic, clinic.order(), 1, DAY)
    assert found(clinic) == []


def test_all_closed_gates_the_soonest_first_each_with_where_it_is_mended(clinic: Clinic) -> None:
    held = clinic.order(status=OrderStatus.HELD)
    away = clinic.prescriber("Dr. Lena Moss", hours=())
    unnamed = clinic.visit(clinic.protocol(adult_hours=4), day=DAY + timedelta(days=3))
    bipolar = clinic.order(patient=clinic.patient(bipolar=True))
    session(clinic, clinic.order(prescriber=away), 1, DAY + timedelta(days=2))
    session(clinic, bipolar, 1, DAY + timedelta(days=1))
    session(clinic, held, 1, DAY)
    items = found(clinic)
    assert [(item.label, item.mend.noun, item.mend.key) for item in items] == [
        ("Order", "orders", held.id),
        ("Agreement", "course", bipolar.patient_id),
        ("Prescriber", "prescribers", away.id),
        ("Responsible adult", "course", unnamed.patient_id),
    ]
    assert [item.bites for item in items] == [local(DAY + timedelta(days=n), 8) for n in range(4)]
    assert items[0].words == "Order O01 is on hold: make it active again, or cancel the session."
    assert [item.label for item in found(clinic, days=2)] == ["Order", "Agreement"]


def test_a_visit_whose_last_start_is_past_is_left_out(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.visit(clinic.protocol(adult_hours=4), windows=(((8, 0), (10, 0), None),))
    assert len(found(clinic)) == 1
    at(local(DAY, 10, 1), monkeypatch)
    assert found(clinic) == []


class TestCredentials:
    def test_the_only_able_nurses_runs_out(self, clinic: Clinic) -> None:
        cleo = clinic.nurse("Cleo Ames", holds=())
        cleo.credentials = [Credential(kind="ACLS", valid_from=date(2020, 1, 1), expires_on=DAY)]
        advanced = clinic.protocol(asks=["ACLS"])
        clinic.visit(advanced)
        late = clinic.visit(advanced, day=DAY + timedelta(days=1))
        (item,) = found(clinic)
        assert (item.label, item.visit.id, item.mend.noun, item.mend.key) == (
            "Credential",
            late.id,
            "nurses",
            cleo.id,
        )
        assert item.words == "No nurse working on Wed, Jun 12 holds ACLS: Cleo Ames's expires on Tue, Jun 11."

    def test_none_counts_in_the_patients_state(self, clinic: Clinic) -> None:
        clinic.nurse("Cleo Ames", holds=("RN license",)).credentials[0].states = "OH"
        visit = clinic.visit(clinic.protocol(asks=["RN license"]))
        assert found(clinic) == []
        visit.patient.state = "KY"
        (item,) = found(clinic)
        assert item.words == (
            "No nurse working on Tue, Jun 11 holds RN license valid in Kentucky: Cleo Ames's counts in Ohio "
            "only."
        )

    def test_a_kind_that_nobody_holds(self, clinic: Clinic) -> None:
        clinic.visit(clinic.protocol(asks=["pediatrics"]))
        (item,) = found(clinic)
        assert item.words == "No nurse working on Tue, Jun 11 holds pediatrics."
        assert (item.mend.noun, item.mend.key) == ("credentials", None)

    def test_two_are_needed_and_one_holds_it(self, clinic: Clinic) -> None:
        clinic.visit(clinic.protocol(staff=2))
        (item,) = found(clinic)
        assert item.words == "It takes 2 nurses who hold iv, and only Ana does on Tue, Jun 11."
        clinic.nurse("Ben")
        assert found(clinic) == []

    def test_who_holds_it_is_barred(self, clinic: Clinic) -> None:
        ben = clinic.nurse("Ben", holds=("ACLS",))
        clinic.visit(clinic.protocol(asks=["ACLS"]), bars=[ben])
        (item,) = found(clinic)
        assert item.words == "No nurse working on Tue, Jun 11 holds ACLS."


class TestManiaChecks:
    @pytest.fixture
    def order(self, clinic: Clinic) -> Order:
        order = clinic.order(clinic.protocol(follow_ups=(CHECK,)), patient=clinic.patient(bipolar=True))
        files.record_agreement(clinic.tx, clinic.dispatcher(), order.patient_id, "Dr. Oren Lim", FRIDAY, None)
        return order

    def test_due_28_hours_after_the_infusion(self, clinic: Clinic, order: Order) -> None:
        start = local(FRIDAY, 9)
        last = session(clinic, order, 1, FRIDAY, pinned_nurse=clinic.nurse("Ben"), pinned_start=start)
        (late,) = overdue_checks(clinic.tx, clinic.region, utc_now())
        assert late.session.id == last.id
        assert late.due == start + timedelta(minutes=65, hours=28)  # arrival 15, IV start 10, infusion 40
        assert late.hours_late == 45
        assert late.words == (
            "The mania check after the session on Fri, Jun 7 was due Sat, Jun 8, 2:05 PM: it is 45 h late. "
            "No further session is planned until it is recorded."
        )

    def test_not_before_it_is_due(
        self, clinic: Clinic, order: Order, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        start = local(FRIDAY, 9)
        session(clinic, order, 1, FRIDAY, pinned_nurse=clinic.nurse("Ben"), pinned_start=start)
        due = start + timedelta(minutes=65, hours=28)
        assert overdue_checks(clinic.tx, clinic.region, due - timedelta(seconds=1)) == []
        assert [each.hours_late for each in overdue_checks(clinic.tx, clinic.region, due)] == [0]

    def test_told_once_before_all_else_and_no_more_when_it_is_on_file(
        self, clinic: Clinic, order: Order
    ) -> None:
        last = session(clinic, order, 1, FRIDAY)
        session(clinic, order, 2, DAY)
        (item,) = found(clinic)
        assert (item.label, item.visit.id, item.mend.noun) == ("Mania check", last.id, "course")
        assert item.bites < utc_now()
        files.record_mania_check(clinic.tx, clinic.dispatcher(), last.id, FRIDAY, "R. Osei", clear=True)
        assert found(clinic) == []

    def test_signs_of_mania_close_the_next_session(self, clinic: Clinic, order: Order) -> None:
        last, coming = session(clinic, order, 1, FRIDAY), session(clinic, order, 2, DAY)
        files.record_mania_check(clinic.tx, clinic.dispatcher(), last.id, FRIDAY, "R. Osei", clear=False)
        (item,) = found(clinic)
        assert (item.label, item.visit.id) == ("Mania check", coming.id)
        assert item.words.startswith("Signs of mania, says R. Osei")

    def test_missed_sessions_and_other_patients_ask_for_none(self, clinic: Clinic, order: Order) -> None:
        session(clinic, order, 1, FRIDAY, status=VisitStatus.MISSED)
        session(clinic, clinic.order(order.protocol), 1, FRIDAY)
        assert overdue_checks(clinic.tx, clinic.region, utc_now()) == []

    def test_a_session_today_does_not_hide_the_check_before_it(self, clinic: Clinic, order: Order) -> None:
        last = session(clinic, order, 1, FRIDAY)
        session(clinic, order, 2, MONDAY)
        (late,) = overdue_checks(clinic.tx, clinic.region, utc_now())
        assert late.session.id == last.id

    def test_without_a_follow_up_it_is_due_when_the_next_session_may_start(self, clinic: Clinic) -> None:
        order = clinic.order(patient=clinic.patient(bipolar=True))
        session(clinic, order, 1, FRIDAY)
        assert overdue_checks(clinic.tx, clinic.region, utc_now()) == []
        session(clinic, order, 2, MONDAY)
        (late,) = overdue_checks(clinic.tx, clinic.region, utc_now())
        assert (late.due, late.hours_late) == (local(MONDAY, 8), 4)
