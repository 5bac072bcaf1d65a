"""Booking a slot: offered, judged again under a lock, drafted; by two at once, by a double click."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from threading import Barrier

import pytest

from app import clock
from app.actions import booking, plans, runs
from app.actions.actor import Actor
from app.actions.booking import Asked, Booked, Choice, Offer, SlotGoneError
from app.actions.errors import ActionError
from app.actions.records.content import WindowContent
from app.engines import make_travel
from app.store.audit import entries
from app.store.engine import Database
from app.store.mapping import evidence_of
from app.store.models import Nurse, Patient, PlanRow, Region, Visit
from app.store.models.plan import PlanStatus
from app.store.models.protocol import FollowUp
from app.store.models.run import RunTrigger
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries import plans as queries
from scheduler.check import check
from scheduler.explain import Series, SeriesRules, cheapest_series
from tests.support.executions import replan
from tests.support.filled import filled
from tests.support.rows import DAY, Clinic, local

DAY_AFTER = FollowUp(offset_hours=24, window_hours=4, in_person=True, minutes=20, mania_check=False)
NOW = local(DAY, 3) - timedelta(days=1)
WINDOW = WindowContent(earliest_start=time(8), latest_start=time(14), latest_end=time(18))


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: NOW)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A clinic of two nurses, a draft of DAY with one visit at nine, and a patient to be booked."""

    database: Database
    dispatcher: Actor
    nurse: Actor
    asked: Asked
    booked: int

    def offer(self, *days: date) -> Offer:
        with self.database.begin() as tx:
            region = tx.get_one(Region, self.dispatcher.region_id)
            return booking.offer(tx, self.dispatcher, region, self.asked, days or (DAY,), make_travel)

    def book(self, *choices: Choice, request: str = "", actor: Actor | None = None) -> Booked:
        with self.database.begin() as tx:
            region = tx.get_one(Region, self.dispatcher.region_id)
            return booking.book(
                tx,
                actor or self.dispatcher,
                region,
                self.asked,
                choices,
                request or booking.new_request(),
                make_travel,
            )

    def draft(self, day: date = DAY) -> PlanRow | None:
        with self.database.begin() as tx:
            row = queries.of_day(tx, self.dispatcher.region_id, day, PlanStatus.DRAFT)
            return None if row is None else queries.by_id(tx, row.id, row.region_id)

    def visits(self) -> int:
        with self.database.begin() as tx:
            return tx.query(Visit).count()


@pytest.fixture
def desk(database: Database) -> Desk:
    return replace(filled(database, drafted), database=database)


def drafted(database: Database) -> Desk:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        ana, _ = clinic.nurse("Ana"), clinic.nurse("Ben", east=0.2)
        protocol = clinic.protocol()
        booked = clinic.visit(protocol, windows=(((9, 0), (9, 0), (12, 0)),))
        other = clinic.visit(protocol, day=DAY - timedelta(days=30), east=0.02)
        dispatcher, nurse = clinic.dispatcher(), clinic.as_nurse(ana)
        asked = Asked(patient=other.patient.code, protocol=protocol.code, windows=(WINDOW,))
    replan(database, DAY, NOW)
    return Desk(database=database, dispatcher=dispatcher, nurse=nurse, asked=asked, booked=booked.id)


def sound(desk: Desk, day: date = DAY) -> bool:
    with desk.database.begin() as tx:
        region = tx.get_one(Region, desk.dispatcher.region_id)
        verdict = plans.check_plan(tx, region, day, PlanStatus.DRAFT)
    return verdict is not None and verdict.sound


class TestOffer:
    """The best slots of the days, or why there are none."""

    def test_slots_come_with_their_day_and_nurse(self, desk: Desk) -> None:
        offer = desk.offer()
        lines = [booking.line_of(offer, slot) for slot in offer.slots]
        assert {line.nurses for line in lines} == {"Ana", "Ben"}
        assert lines[0].nurses == "Ana"
        assert all(line.planned and line.day == DAY for line in lines)
        assert [slot.added for slot in offer.slots] == sorted(slot.added for slot in offer.slots)

    def test_visits_start_on_full_minutes(self, desk: Desk) -> None:
        assert all(slot.start.second == 0 for slot in desk.offer(DAY, DAY + timedelta(days=1)).slots)

    def test_nothing_is_stored(self, desk: Desk) -> None:
        before = desk.draft(), desk.visits()
        desk.offer()
        after = desk.draft(), desk.visits()
        assert before[0] is not None and after[0] is not None
        assert (before[0].id, before[1]) == (after[0].id, after[1])

    def test_what_was_read_is_audited(self, desk: Desk) -> None:
        desk.offer()
        with desk.database.begin() as tx:
            (patient,) = entries(tx, subject="patients", user_id=desk.dispatcher.user_id)
            (visits,) = entries(tx, subject="visits", user_id=desk.dispatcher.user_id)
        assert (patient.action, patient.detail) == ("read", "slots")
        assert (visits.action, visits.detail) == ("read", "slots of 1 days: 1 visits")

    def test_a_day_that_is_not_planned_has_the_slots_of_its_shifts(self, desk: Desk) -> None:
        tomorrow = DAY + timedelta(days=1)
        offer = desk.offer(tomorrow)
        assert offer.unplanned == [tomorrow]
        assert {slot.opening.nurses[0] for slot in offer.slots} == {"n1", "n2"}

    def test_today_and_earlier_are_closed(self, desk: Desk) -> None:
        (closed,) = desk.offer(NOW.date()).closed
        assert "from tomorrow on" in closed.reason

    def test_a_day_of_a_visit_of_the_patient_is_closed(self, desk: Desk) -> None:
        desk.book(Choice.of(desk.offer().slots[0]))
        (closed,) = desk.offer().closed
        assert "that day already" in closed.reason

    def test_a_day_that_is_being_planned_is_closed(self, desk: Desk) -> None:
        with desk.database.begin() as tx:
            runs.queue(tx, tx.get_one(Region, 1), DAY, RunTrigger.REPLAN, now=NOW)
        (closed,) = desk.offer().closed
        assert "is being planned just now" in closed.reason

    def test_a_day_whose_plan_no_longer_fits_is_closed(self, desk: Desk) -> None:
        with desk.database.begin() as tx:
            visit = tx.get_one(Visit, desk.booked)
            for window in visit.windows:
                window.earliest_start = window.latest_start = local(DAY, 9, 30)
        (closed,) = desk.offer().closed
        assert "no longer fits the records" in closed.reason

    def test_a_day_with_a_visit_that_cannot_be_planned_any_more_is_closed(self, desk: Desk) -> None:
        with desk.database.begin() as tx:
            tx.get_one(Visit, desk.booked).patient.active = False
        (closed,) = desk.offer().closed
        assert "no longer fits the records" in closed.reason

    def test_a_cancelled_visit_makes_room(self, desk: Desk) -> None:
        with desk.database.begin() as tx:
            tx.get_one(Visit, desk.booked).status = VisitStatus.CANCELLED
        desk.book(Choice.of(desk.offer().slots[0]))
        draft = desk.draft()
        assert draft is not None and draft.visits_served == 1
        assert sound(desk)

    def test_a_day_without_room_says_why(self, desk: Desk) -> None:
        with desk.database.begin() as tx:
            for nurse in tx.query(Nurse):
                nurse.credentials = []
        (closed,) = desk.offer(DAY + timedelta(days=1)).closed
        assert closed.reason.startswith("No nurse working that day holds iv")

    def test_unknown_codes_are_refused(self, desk: Desk) -> None:
        with desk.database.begin() as tx, pytest.raises(ActionError, match="no patient 'P99'"):
            region = tx.get_one(Region, 1)
            asked = Asked(patient="P99", protocol=desk.asked.protocol, windows=(WINDOW,))
            booking.offer(tx, desk.dispatcher, region, asked, [DAY], make_travel)

    def test_a_nurse_is_refused(self, desk: Desk) -> None:
        with desk.database.begin() as tx, pytest.raises(ActionError, match="Only a dispatcher"):
            region = tx.get_one(Region, 1)
            booking.offer(tx, desk.nurse, region, desk.asked, [DAY], make_travel)


class TestBook:
    """The visit is stored and is in the day's draft, which the referee has found sound."""

    def test_the_visit_is_in_the_draft_at_its_time(self, desk: Desk) -> None:
        slot = desk.offer().slots[0]
        (visit,) = desk.book(Choice.of(slot)).visits
        draft = desk.draft()
        assert draft is not None
        stops = [(stop.visit_id, stop.start) for route in draft.routes for stop in route.stops]
        assert (visit.id, slot.start) in stops
        assert len(stops) == 2
        assert sound(desk)

    def test_the_plan_costs_what_the_slot_said(self, desk: Desk) -> None:
        slot, before = desk.offer().slots[0], desk.draft()
        desk.book(Choice.of(slot))
        after = desk.draft()
        assert before is not None and after is not None
        assert after.cost == before.cost + slot.added

    def test_the_published_plan_stays_and_a_draft_is_made_from_it(self, desk: Desk) -> None:
        draft = desk.draft()
        assert draft is not None
        with desk.database.begin() as tx:
            plans.publish(tx, desk.dispatcher, draft.id)
        desk.book(Choice.of(desk.offer().slots[0]))
        with desk.database.begin() as tx:
            published = queries.of_day(tx, 1, DAY, PlanStatus.PUBLISHED)
            assert published is not None and published.id == draft.id
        assert sound(desk)

    def test_planning_again_keeps_what_was_booked(self, desk: Desk) -> None:
        slot = desk.offer().slots[0]
        (visit,) = desk.book(Choice.of(slot)).visits
        replan(desk.database, DAY, NOW)
        draft = desk.draft()
        assert draft is not None
        stops = [(route.nurse_id, stop) for route in draft.routes for stop in route.stops]
        (booked,) = ((nurse, stop.start) for nurse, stop in stops if stop.visit_id == visit.id)
        assert booked == (int(slot.opening.nurses[0][1:]), slot.start)

    def test_on_a_day_without_a_plan_the_pin_keeps_the_slot(self, desk: Desk) -> None:
        tomorrow = DAY + timedelta(days=1)
        first = desk.offer(tomorrow).slots[0]
        booked = desk.book(Choice.of(first))
        assert booked.drafts == {} and desk.draft(tomorrow) is None
        other = _of_another_patient(desk)
        assert Choice.of(first) not in [Choice.of(slot) for slot in other.offer(tomorrow).slots]
        with pytest.raises(SlotGoneError):
            other.book(Choice.of(first))

    def test_a_slot_that_was_taken_is_gone_and_nothing_is_stored(self, desk: Desk) -> None:
        choice = Choice.of(desk.offer().slots[0])
        desk.book(choice)
        other, before = _of_another_patient(desk), desk.visits()
        with pytest.raises(SlotGoneError, match="is gone"):
            other.book(choice)
        assert desk.visits() == before
        assert other.offer().slots

    def test_a_double_click_books_once(self, desk: Desk) -> None:
        choice, request = Choice.of(desk.offer().slots[0]), booking.new_request()
        first = desk.book(choice, request=request)
        again = desk.book(choice, request=request)
        assert [visit.id for visit in again.visits] == [visit.id for visit in first.visits]
        assert (first.again, again.again) == (False, True)

    def test_a_request_books_for_one_patient(self, desk: Desk) -> None:
        choice, request = Choice.of(desk.offer().slots[0]), booking.new_request()
        desk.book(choice, request=request)
        with pytest.raises(ActionError, match="booked something else"):
            _of_another_patient(desk).book(choice, request=request)

    def test_a_made_up_request_is_refused(self, desk: Desk) -> None:
        with pytest.raises(ActionError, match="request id"):
            desk.book(Choice.of(desk.offer().slots[0]), request="1")

    def test_it_is_audited(self, desk: Desk) -> None:
        (visit,) = desk.book(Choice.of(desk.offer().slots[0])).visits
        with desk.database.begin() as tx:
            (written,) = entries(tx, subject="visits", subject_id=str(visit.id))
            assert (written.action, written.user_id) == ("write", desk.dispatcher.user_id)
            assert [e.action for e in entries(tx, subject="plans", user_id=desk.dispatcher.user_id)] == [
                "book"
            ]

    @pytest.mark.parametrize("text", ["", "tomorrow", "2030-06-11/throughout/x/1", "2030-06-11/a/1/9e99"])
    def test_a_made_up_slot_is_refused(self, text: str) -> None:
        with pytest.raises(ActionError, match="is no slot"):
            Choice.parse(text)

    def test_a_choice_survives_the_form(self, desk: Desk) -> None:
        choice = Choice.of(desk.offer().slots[0])
        assert Choice.parse(choice.text) == choice


class TestOrders:
    """Sessions of a prescriber's order: within its rules, numbered, with their follow-ups."""

    @pytest.fixture
    def ordered(self, desk: Desk) -> Desk:
        with desk.database.begin() as tx:
            clinic = Clinic(tx=tx, region=tx.get_one(Region, 1), _numbers={"K": 50, "P": 50})
            protocol = clinic.protocol(follow_ups=(DAY_AFTER,))
            order = clinic.order(protocol, sessions=3)
            patient = order.patient.code
        asked = replace(desk.asked, patient=patient, protocol=protocol.code, order=order.code)
        return replace(desk, asked=asked)

    def test_sessions_are_numbered_and_followed_up(self, ordered: Desk) -> None:
        first, then = (ordered.offer(DAY + timedelta(days=number)).slots[0] for number in (1, 3))
        booked = ordered.book(Choice.of(then), Choice.of(first))
        assert [(visit.day, visit.session) for visit in booked.visits] == [(first.day, 1), (then.day, 2)]
        with ordered.database.begin() as tx:
            kinds = [visit.kind for visit in tx.query(Visit).filter(Visit.follows_visit_id.is_not(None))]
        assert kinds == [VisitKind.FOLLOW_UP] * 2

    def test_the_spacing_to_earlier_sessions_counts(self, ordered: Desk) -> None:
        ordered.book(Choice.of(ordered.offer(DAY + timedelta(days=1)).slots[0]))
        near = ordered.offer(DAY + timedelta(days=2)).slots[0]
        with pytest.raises(ActionError, match="asks for 48 to 96 h from start to start"):
            ordered.book(Choice.of(near))
        with ordered.database.begin() as tx:
            before = booking.session_before(tx, tx.get_one(Region, 1), ordered.asked, near.day)
        assert before is not None and before < near.start

    @pytest.mark.parametrize(
        ("number", "fault"), [(4, "does not allow Sat, Jun 15"), (60, "does not allow Sat, Aug 10")]
    )
    def test_days_that_the_order_does_not_allow_are_refused(
        self, ordered: Desk, number: int, fault: str
    ) -> None:
        slot = ordered.offer(DAY + timedelta(days=number)).slots[0]
        with pytest.raises(ActionError, match=fault):
            ordered.book(Choice.of(slot))

    def test_the_order_is_for_its_patient(self, ordered: Desk, desk: Desk) -> None:
        stranger = replace(desk, asked=replace(desk.asked, order=ordered.asked.order))
        with pytest.raises(ActionError, match="is for patient"):
            stranger.book(Choice.of(stranger.offer().slots[0]))

    def test_no_more_than_the_order_says(self, ordered: Desk) -> None:
        slots = [ordered.offer(DAY + timedelta(days=number)).slots[0] for number in (0, 2, 6, 8)]
        with pytest.raises(ActionError, match="3 of them are left to book"):
            ordered.book(*map(Choice.of, slots))


class TestGates:
    """A visit whose gates are closed is booked, and waits: it is in no draft before they are open."""

    def test_it_says_what_is_missing(self, desk: Desk) -> None:
        with desk.database.begin() as tx:
            clinic = Clinic(tx=tx, region=tx.get_one(Region, 1), _numbers={"K": 50})
            protocol = clinic.protocol(adult_hours=4).code
        waiting = replace(desk, asked=replace(desk.asked, protocol=protocol))
        booked = waiting.book(Choice.of(waiting.offer().slots[0]))
        assert booked.drafts == {}
        assert "No responsible adult is named" in booked.waiting[DAY]


class TestHandOver:
    """A visit that may be handed over is offered to two nurses too, and booked for both."""

    def test_it_is_booked_as_it_was_offered(self, database: Database) -> None:
        with database.begin() as tx:
            clinic = Clinic.make(tx)
            clinic.nurse("Ana", hours=((8, 0), (10, 0)), max_overtime_min=0)
            clinic.nurse("Mel", holds=("watch",))
            protocol = clinic.protocol(
                asks=(),
                for_phases={"infusion": ("iv",), "monitoring": ("watch",)},
                hand_over=True,
                overlap_minutes=5,
            )
            other = clinic.visit(clinic.protocol(asks=()), windows=(((14, 0), (14, 0), None),))
            patient = clinic.visit(protocol, day=DAY - timedelta(days=30), east=0.02).patient
            dispatcher, nurse = clinic.dispatcher(), clinic.dispatcher()
            asked = Asked(patient=patient.code, protocol=protocol.code, windows=(WINDOW,))
        replan(database, DAY, NOW)
        desk = Desk(database=database, dispatcher=dispatcher, nurse=nurse, asked=asked, booked=other.id)
        offer = desk.offer()
        slot = offer.slots[0]
        assert (slot.opening.mode, len(slot.opening.nurses)) == ("hand-over", 2)
        assert booking.line_of(offer, slot).nurses == "Ana, then Mel"
        (visit,) = desk.book(Choice.of(slot)).visits
        draft = desk.draft()
        assert draft is not None and sound(desk)
        stops = [stop for route in draft.routes for stop in route.stops if stop.visit_id == visit.id]
        assert len(stops) == 2 and min(stop.start for stop in stops) == slot.start


class TestSeries:
    """Several sessions at once, all or none."""

    def test_each_part_of_a_day_has_its_slots(self, desk: Desk) -> None:
        with desk.database.begin() as tx:
            region, tomorrow = tx.get_one(Region, 1), [DAY + timedelta(days=1)]
            offer = booking.offer(tx, desk.dispatcher, region, desk.asked, tomorrow, make_travel, varied=True)
        zone = offer.days[tomorrow[0]].loaded.today.zone
        hours = {slot.start.astimezone(zone).hour for slot in offer.slots}
        assert min(hours) < 11 and hours & {11, 12, 13} and max(hours) >= 14

    def test_all_dates_are_booked(self, desk: Desk) -> None:
        days = [DAY + timedelta(days=number) for number in range(6)]
        rules = SeriesRules(sessions=3, min_s=48 * 3600, max_s=96 * 3600)
        series = cheapest_series(desk.offer(*days).slots, rules)
        assert isinstance(series, Series)
        booked = desk.book(*map(Choice.of, series.slots))
        assert [visit.day for visit in booked.visits] == [slot.day for slot in series.slots]
        assert len({visit.code for visit in booked.visits}) == 3

    def test_none_is_booked_where_one_is_gone(self, desk: Desk) -> None:
        tomorrow = DAY + timedelta(days=1)
        first, then = (desk.offer(day).slots[0] for day in (DAY, tomorrow))
        _of_another_patient(desk).book(Choice.of(then))
        before = desk.draft(), desk.visits()
        with pytest.raises(SlotGoneError):
            desk.book(Choice.of(first), Choice.of(then))
        after = desk.draft(), desk.visits()
        assert before[0] is not None and after[0] is not None
        assert (before[0].id, before[1]) == (after[0].id, after[1])


def test_of_two_dispatchers_at_the_same_moment_exactly_one_gets_the_slot(desk: Desk) -> None:
    choice, other = Choice.of(desk.offer().slots[0]), _of_another_patient(desk)
    together = Barrier(2)

    def book(who: Desk) -> bool:
        together.wait()
        try:
            who.book(choice)
        except SlotGoneError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        got = list(pool.map(book, (desk, other)))
    assert sorted(got) == [False, True]
    assert sound(desk)
    draft = desk.draft()
    assert draft is not None
    evidence = evidence_of(draft)
    assert check(evidence.problem, evidence.matrix, evidence.plan).feasible
    assert draft.visits_served == 2


def test_of_two_clicks_at_the_same_moment_one_books(desk: Desk) -> None:
    choice, request = Choice.of(desk.offer().slots[0]), booking.new_request()
    together = Barrier(2)

    def book(_: int) -> bool:
        together.wait()
        return desk.book(choice, request=request).again

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(book, range(2))) == [False, True]
    assert sound(desk)


def _of_another_patient(desk: Desk) -> Desk:
    """The same desk, asking for a patient next door."""
    with desk.database.begin() as tx:
        first = tx.query(Patient).filter_by(code=desk.asked.patient).one()
        other = Patient(
            region_id=first.region_id,
            code="P77",
            name="Nell Astor",
            address="4 Invented Street",
            latitude=first.latitude,
            longitude=first.longitude,
        )
        tx.add(other)
    asked = Asked(patient="P77", protocol=desk.asked.protocol, windows=desk.asked.windows)
    return Desk(
        database=desk.database,
        dispatcher=desk.dispatcher,
        nurse=desk.nurse,
        asked=asked,
        booked=desk.booked,
    )
