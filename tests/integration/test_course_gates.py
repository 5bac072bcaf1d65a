"""What must be open for a visit, and what sessions of other days leave it, as the planner is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from app import clock
from app.actions.courses import files
from app.actions.errors import ActionError
from app.actions.field import accept
from app.field.envelope import batch_of
from app.store.engine import Database
from app.store.mapping import LoadedDay, load_day
from app.store.models import Nurse, Order, PlanRow, PrescriberException, RouteRow, Run, StopRow, Visit
from app.store.models.nurse import Availability
from app.store.models.order import OrderStatus
from app.store.models.pickup import Pickup
from app.store.models.plan import PlanStatus
from app.store.models.protocol import DrugUnits
from app.store.models.run import RunStatus, RunTrigger
from app.store.models.visit import VisitKind, VisitStatus
from scheduler.model import Gate, GateKind, HourLimit, Span, Supply, Window
from tests.support.field import batch, event
from tests.support.rows import DAY, VISIT_MINUTES, Clinic, local

VIAL = "Ketamine 500 mg vial"

# The rows are the same on every database, and tests/integration/test_series_actions.py uses both.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

HOUR = 3600
NEXT = DAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: datetime(2030, 6, 10, 16, tzinfo=UTC))


@pytest.fixture
def clinic(database: Database) -> Iterator[Clinic]:
    with database.begin() as tx:
        yield Clinic.make(tx)


def session(clinic: Clinic, order: Order, number: int, day: date = DAY, **changes: Any) -> Visit:
    visit = clinic.visit(order.protocol, day=day, order=order, session=number, **changes)
    visit.patient = order.patient
    return visit


def load(clinic: Clinic, day: date = DAY) -> LoadedDay:
    clinic.tx.flush()
    clinic.tx.expire_all()
    return load_day(clinic.tx, clinic.region, day)


def gates(clinic: Clinic) -> dict[GateKind, Gate]:
    (visit,) = load(clinic).problem.visits
    return {gate.kind: gate for gate in visit.gates}


def reason(clinic: Clinic, day: date = DAY) -> str:
    loaded = load(clinic, day)
    assert loaded.problem.visits == ()
    (left_out,) = loaded.left_out
    return left_out.reason


def published(clinic: Clinic, nurse: Nurse, visit: Visit | None, start: datetime, end: datetime) -> PlanRow:
    """A published plan of the day with one stop."""
    day = start.date() if visit is None else visit.day
    run = Run(
        region_id=clinic.region.id,
        day=day,
        trigger=RunTrigger.COMMAND,
        status=RunStatus.SUCCEEDED,
        queued_at=start,
        seconds=1,
    )
    visit = visit or clinic.visit(day=day)
    stop = StopRow(position=0, visit=visit, arrival=start, start=start, end=end, travel_seconds=0, phases=[])
    route = RouteRow(
        nurse_id=nurse.id,
        shift_start=local(day, 8),
        shift_end=local(day, 17),
        departure=start,
        finish=end,
        home_latitude=39.96,
        home_longitude=-83.0,
        stops=[stop],
    )
    row = PlanRow(
        region_id=clinic.region.id,
        day=day,
        zone=clinic.region.zone,
        status=PlanStatus.PUBLISHED,
        run=run,
        created_at=start,
        problem={},
        travel_seconds={},
        plan={},
        cost=0,
        visits_served=1,
        travel_total=0,
        overtime_total=0,
        routes=[route],
    )
    clinic.tx.add(row)
    clinic.tx.flush()
    return row


class TestOrder:
    def test_open_on_its_days(self, clinic: Clinic) -> None:
        session(clinic, clinic.order(not_after=DAY + timedelta(days=2)), 1)
        day = 24 * HOUR
        assert gates(clinic)[GateKind.ORDER] == Gate(
            kind=GateKind.ORDER, spans=(Span(start=0, end=3 * day - 1),)
        )

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"status": OrderStatus.HELD}, "Order O01 is on hold: make it active again"),
            ({"status": OrderStatus.ENDED}, "Order O01 is ended"),
            ({"valid_from": NEXT}, "Order O01 holds from Wed, Jun 12 to Thu, Jul 11: prolong the order"),
            ({"not_after": DAY - timedelta(days=1), "valid_from": date(2030, 6, 3)}, "to Mon, Jun 10"),
        ],
    )
    def test_closed(self, clinic: Clinic, changes: dict[str, Any], said: str) -> None:
        session(clinic, clinic.order(**changes), 1)
        assert said in reason(clinic)


class TestPrescriber:
    def test_reached_while_the_infusion_runs(self, clinic: Clinic) -> None:
        prescriber = clinic.prescriber(hours=[((8, 0), (11, 0)), ((13, 0), (18, 0))])
        session(clinic, clinic.order(prescriber=prescriber), 1)
        assert gates(clinic)[GateKind.PRESCRIBER] == Gate(
            kind=GateKind.PRESCRIBER,
            spans=(Span(start=8 * HOUR, end=11 * HOUR), Span(start=13 * HOUR, end=18 * HOUR)),
            since=25 * 60,
            until=65 * 60,
        )

    def test_off_that_day(self, clinic: Clinic) -> None:
        prescriber = clinic.prescriber()
        prescriber.exceptions.append(PrescriberException(day=DAY, kind=Availability.OFF))
        session(clinic, clinic.order(prescriber=prescriber), 1)
        assert reason(clinic).startswith("Dr. Inez Halloran cannot be reached on Tue, Jun 11")

    def test_other_hours_that_day(self, clinic: Clinic) -> None:
        prescriber = clinic.prescriber()
        prescriber.exceptions.append(
            PrescriberException(day=DAY, kind=Availability.HOURS, start_time=time(9), end_time=time(12))
        )
        session(clinic, clinic.order(prescriber=prescriber), 1)
        (span,) = gates(clinic)[GateKind.PRESCRIBER].spans
        assert span == Span(start=9 * HOUR, end=12 * HOUR)

    def test_hours_that_no_infusion_in_the_windows_keeps(self, clinic: Clinic) -> None:
        prescriber = clinic.prescriber(hours=[((17, 0), (20, 0))])
        session(clinic, clinic.order(prescriber=prescriber), 1)
        assert "can be reached from 5:00 PM to 8:00 PM, and no infusion" in reason(clinic)

    def test_no_longer_active(self, clinic: Clinic) -> None:
        prescriber = clinic.prescriber()
        prescriber.active = False
        session(clinic, clinic.order(prescriber=prescriber), 1)
        assert "cannot be reached" in reason(clinic)


class TestAdult:
    @pytest.fixture
    def visit(self, clinic: Clinic) -> Visit:
        return clinic.visit(clinic.protocol(adult_hours=4))

    def present(
        self, clinic: Clinic, visit: Visit, since: int, until: int, *, confirmed: bool = True
    ) -> None:
        adult = clinic.adult(visit.patient)
        times = local(DAY, since), local(DAY, until)
        files.record_presence(clinic.tx, clinic.dispatcher(), visit.id, adult.id, *times, confirmed=confirmed)

    def test_nobody_named(self, clinic: Clinic, visit: Visit) -> None:
        assert reason(clinic) == (
            "No responsible adult is named for the 4 h after discharge: name and confirm one."
        )

    def test_named_but_not_confirmed(self, clinic: Clinic, visit: Visit) -> None:
        self.present(clinic, visit, 10, 22, confirmed=False)
        assert (
            reason(clinic)
            == "Jonas Quill is there from 10:00 AM to 10:00 PM, but that is not confirmed: confirm it."
        )

    def test_confirmed(self, clinic: Clinic, visit: Visit) -> None:
        self.present(clinic, visit, 10, 22)
        length = VISIT_MINUTES * 60
        assert gates(clinic)[GateKind.ADULT] == Gate(
            kind=GateKind.ADULT,
            spans=(Span(start=10 * HOUR, end=22 * HOUR),),
            since=length,
            until=length + 4 * HOUR,
        )

    def test_there_for_too_short_a_time(self, clinic: Clinic, visit: Visit) -> None:
        self.present(clinic, visit, 10, 12)
        assert "agree on a longer time, or move the session" in reason(clinic)

    def test_the_newest_word_counts_and_the_older_ones_stay(self, clinic: Clinic, visit: Visit) -> None:
        self.present(clinic, visit, 10, 22)
        self.present(clinic, visit, 10, 22, confirmed=False)
        assert "not confirmed" in reason(clinic)
        assert clinic.tx.query(type(clinic.adult(visit.patient))).count() == 3

    def test_an_adult_of_another_patient_is_refused(self, clinic: Clinic, visit: Visit) -> None:
        other = clinic.adult(clinic.patient())
        with pytest.raises(ActionError, match="not on file for the patient"):
            files.record_presence(
                clinic.tx,
                clinic.dispatcher(),
                visit.id,
                other.id,
                local(DAY, 10),
                local(DAY, 22),
                confirmed=True,
            )


class TestBipolar:
    @pytest.fixture
    def order(self, clinic: Clinic) -> Order:
        return clinic.order(patient=clinic.patient(bipolar=True))

    def agree(self, clinic: Clinic, order: Order, expires_on: date | None = None) -> None:
        files.record_agreement(
            clinic.tx, clinic.dispatcher(), order.patient_id, "Dr. Oren Lim", date(2030, 6, 1), expires_on
        )

    def test_without_an_agreement(self, clinic: Clinic, order: Order) -> None:
        session(clinic, order, 1)
        assert reason(clinic) == "The coordinating psychiatrist's agreement is not on file: record it."

    def test_with_one_and_no_session_before(self, clinic: Clinic, order: Order) -> None:
        self.agree(clinic, order, DAY)
        session(clinic, order, 1)
        found = gates(clinic)
        assert found[GateKind.AGREEMENT].spans == (Span(start=-10 * 24 * HOUR, end=24 * HOUR - 1),)
        assert found[GateKind.MANIA_CHECK].spans == (Span(start=0, end=24 * HOUR - 1),)

    def test_expired(self, clinic: Clinic, order: Order) -> None:
        self.agree(clinic, order, date(2030, 6, 10))
        session(clinic, order, 1)
        assert "until Mon, Jun 10, which does not cover Tue, Jun 11" in reason(clinic)

    def test_withdrawn(self, clinic: Clinic, order: Order) -> None:
        self.agree(clinic, order)
        files.withdraw_agreement(clinic.tx, clinic.dispatcher(), order.patient_id, "Dr. Oren Lim")
        session(clinic, order, 1)
        assert reason(clinic) == "The coordinating psychiatrist's agreement was withdrawn: record it."

    def test_no_check_since_the_last_session(self, clinic: Clinic, order: Order) -> None:
        self.agree(clinic, order)
        last = session(clinic, order, 1, date(2030, 6, 7))
        session(clinic, order, 2)
        assert reason(clinic) == ("No mania check is on file since the session on Fri, Jun 7: record it.")
        actor = clinic.dispatcher()
        for clear, said in ((False, "Signs of mania, says R. Osei on Sat, Jun 8"), (True, "")):
            files.record_mania_check(clinic.tx, actor, last.id, date(2030, 6, 8), "R. Osei", clear=clear)
            assert said in reason(clinic) if said else gates(clinic)[GateKind.MANIA_CHECK].spans

    def test_a_missed_session_asks_for_no_check(self, clinic: Clinic, order: Order) -> None:
        self.agree(clinic, order)
        session(clinic, order, 1, date(2030, 6, 7), status=VisitStatus.MISSED)
        session(clinic, order, 1)
        assert gates(clinic)[GateKind.MANIA_CHECK].spans

    def test_a_session_still_to_come_does_not_close_planning_ahead(
        self, clinic: Clinic, order: Order
    ) -> None:
        self.agree(clinic, order)
        session(clinic, order, 1)
        session(clinic, order, 2, DAY + timedelta(days=2))
        assert load(clinic, DAY + timedelta(days=2)).left_out == ()

    @pytest.mark.parametrize("day", [date(2030, 6, 6), DAY])
    def test_a_check_on_a_day_that_cannot_be(self, clinic: Clinic, order: Order, day: date) -> None:
        visit = session(clinic, order, 1, date(2030, 6, 7))
        with pytest.raises(ActionError, match=f"{day} cannot be: give a day from the session, Fri, Jun 7"):
            files.record_mania_check(clinic.tx, clinic.dispatcher(), visit.id, day, "R. Osei", clear=True)


class TestOtherDays:
    def windows(self, clinic: Clinic, day: date) -> tuple[Window, ...]:
        (visit,) = load(clinic, day).problem.visits
        return visit.tasks[0].windows

    def test_a_session_keeps_its_distance_from_published_ones(self, clinic: Clinic) -> None:
        order, ana = clinic.order(max_hours=50), clinic.nurse("Ana")
        published(clinic, ana, session(clinic, order, 1), local(DAY, 10), local(DAY, 12))
        third = DAY + timedelta(days=2)
        session(clinic, order, 2, third)
        (window,) = self.windows(clinic, third)
        assert (window.earliest_start, window.latest_start) == (10 * HOUR, 12 * HOUR)

    def test_and_from_published_ones_after_it(self, clinic: Clinic) -> None:
        order, ana = clinic.order(max_hours=50), clinic.nurse("Ana")
        third = DAY + timedelta(days=2)
        published(clinic, ana, session(clinic, order, 2, third), local(third, 12), local(third, 14))
        session(clinic, order, 1)
        (window,) = self.windows(clinic, DAY)
        assert (window.earliest_start, window.latest_start) == (10 * HOUR, 12 * HOUR)

    def test_none_left(self, clinic: Clinic) -> None:
        order, ana = clinic.order(), clinic.nurse("Ana")
        published(clinic, ana, session(clinic, order, 1), local(DAY, 15), local(DAY, 17))
        session(clinic, order, 2, NEXT)
        assert reason(clinic, NEXT) == (
            "Session 1 starts Tue, Jun 11, 3:00 PM, and 48 to 96 h must pass from one start to the next: its "
            "windows leave no time for that. Move it, widen its windows, or change the order."
        )

    def test_without_a_published_plan_or_a_pin_nothing_is_cut(self, clinic: Clinic) -> None:
        order = clinic.order()
        first = session(clinic, order, 1)
        session(clinic, order, 2, NEXT)
        assert [window.earliest_start for window in self.windows(clinic, NEXT)] == [8 * HOUR]
        first.pinned_nurse, first.pinned_start = clinic.nurse("Ana"), local(DAY, 15)
        assert "Session 1 starts" in reason(clinic, NEXT)

    def test_a_follow_up_after_its_published_session(self, clinic: Clinic) -> None:
        order, ana = clinic.order(protocol=clinic.protocol(staff=2)), clinic.nurse("Ana")
        first = session(clinic, order, 1)
        published(clinic, ana, first, local(DAY, 14), local(DAY, 16))
        follow_up = clinic.visit(
            order.protocol,
            day=NEXT,
            kind=VisitKind.FOLLOW_UP,
            follows_visit_id=first.id,
            follows_min=24 * 60,
            follows_max=26 * 60,
            follow_up_minutes=20,
        )
        (visit,) = load(clinic, NEXT).problem.visits
        assert visit.id == f"v{follow_up.id}"
        (task,) = visit.tasks
        assert (task.duration, task.uses) == (20 * 60, ())
        (gate,) = visit.gates
        assert gate == Gate(kind=GateKind.SPACING, spans=(Span(start=14 * HOUR, end=16 * HOUR),))
        assert [(window.earliest_start, window.latest_start) for window in task.windows] == [
            (14 * HOUR, 15 * HOUR)
        ]

    def test_a_follow_up_by_telephone_is_on_no_route(self, clinic: Clinic) -> None:
        first = session(clinic, clinic.order(), 1, DAY - timedelta(days=1))
        clinic.visit(
            kind=VisitKind.CALL, follows_visit_id=first.id, follows_min=0, follows_max=1, follow_up_minutes=5
        )
        assert (load(clinic).problem.visits, load(clinic).left_out) == ((), ())


class TestNursesWeeks:
    def test_the_week_leaves_her_what_other_days_did_not_take(self, clinic: Clinic) -> None:
        ana = clinic.nurse("Ana", weekly_hours=20)
        clinic.nurse("Ben")
        # Nine hours on Wednesday; on Monday she came home two hours after her shift's end.
        published(clinic, ana, None, local(NEXT, 9), local(NEXT, 16))
        monday = DAY - timedelta(days=1)
        published(clinic, ana, None, local(monday, 9), local(monday, 19))
        published(clinic, ana, None, local(DAY - timedelta(days=2), 9), local(DAY - timedelta(days=2), 16))
        problem = load(clinic).problem
        assert problem.hour_limits == (HourLimit(nurse=f"n{ana.id}", start=0, end=24 * HOUR, max_seconds=0),)

    def test_rest_before_and_after(self, clinic: Clinic) -> None:
        ana = clinic.nurse("Ana", hours=((6, 0), (22, 0)))
        monday = DAY - timedelta(days=1)
        published(clinic, ana, None, local(monday, 9), local(monday, 21))
        published(clinic, ana, None, local(NEXT, 7), local(NEXT, 16))
        (shift,) = load(clinic).problem.shifts
        assert (shift.start, shift.latest_finish) == (8 * HOUR, 20 * HOUR)

    def test_no_time_for_rest(self, clinic: Clinic) -> None:
        ana = clinic.nurse("Ana", hours=((8, 0), (9, 0)))
        monday = DAY - timedelta(days=1)
        published(clinic, ana, None, local(monday, 9), local(monday, 23))
        loaded = load(clinic)
        assert loaded.problem.shifts == ()
        assert loaded.notes == (
            "Ana is not planned for: her shifts before and after leave no time for 11 h of rest.",
        )


def test_what_was_picked_up_is_the_shifts_stock(clinic: Clinic) -> None:
    ana, ben = clinic.nurse("Ana"), clinic.nurse("Ben")
    clinic.tx.add(Pickup(nurse_id=ana.id, day=DAY, item=VIAL, units=2))
    clinic.visit(clinic.protocol(kit=["IV kit"], drug_units=(DrugUnits(item=VIAL, units=1),)))
    shifts = {shift.nurse: shift for shift in load(clinic).problem.shifts}
    assert shifts[f"n{ana.id}"].stock == (
        Supply(item="IV kit", units=0),
        Supply(item=VIAL, units=2),
    )
    assert shifts[f"n{ben.id}"].stock == ()


def test_what_her_phone_recorded_is_the_shifts_stock(clinic: Clinic) -> None:
    """What is on file counts as far as she recorded no pickup; what a visit was to use is in the stock still,
    whatever it did use."""
    ana = clinic.nurse("Ana")
    nurse = clinic.as_nurse(ana)
    clinic.tx.add_all(Pickup(nurse_id=ana.id, day=DAY, item=item, units=9) for item in ("IV kit", VIAL))
    protocol = clinic.protocol(kit=["IV kit"], drug_units=(DrugUnits(item=VIAL, units=1),))
    visit = clinic.visit(protocol)
    published(clinic, ana, visit, local(DAY, 8), local(DAY, 16)).published_at = local(DAY, 0)

    def carries(*told: tuple[int, str, dict[str, object], int | None]) -> tuple[int, int]:
        at = local(DAY, 8)
        recorded = [event(seq, kind, at, says, visit=of, day=str(DAY)) for seq, kind, says, of in told]
        accept(clinic.tx, nurse, batch_of(batch(*recorded, sent_at=at)), at)
        (shift,) = load(clinic).problem.shifts
        return tuple(supply.units for supply in shift.stock)  # type: ignore[return-value]

    assert carries((1, "picked_up", {"item": VIAL, "units": 4}, None)) == (9, 4)
    assert carries((2, "used", {"item": VIAL, "units": 2}, visit.id)) == (9, 3)
    assert carries((3, "used", {"item": "IV kit", "units": 1}, visit.id)) == (9, 3)
    broken = {"item": VIAL, "units": 1, "witness": "Ben Ode", "reason": "broken"}
    assert carries((4, "wasted", broken, None)) == (9, 2)
    assert carries((5, "returned", {"item": VIAL, "units": 1, "to": "pharmacy"}, None)) == (9, 1)
