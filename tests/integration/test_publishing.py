"""Publishing: judged again, compared with today's records, put in place of the former plan, once."""

from __future__ import annotations

import copy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from app import clock
from app.actions import plans
from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.store.audit import entries
from app.store.engine import Database, Tx
from app.store.models import Credential, Nurse, Patient, PatientNurse, PlanRow, Region, StopRow, Visit
from app.store.models.patient import Standing
from app.store.models.pickup import Pickup
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitStatus
from tests.support.executions import replan
from tests.support.filled import filled
from tests.support.rows import DAY, PHASES, Clinic, local

NOW = local(DAY, 3) - timedelta(days=1)
KIT = "IV start kit"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: NOW)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A draft of two visits: one by Ana alone at 9:00, one by Ana and Ben at 13:00. The second takes a kit,
    and each of them has picked up two.

    Cleo, who holds nothing, is idle; a third visit asks for what nobody holds, and is left out.
    """

    database: Database
    dispatcher: Actor
    nurse: Actor
    alone: int
    pair: int
    left_out: int
    draft: int

    def publish(self, plan_id: int | None = None) -> None:
        with self.database.begin() as tx:
            plans.publish(tx, self.dispatcher, plan_id or self.draft)

    def refusal(self) -> str:
        with pytest.raises(ActionError) as refused:
            self.publish()
        with self.database.begin() as tx:
            assert tx.get_one(PlanRow, self.draft).status is PlanStatus.DRAFT
        return str(refused.value)

    def status(self, plan_id: int) -> PlanStatus:
        with self.database.begin() as tx:
            return tx.get_one(PlanRow, plan_id).status

    def replan(self) -> int:
        return replan(self.database, DAY, NOW)


@pytest.fixture
def planned(database: Database) -> Planned:
    return replace(filled(database, drafted), database=database)


def drafted(database: Database) -> Planned:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        ana, ben, _ = clinic.nurse("Ana"), clinic.nurse("Ben"), clinic.nurse("Cleo", holds=())
        alone = clinic.visit(windows=(((9, 0), (9, 30), (12, 0)),))
        pair = clinic.visit(clinic.protocol(staff=2, kit=[KIT]), windows=(((13, 0), (14, 0), None),))
        tx.add_all(Pickup(nurse_id=each.id, day=DAY, item=KIT, units=2) for each in (ana, ben))
        left_out = clinic.visit(clinic.protocol(asks=["pediatrics"]))
        dispatcher, nurse = clinic.dispatcher(), clinic.as_nurse(ana)
    return Planned(
        database=database,
        dispatcher=dispatcher,
        nurse=nurse,
        alone=alone.id,
        pair=pair.id,
        left_out=left_out.id,
        draft=replan(database, DAY, NOW),
    )


class TestPublish:
    """A sound draft becomes the plan that nurses see."""

    def test_it_is_published_by_whom_and_when(self, planned: Planned) -> None:
        planned.publish()
        with planned.database.begin() as tx:
            plan = tx.get_one(PlanRow, planned.draft)
            assert (plan.status, plan.published_at) == (PlanStatus.PUBLISHED, NOW)
            assert plan.published_by == planned.dispatcher.user_id
            (entry,) = entries(tx, subject="plans", user_id=planned.dispatcher.user_id)
            assert (entry.action, entry.subject_id) == ("publish", str(planned.draft))

    def test_it_takes_the_place_of_the_former(self, planned: Planned) -> None:
        planned.publish()
        newer = planned.replan()
        assert planned.status(planned.draft) is PlanStatus.PUBLISHED
        planned.publish(newer)
        assert planned.status(planned.draft) is PlanStatus.SUPERSEDED
        assert planned.status(newer) is PlanStatus.PUBLISHED

    def test_not_twice(self, planned: Planned) -> None:
        planned.publish()
        with pytest.raises(ActionError, match="is published already"):
            planned.publish()

    def test_not_what_a_newer_draft_replaced(self, planned: Planned) -> None:
        planned.replan()
        with pytest.raises(ActionError, match="has been replaced or discarded"):
            planned.publish()

    def test_not_by_a_nurse(self, planned: Planned) -> None:
        with planned.database.begin() as tx, pytest.raises(ActionError, match="Only a dispatcher"):
            plans.publish(tx, planned.nurse, planned.draft)

    def test_not_another_regions(self, planned: Planned) -> None:
        with planned.database.begin() as tx:
            stranger = Clinic.make(tx, "portland").dispatcher()
        with planned.database.begin() as tx, pytest.raises(ActionError, match="There is no plan"):
            plans.publish(tx, stranger, planned.draft)

    def test_not_once_the_day_is_over(self, planned: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clock, "read", lambda: local(DAY, 23) + timedelta(hours=1))
        assert "Tue, Jun 11 is over" in planned.refusal()

    def test_many_at_once_publish_once(self, planned: Planned) -> None:
        def publish(_: int) -> bool:
            try:
                planned.publish()
            except ActionError as error:
                assert "is published already" in str(error)
                return False
            return True

        with ThreadPoolExecutor(6) as pool:
            assert sum(pool.map(publish, range(6))) == 1
        assert planned.status(planned.draft) is PlanStatus.PUBLISHED

    def test_publishing_while_a_run_stores_its_draft_leaves_one_of_each(self, planned: Planned) -> None:
        def publish() -> None:
            try:
                planned.publish()
            except ActionError as error:
                assert "has been replaced" in str(error)

        with ThreadPoolExecutor(2) as pool:
            storing, publishing = pool.submit(planned.replan), pool.submit(publish)
            newer = storing.result()
            publishing.result()
        assert planned.status(newer) is PlanStatus.DRAFT
        assert planned.status(planned.draft) in (PlanStatus.PUBLISHED, PlanStatus.SUPERSEDED)

    def test_discarded_it_can_no_longer_be_published(self, planned: Planned) -> None:
        with planned.database.begin() as tx:
            plans.discard(tx, planned.dispatcher, planned.draft)
        with pytest.raises(ActionError, match="has been replaced or discarded"):
            planned.publish()


class TestTampered:
    """What is stored is judged again, by the referee and against what nurses would see."""

    def change(self, planned: Planned, column: str, edit: Callable[[dict], object]) -> None:
        with planned.database.begin() as tx:
            row = tx.get_one(PlanRow, planned.draft)
            changed = copy.deepcopy(getattr(row, column))
            edit(changed)
            setattr(row, column, changed)

    def test_monitoring_cut_short(self, planned: Planned) -> None:
        def shorten(plan: dict) -> None:
            plan["routes"][0]["stops"][0]["end"] -= 600

        self.change(planned, "plan", shorten)
        assert "breaks the rules" in planned.refusal() and "duration" in planned.refusal()

    def test_a_drive_made_longer(self, planned: Planned) -> None:
        def slow_down(travel: dict) -> None:
            travel["seconds"] = [[7200 * (s > 0) for s in row] for row in travel["seconds"]]

        self.change(planned, "travel_seconds", slow_down)
        assert "travel_time" in planned.refusal()

    def test_a_credential_asked_for(self, planned: Planned) -> None:
        def ask(problem: dict) -> None:
            problem["visits"][0]["modes"][0]["tasks"][0]["credentials"] = ["chemotherapy"]

        self.change(planned, "problem", ask)
        assert "credential" in planned.refusal()

    @pytest.mark.parametrize("column", ["problem", "plan", "travel_seconds"])
    def test_spoilt_evidence(self, planned: Planned, column: str) -> None:
        self.change(planned, column, dict.clear)
        assert "evidence cannot be read" in planned.refusal()

    def test_rows_that_say_something_else(self, planned: Planned) -> None:
        with planned.database.begin() as tx:
            stop = tx.get_one(StopRow, 1)
            stop.start += timedelta(minutes=30)
        assert "not those of the plan that was checked" in planned.refusal()

    def test_a_row_taken_away(self, planned: Planned) -> None:
        with planned.database.begin() as tx:
            tx.delete(tx.get_one(StopRow, 1))
        assert "not those of the plan that was checked" in planned.refusal()


def nurse(tx: Tx, name: str) -> Nurse:
    return next(each for each in tx.query(Nurse) if each.name == name)


def cancel(tx: Tx, planned: Planned) -> None:
    tx.get_one(Visit, planned.alone).status = VisitStatus.CANCELLED


def move(tx: Tx, planned: Planned) -> None:
    tx.get_one(Visit, planned.pair).day = date(2030, 6, 12)


def deactivate_patient(tx: Tx, planned: Planned) -> None:
    tx.get_one(Visit, planned.alone).patient.active = False


def book(tx: Tx, planned: Planned) -> None:
    Clinic(tx=tx, region=tx.get_one(Region, 1), _numbers={"K": 10, "P": 10, "V": 10}).visit()


def give_off(tx: Tx, planned: Planned) -> None:
    Clinic(tx=tx, region=tx.get_one(Region, 1)).off(nurse(tx, "Ben"))


def shorten_hours(tx: Tx, planned: Planned) -> None:
    Clinic(tx=tx, region=tx.get_one(Region, 1)).other_hours(nurse(tx, "Ben"), (8, 0), (14, 0))


def shift_hours_later(tx: Tx, planned: Planned) -> None:
    Clinic(tx=tx, region=tx.get_one(Region, 1)).other_hours(nurse(tx, "Ana"), (11, 0), (20, 0))


def add_break(tx: Tx, planned: Planned) -> None:
    for shift in nurse(tx, "Ana").weekly_shifts:
        shift.break_minutes, shift.break_earliest, shift.break_latest = 30, time(11, 45), time(12, 30)


def expire(tx: Tx, planned: Planned) -> None:
    nurse(tx, "Ben").credentials[0].expires_on = DAY - timedelta(days=1)


def limit_to_ohio(tx: Tx, planned: Planned) -> None:
    """Ben's license turns out to be for Ohio only, and the patient of the second visit lives in Kentucky."""
    nurse(tx, "Ben").credentials[0].states = "OH"
    tx.get_one(Region, 1).state = "OH"
    tx.get_one(Visit, planned.pair).patient.state = "KY"


def bar(tx: Tx, planned: Planned) -> None:
    patient_id = tx.get_one(Visit, planned.alone).patient_id
    tx.add(PatientNurse(patient_id=patient_id, nurse_id=nurse(tx, "Ana").id, standing=Standing.BARRED))


def narrow(tx: Tx, planned: Planned) -> None:
    tx.get_one(Visit, planned.alone).windows[0].latest_end = local(DAY, 11, 10)


def later_window(tx: Tx, planned: Planned) -> None:
    tx.get_one(Visit, planned.alone).windows[0].earliest_start = local(DAY, 9, 20)


def pin_elsewhere(tx: Tx, planned: Planned) -> None:
    tx.get_one(Visit, planned.alone).pinned_nurse = nurse(tx, "Ben")


def limit_visits(tx: Tx, planned: Planned) -> None:
    nurse(tx, "Ana").max_visits = 1


def move_house(tx: Tx, planned: Planned) -> None:
    tx.get_one(Visit, planned.alone).patient.longitude += 0.05


def move_nurse(tx: Tx, planned: Planned) -> None:
    nurse(tx, "Ben").latitude += 0.05


def another_patient(tx: Tx, planned: Planned) -> None:
    visit = tx.get_one(Visit, planned.alone)
    visit.patient = (
        Clinic(tx=tx, region=tx.get_one(Region, 1), _numbers={"K": 10, "P": 10, "V": 10})
        .visit(status=VisitStatus.CANCELLED)
        .patient
    )


def book_otherwise(tx: Tx, planned: Planned, **says: Any) -> None:
    """The visit is moved to a version that says something else."""
    clinic = Clinic(tx=tx, region=tx.get_one(Region, 1), _numbers={"K": 10})
    tx.get_one(Visit, planned.alone).version = clinic.protocol(**says).newest


def swap_phases(tx: Tx, planned: Planned) -> None:
    longer = {"infusion": 10, "monitoring": -10}
    book_otherwise(tx, planned, phases=[(kind, minutes + longer.get(kind, 0)) for kind, minutes in PHASES])


def need_two(tx: Tx, planned: Planned) -> None:
    book_otherwise(tx, planned, staff=2)


def pick_up_less(tx: Tx, planned: Planned) -> None:
    for pickup in tx.query(Pickup):
        pickup.units = 0


def pick_up_something_else(tx: Tx, planned: Planned) -> None:
    """Who has picked up anything has none of what that does not name."""
    for pickup in tx.query(Pickup):
        pickup.item = "Ketamine 500 mg vial"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (cancel, "Visit V01 has been cancelled or moved to another day."),
        (move, "Visit V02 has been cancelled or moved to another day."),
        (deactivate_patient, "Visit V01 cannot be planned any more. The patient is no longer active"),
        (book, "Visit V11 has been booked or changed since, and has no place in this plan."),
        (give_off, "Ben does not work on Tue, Jun 11 any more."),
        (shorten_hours, "Ben's hours on Tue, Jun 11 have changed."),
        (shift_hours_later, "Ana's hours on Tue, Jun 11 have changed."),
        (add_break, "Ana's break on Tue, Jun 11 has changed."),
        (expire, "Ben lacks iv (expired on Mon, Jun 10), which visit V02 asks for on Tue, Jun 11."),
        (limit_to_ohio, "Ben lacks iv valid in Kentucky (counts in Ohio only), which visit V02 asks for"),
        (bar, "Ana must no longer do visit V01."),
        (narrow, "It lasts 135 min"),
        (later_window, "The time windows of visit V01 have changed."),
        (pin_elsewhere, "Visit V01 has been pinned otherwise."),
        (limit_visits, "Ana may now do fewer visits a day."),
        (move_house, "Visit V01 has another place on the map."),
        (move_nurse, "Ben's home has another place on the map."),
        (another_patient, "Visit V01 has another place on the map."),
        (swap_phases, "The phases of visit V01 have changed."),
        (need_two, "The number of nurses for visit V01 has changed."),
        (pick_up_less, "does not carry enough on Tue, Jun 11 any more for the visits planned."),
        (pick_up_something_else, "does not carry enough on Tue, Jun 11 any more for the visits planned."),
    ],
)
def test_a_draft_that_no_longer_fits_is_refused(
    planned: Planned, change: Callable[[Tx, Planned], None], told: str
) -> None:
    with planned.database.begin() as tx:
        change(tx, planned)
    refusal = planned.refusal()
    assert f"Plan {planned.draft} is not published: it no longer fits. " in refusal
    assert told in refusal
    assert refusal.endswith("Re-plan the day, then publish.")
    assert "Mara Quill" not in refusal


def forget_left_out(tx: Tx, planned: Planned) -> None:
    tx.get_one(Visit, planned.left_out).status = VisitStatus.CANCELLED


def idle_nurse_off(tx: Tx, planned: Planned) -> None:
    Clinic(tx=tx, region=tx.get_one(Region, 1)).off(nurse(tx, "Cleo"))


def widen(tx: Tx, planned: Planned) -> None:
    tx.get_one(Visit, planned.alone).windows[0].latest_start = local(DAY, 9, 45)


def learn(tx: Tx, planned: Planned) -> None:
    tx.add(Credential(nurse_id=nurse(tx, "Cleo").id, kind="iv", valid_from=date(2020, 1, 1)))


def pick_up_no_more_than_is_used(tx: Tx, planned: Planned) -> None:
    for pickup in tx.query(Pickup):
        pickup.units = 1


def limit_to_where_they_go(tx: Tx, planned: Planned) -> None:
    nurse(tx, "Ben").credentials[0].states = "IN KY OH"
    tx.get_one(Visit, planned.pair).patient.state = "KY"


def correct_phone(tx: Tx, planned: Planned) -> None:
    for patient in tx.query(Patient):
        patient.phone, patient.access_notes = "(614) 555-0101", "Ring twice."


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "change",
    [
        forget_left_out,
        idle_nurse_off,
        widen,
        learn,
        pick_up_no_more_than_is_used,
        limit_to_where_they_go,
        correct_phone,
    ],
)
def test_a_harmless_change_does_not_stand_in_the_way(
    planned: Planned, change: Callable[[Tx, Planned], None]
) -> None:
    with planned.database.begin() as tx:
        change(tx, planned)
    planned.publish()
    assert planned.status(planned.draft) is PlanStatus.PUBLISHED


def test_after_a_replan_the_changed_day_can_be_published(planned: Planned) -> None:
    with planned.database.begin() as tx:
        cancel(tx, planned)
    planned.refusal()
    planned.publish(planned.replan())


def test_many_changes_are_counted(planned: Planned) -> None:
    with planned.database.begin() as tx:
        clinic = Clinic(tx=tx, region=tx.get_one(Region, 1), _numbers={"K": 10, "P": 10, "V": 10})
        for _ in range(7):
            clinic.visit()
    refusal = planned.refusal()
    assert refusal.count("booked or changed since") == plans.MOST_CHANGES_TOLD
    assert "And 3 more." in refusal


class TestCheckPlan:
    """The referee's word, for the command line."""

    def verdict(self, planned: Planned, status: PlanStatus) -> plans.Verdict | None:
        with planned.database.begin() as tx:
            return plans.check_plan(tx, tx.get_one(Region, 1), DAY, status)

    def test_sound(self, planned: Planned) -> None:
        verdict = self.verdict(planned, PlanStatus.DRAFT)
        assert verdict is not None and verdict.sound and verdict.plan_id == planned.draft

    def test_none(self, planned: Planned) -> None:
        assert self.verdict(planned, PlanStatus.PUBLISHED) is None

    def test_a_published_plan_that_no_longer_fits(self, planned: Planned) -> None:
        planned.publish()
        with planned.database.begin() as tx:
            cancel(tx, planned)
        verdict = self.verdict(planned, PlanStatus.PUBLISHED)
        assert verdict is not None and not verdict.sound
        assert (verdict.faults, len(verdict.changes)) == ((), 1)
