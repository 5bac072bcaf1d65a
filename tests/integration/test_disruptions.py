"""Something happens on a published day: a proposal, and what its publication makes of the records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from app import clock
from app.actions import difference, disruptions, phones, plans, runs
from app.actions.actor import Actor
from app.actions.disruptions import Report
from app.actions.errors import ActionError
from app.actions.field import accept
from app.field.envelope import batch_of
from app.planning import execute
from app.store.audit import entries
from app.store.engine import Database
from app.store.mapping import ids
from app.store.mapping.field import spec_of
from app.store.mapping.field_day import field_day
from app.store.models import (
    AvailabilityException,
    DisruptionRow,
    Nurse,
    PlanRow,
    PushSubscription,
    Region,
    Run,
    Visit,
)
from app.store.models.disruption import DisruptionKind, DisruptionStatus
from app.store.models.nurse import Availability
from app.store.models.plan import PlanStatus
from app.store.models.run import RunStatus, RunTrigger
from app.store.models.visit import VisitStatus
from app.store.queries import disruptions as queries
from app.store.queries import phones as phone_queries
from app.store.queries import plans as plan_queries
from app.store.queries import users
from scheduler.explain import ChangeKind
from tests.support.executions import engines
from tests.support.field import batch, event
from tests.support.midday_solver import MiddaySolver
from tests.support.rows import DAY, Clinic, local


@dataclass
class Day:
    """Ana, Ben and Cleo; three visits by day's plan: 9:00 to 11:15 ("morning"), and 13:00 to 15:15 twice."""

    database: Database
    dispatcher: Actor
    visits: dict[str, int]
    codes: dict[str, str]
    nurses: dict[str, int]
    sent: int = 0
    now: datetime = field(default_factory=lambda: local(DAY, 3) - timedelta(days=1))

    def at(self, hour: int, minute: int = 0) -> None:
        self.now = local(DAY, hour, minute)

    def propose(self, report: Report) -> int:
        """The run of the proposal, carried out."""
        with self.database.begin() as tx:
            region = tx.get_one(Region, 1)
            run = disruptions.propose(tx, region, DAY, report, actor=self.dispatcher)
            runs.begin(run, "worker", self.now)
        return self.carried_out(run.id)

    def replan(self) -> int:
        with self.database.begin() as tx:
            run = plans.request_replan(tx, self.dispatcher, DAY)
            runs.begin(run, "worker", self.now)
        return self.carried_out(run.id)

    def carried_out(self, run_id: int) -> int:
        execute(self.database, run_id, engines(MiddaySolver))
        with self.database.begin() as tx:
            run = tx.get_one(Run, run_id)
            assert run.status is RunStatus.SUCCEEDED, run.error
        return run_id

    def draft(self) -> int:
        with self.database.begin() as tx:
            row = plan_queries.of_day(tx, 1, DAY, PlanStatus.DRAFT)
            assert row is not None
            return row.id

    def publish(self) -> None:
        draft = self.draft()
        with self.database.begin() as tx:
            plans.publish(tx, self.dispatcher, draft)

    def stays(self, status: PlanStatus) -> dict[int, tuple[int, datetime, datetime]]:
        """Nurse, start and end of each visit."""
        with self.database.begin() as tx:
            return {
                stop.visit_id: (route.nurse_id, stop.start, stop.end)
                for route in queries.routes(tx, 1, DAY, status)
                for stop in route.stops
            }

    def nurse_of(self, visit: str) -> str:
        """The name of the nurse who has it in the published plan."""
        nurse, *_ = self.stays(PlanStatus.PUBLISHED)[self.visits[visit]]
        return next(name for name, key in self.nurses.items() if key == nurse)

    def code_of(self, nurse: str) -> str:
        return self.codes[nurse]

    def kinds(self) -> dict[str, tuple[ChangeKind, ...]]:
        """What the draft changes, by visit."""
        with self.database.begin() as tx:
            found = difference.difference(tx, tx.get_one(Region, 1), DAY)
        assert found is not None
        names = {ids.visit_id(key): name for name, key in self.visits.items()}
        return {names[change.visit]: change.kinds for change in found.changes.changed}

    def status(self) -> DisruptionStatus:
        with self.database.begin() as tx:
            return queries.of_day(tx, 1, DAY)[0].status

    def verdict(self, status: PlanStatus = PlanStatus.PUBLISHED) -> tuple[str, ...]:
        with self.database.begin() as tx:
            found = plans.check_plan(tx, tx.get_one(Region, 1), DAY, status)
        assert found is not None
        return (*found.faults, *found.changes)


@pytest.fixture
def day(database: Database, monkeypatch: pytest.MonkeyPatch) -> Day:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        nurses = [
            clinic.nurse("Ana", east=0.00),
            clinic.nurse("Ben", east=0.05),
            clinic.nurse("Cleo", east=0.10),
        ]
        visits = {
            "morning": clinic.visit(windows=(((9, 0), (9, 30), (12, 30)),)),
            "early": clinic.visit(windows=(((13, 0), (14, 0), (17, 0)),)),
            "late": clinic.visit(windows=(((13, 0), (14, 0), (17, 0)),)),
        }
        made = Day(
            database=database,
            dispatcher=clinic.dispatcher(),
            visits={name: visit.id for name, visit in visits.items()},
            codes={name: visit.code for name, visit in visits.items()}
            | {nurse.name: nurse.code for nurse in nurses},
            nurses={nurse.name: nurse.id for nurse in nurses},
        )
    monkeypatch.setattr(clock, "read", lambda: made.now)
    made.replan()
    made.publish()
    made.at(10)
    return made


class TestProposals:
    """A draft beside the published plan; nothing else is touched."""

    def test_an_ill_nurse_gives_her_afternoon_to_others(self, day: Day) -> None:
        ill = day.nurse_of("early")
        before = day.stays(PlanStatus.PUBLISHED)
        day.propose(Report(kind=DisruptionKind.NURSE_ILL, nurse=day.code_of(ill)))
        assert day.stays(PlanStatus.PUBLISHED) == before
        after = day.stays(PlanStatus.DRAFT)
        assert after[day.visits["early"]][0] != day.nurses[ill]
        assert after[day.visits["morning"]] == before[day.visits["morning"]]
        assert ChangeKind.OTHER_NURSE in day.kinds()["early"]
        assert day.status() is DisruptionStatus.PROPOSED
        with day.database.begin() as tx:
            assert tx.query(AvailabilityException).count() == 0

    def test_what_is_under_way_stays_hers(self, day: Day) -> None:
        ill = day.nurse_of("morning")
        before = day.stays(PlanStatus.PUBLISHED)
        day.propose(Report(kind=DisruptionKind.NURSE_ILL, nurse=day.code_of(ill), goes_on=False))
        assert day.stays(PlanStatus.DRAFT)[day.visits["morning"]] == before[day.visits["morning"]]
        with day.database.begin() as tx:
            notes = tx.get_one(PlanRow, day.draft()).notes
        assert any("cannot go on: somebody must take her place at once" in note for note in notes)
        day.publish()
        assert day.verdict() == ()
        with day.database.begin() as tx:
            assert tx.query(AvailabilityException).count() == 0  # she has worked today

    def test_an_overrun_lasts_longer_and_is_published(self, day: Day) -> None:
        before = day.stays(PlanStatus.PUBLISHED)
        report = Report(kind=DisruptionKind.VISIT_OVERRUNS, visit=day.codes["morning"], minutes=30)
        day.propose(report)
        after = day.stays(PlanStatus.DRAFT)
        morning = day.visits["morning"]
        assert after[morning][2] == before[morning][2] + timedelta(minutes=30)
        assert day.verdict(PlanStatus.DRAFT) == ()
        day.at(10, 5)
        day.publish()
        assert day.verdict() == ()
        day.at(11, 30)
        day.replan()
        assert day.stays(PlanStatus.DRAFT)[morning] == after[morning]

    def test_an_overrun_told_beforehand_is_remembered(self, day: Day) -> None:
        day.propose(Report(kind=DisruptionKind.VISIT_OVERRUNS, visit=day.codes["early"], minutes=20))
        day.publish()
        day.replan()
        _, start, end = day.stays(PlanStatus.DRAFT)[day.visits["early"]]
        assert end - start == timedelta(minutes=155)
        assert day.verdict(PlanStatus.DRAFT) == ()

    def test_a_late_nurse(self, day: Day) -> None:
        nurse = day.nurse_of("morning")
        day.at(8, 30)
        day.propose(Report(kind=DisruptionKind.NURSE_LATE, nurse=day.code_of(nurse), minutes=45))
        nurse_after, start, _ = day.stays(PlanStatus.DRAFT)[day.visits["morning"]]
        assert nurse_after != day.nurses[nurse] or start > local(DAY, 9)
        day.publish()
        assert day.verdict() == ()

    def test_a_cancelled_visit_is_cancelled_in_the_records_when_that_is_published(self, day: Day) -> None:
        day.propose(Report(kind=DisruptionKind.VISIT_CANCELLED, visit=day.codes["late"]))
        assert day.kinds()["late"] == (ChangeKind.CANCELLED,)
        with day.database.begin() as tx:
            assert tx.get_one(Visit, day.visits["late"]).status is VisitStatus.BOOKED
        day.publish()
        with day.database.begin() as tx:
            assert tx.get_one(Visit, day.visits["late"]).status is VisitStatus.CANCELLED
            written = [
                entry.action for entry in entries(tx, subject="visits", subject_id=str(day.visits["late"]))
            ]
        assert "write" in written
        assert day.status() is DisruptionStatus.ACCEPTED
        assert day.verdict() == ()

    def test_a_patient_who_was_not_there(self, day: Day) -> None:
        with pytest.raises(ActionError, match="nobody leaves before the monitoring has run"):
            day.propose(Report(kind=DisruptionKind.VISIT_CANCELLED, visit=day.codes["morning"]))
        day.propose(Report(kind=DisruptionKind.VISIT_CANCELLED, visit=day.codes["morning"], no_show=True))
        assert day.visits["morning"] not in day.stays(PlanStatus.DRAFT)
        day.publish()
        assert day.verdict() == ()

    def test_an_urgent_visit(self, day: Day) -> None:
        with day.database.begin() as tx:
            region = tx.get_one(Region, 1)
            urgent = Clinic(tx=tx, region=region, _numbers={"V": 90, "P": 90, "K": 90}).visit(
                windows=(((10, 0), (15, 0), (18, 0)),)
            )
        day.propose(Report(kind=DisruptionKind.URGENT_VISIT, visit=urgent.code))
        _, start, _ = day.stays(PlanStatus.DRAFT)[urgent.id]
        assert start >= day.now
        day.publish()
        assert day.verdict() == ()

    def test_a_closed_road(self, day: Day) -> None:
        day.propose(Report(kind=DisruptionKind.ROAD_CLOSED, factor=3.0))
        day.publish()
        assert day.verdict() == ()
        with day.database.begin() as tx:
            first = tx.get_one(PlanRow, plan_queries.of_day(tx, 1, DAY, PlanStatus.PUBLISHED).id)
            slow = first.travel_total
        day.replan()  # the road is still closed
        with day.database.begin() as tx:
            assert tx.get_one(PlanRow, day.draft()).travel_total == slow

    def test_discarded_it_changes_nothing(self, day: Day) -> None:
        day.propose(Report(kind=DisruptionKind.VISIT_CANCELLED, visit=day.codes["late"]))
        with day.database.begin() as tx:
            plans.discard(tx, day.dispatcher, plan_queries.of_day(tx, 1, DAY, PlanStatus.DRAFT).id)
        assert day.status() is DisruptionStatus.DISCARDED
        with day.database.begin() as tx:
            assert tx.get_one(Visit, day.visits["late"]).status is VisitStatus.BOOKED
        assert day.verdict() == ()

    def test_replaced_by_a_later_proposal_it_comes_to_nothing(self, day: Day) -> None:
        day.propose(Report(kind=DisruptionKind.VISIT_CANCELLED, visit=day.codes["late"]))
        day.propose(Report(kind=DisruptionKind.VISIT_CANCELLED, visit=day.codes["early"]))
        day.publish()
        with day.database.begin() as tx:
            newest, first = queries.of_day(tx, 1, DAY)
            assert (newest.status, first.status) == (DisruptionStatus.ACCEPTED, DisruptionStatus.DISCARDED)
            assert tx.get_one(Visit, day.visits["late"]).status is VisitStatus.BOOKED


class TestHandOvers:
    """Who takes over falls out while the visit is under way."""

    @pytest.mark.parametrize("reserve", [True, False])
    def test_another_takes_over_or_the_first_stays(
        self, database: Database, monkeypatch: pytest.MonkeyPatch, reserve: bool
    ) -> None:
        with database.begin() as tx:
            clinic = Clinic.make(tx)
            nurses = [
                clinic.nurse("Ana", hours=((8, 0), (11, 0))),
                clinic.nurse("Ben", hours=((10, 0), (17, 0))),
            ]
            if reserve:
                nurses.append(clinic.nurse("Cleo", hours=((10, 0), (17, 0)), east=0.1))
            visit = clinic.visit(
                clinic.protocol(hand_over=True, overlap_minutes=10), windows=(((9, 0), (9, 10), None),)
            )
            day = Day(
                database=database,
                dispatcher=clinic.dispatcher(),
                visits={"shared": visit.id},
                codes={"shared": visit.code} | {nurse.name: nurse.code for nurse in nurses},
                nurses={nurse.name: nurse.id for nurse in nurses},
            )
        monkeypatch.setattr(clock, "read", lambda: day.now)
        day.replan()
        day.publish()
        with database.begin() as tx:
            routes = queries.routes(tx, 1, DAY, PlanStatus.PUBLISHED)
            relief = next(r.nurse for r in routes if r.stops and r.nurse.name != "Ana")
            assert sum(len(route.stops) for route in routes) == 2
        day.at(9, 40)
        day.propose(Report(kind=DisruptionKind.NURSE_ILL, nurse=relief.code))
        draft = day.draft()
        with database.begin() as tx:
            routes = queries.routes(tx, 1, DAY, PlanStatus.DRAFT)
            there = {route.nurse.name for route in routes if route.stops}
            notes = tx.get_one(PlanRow, draft).notes
        assert "Ana" in there and relief.name not in there
        assert any("may have to stay until 11:" in note for note in notes)
        assert day.verdict(PlanStatus.DRAFT) == ()
        day.publish()
        assert day.verdict() == ()


class TestOnTheWay:
    """What nurses' phones recorded counts in re-planning and publishing."""

    def record(self, day: Day, *told: tuple[str, datetime, dict[str, object]], visit: str) -> None:
        nurse_id, *_ = day.stays(PlanStatus.PUBLISHED)[day.visits[visit]]
        with day.database.begin() as tx:
            user = users.of_nurse(tx, nurse_id)
            clinic = Clinic(tx=tx, region=tx.get_one(Region, 1), _numbers={"U": 50})
            actor = (
                clinic.as_nurse(tx.get_one(Nurse, nurse_id))
                if user is None
                else Actor(user_id=user.id, name=user.name, role=user.role, region_id=1, nurse_id=nurse_id)
            )
            events = [
                event(day.sent + seq, kind, at, payload, visit=day.visits[visit], day=str(DAY))
                for seq, (kind, at, payload) in enumerate(told)
            ]
            accept(tx, actor, batch_of(batch(*events, sent_at=day.now)), day.now)
        day.sent += len(told)

    def test_a_no_go_frees_the_nurse(self, day: Day) -> None:
        day.at(9, 20)
        no_go = ("no_go", day.now, {"reason": "not_home", "text": ""})
        self.record(day, ("arrived", local(DAY, 9), {"place": None}), no_go, visit="morning")
        with day.database.begin() as tx:
            assert tx.get_one(Visit, day.visits["morning"]).status is VisitStatus.MISSED
            urgent = Clinic(tx=tx, region=tx.get_one(Region, 1), _numbers={"V": 90, "P": 90, "K": 90})
            soon = urgent.visit(windows=(((9, 30), (9, 45), (12, 0)),), east=0.0)
        day.propose(Report(kind=DisruptionKind.URGENT_VISIT, visit=soon.code))
        assert day.visits["morning"] not in day.stays(PlanStatus.DRAFT)
        day.publish()
        assert day.verdict() == ()

    def test_a_go_after_a_no_go_books_it_again(self, day: Day) -> None:
        told = [
            ("arrived", local(DAY, 9), {"place": None}),
            ("no_go", local(DAY, 9, 5), {"reason": "vitals"}),
        ]
        self.record(day, *told, visit="morning")
        with day.database.begin() as tx:
            assert tx.get_one(Visit, day.visits["morning"]).status is VisitStatus.CANCELLED
        self.record(day, *told, ("go", local(DAY, 9, 25), {}), visit="morning")
        with day.database.begin() as tx:
            assert tx.get_one(Visit, day.visits["morning"]).status is VisitStatus.BOOKED

    def test_what_she_has_begun_before_its_time_stays_hers(self, day: Day) -> None:
        day.at(12, 45)
        nurse = day.nurse_of("early")
        before = day.stays(PlanStatus.PUBLISHED)[day.visits["early"]]
        self.record(day, ("arrived", day.now, {"place": None}), visit="early")
        day.propose(Report(kind=DisruptionKind.NURSE_ILL, nurse=day.code_of(nurse)))
        assert day.stays(PlanStatus.DRAFT)[day.visits["early"]] == before

    def under_way(self, day: Day, late: int) -> None:
        """The morning's visit, begun `late` minutes after its time, as far as monitoring by now."""
        _, start, _ = day.stays(PlanStatus.PUBLISHED)[day.visits["morning"]]
        came = start + timedelta(minutes=late)
        begins = {0: 0, 1: 15, 2: 25, 3: 65}
        told = [
            ("phase_began", came + timedelta(minutes=each), {"position": at}) for at, each in begins.items()
        ]
        self.record(day, ("arrived", came, {"place": None}), *told, visit="morning")

    def test_a_day_is_planned_again_from_how_it_went(self, day: Day) -> None:
        """She began 50 min late: she is expected to leave so much later, and is planned for from then on."""
        nurse, start, end = day.stays(PlanStatus.PUBLISHED)[day.visits["morning"]]
        day.at(11)
        self.under_way(day, late=50)
        day.replan()
        after = day.stays(PlanStatus.DRAFT)
        late = timedelta(minutes=50)
        assert after[day.visits["morning"]] == (nurse, start + late, end + late)
        assert all(stay[1] >= end + late for visit, stay in after.items() if stay[0] == nurse and visit != 1)
        assert "morning" not in day.kinds()
        day.at(11, 10)
        self.record(day, ("note", day.now, {"text": "sleeps"}), visit="morning")
        day.publish()
        assert day.verdict() == ()

    def test_the_clock_of_the_monitoring_is_the_protocols_after_a_replan(self, day: Day) -> None:
        day.at(11)
        self.under_way(day, late=50)

        def monitored() -> tuple[datetime | None, list[int]]:
            with day.database.begin() as tx:
                found = field_day(tx, tx.get_one(Region, 1), DAY, day.now)
                ((stay, record),) = [each for each in found.records.items() if each[1].began]
                spec = spec_of(found.stops[stay], None)
                return record.earliest_departure, [phase.minutes for phase in spec.phases]

        before = monitored()
        day.replan()
        day.publish()
        day.at(12, 30)
        day.replan()
        day.publish()
        assert monitored() == before and before[0] is not None

    def test_a_reported_overrun_outlasts_what_the_phases_let_expect(self, day: Day) -> None:
        day.at(11)
        self.under_way(day, late=0)
        _, _, end = day.stays(PlanStatus.PUBLISHED)[day.visits["morning"]]
        report = Report(kind=DisruptionKind.VISIT_OVERRUNS, visit=day.codes["morning"], minutes=30)
        day.propose(report)
        day.publish()
        day.replan()
        assert day.stays(PlanStatus.DRAFT)[day.visits["morning"]][2] == end + timedelta(minutes=30)

    def test_notices_do_not_tell_her_when_she_began(self, day: Day) -> None:
        day.at(11)
        self.under_way(day, late=50)
        nurse, *_ = day.stays(PlanStatus.PUBLISHED)[day.visits["morning"]]
        with day.database.begin() as tx:
            user = users.of_nurse(tx, nurse)
            assert user is not None
            address = "https://fcm.googleapis.com/fcm/send/one"
            keys = {"p256dh": "p" * 87, "auth": "a" * 22}
            tx.add(PushSubscription(user_id=user.id, endpoint=address, created_at=day.now, **keys))
            before = phone_queries.stays(tx, 1, DAY)
        day.replan()
        day.publish()
        with day.database.begin() as tx:
            assert phone_queries.stays(tx, 1, DAY) != before
            assert phones.devices_to_tell(tx, 1, DAY, before) == []

    def test_a_draft_that_moves_what_has_begun_since_is_not_published(self, day: Day) -> None:
        day.at(12, 40)
        nurse = day.nurse_of("early")
        day.propose(Report(kind=DisruptionKind.NURSE_ILL, nurse=day.code_of(nurse)))
        assert day.stays(PlanStatus.DRAFT)[day.visits["early"]][0] != day.nurses[nurse]
        day.at(12, 45)
        self.record(day, ("arrived", day.now, {"place": None}), visit="early")
        with pytest.raises(ActionError, match=day.codes["early"]):
            day.publish()


class TestAcceptance:
    """What publishing does to the records, and when it is refused."""

    def test_a_nurse_ill_before_her_first_visit_is_off(self, day: Day) -> None:
        day.at(7)
        ill = day.nurse_of("morning")
        with day.database.begin() as tx:
            tx.get_one(Visit, day.visits["morning"]).pinned_nurse_id = day.nurses[ill]
        day.propose(Report(kind=DisruptionKind.NURSE_ILL, nurse=day.code_of(ill)))
        day.publish()
        with day.database.begin() as tx:
            (exception,) = tx.query(AvailabilityException).all()
            assert (exception.nurse_id, exception.kind) == (day.nurses[ill], Availability.OFF)
            assert tx.get_one(Visit, day.visits["morning"]).pinned_nurse_id is None
        assert day.verdict() == ()

    def test_a_proposal_that_has_grown_old_is_refused(self, day: Day) -> None:
        day.at(12)
        day.propose(Report(kind=DisruptionKind.NURSE_ILL, nurse=day.code_of(day.nurse_of("early"))))
        day.at(16)
        with pytest.raises(ActionError, match="has grown too old"):
            day.publish()
        assert day.status() is DisruptionStatus.PROPOSED

    def test_the_region_says_how_long_is_frozen(self, day: Day) -> None:
        with day.database.begin() as tx:
            tx.get_one(Region, 1).freeze_minutes = 600
        before = day.stays(PlanStatus.PUBLISHED)
        day.replan()
        assert day.stays(PlanStatus.DRAFT) == before
        with day.database.begin() as tx:
            row = tx.get_one(PlanRow, day.draft())
            starts = [pin["start"] for pin in row.problem["pins"]]
        assert len(starts) == 3 and None not in starts

    def test_records_changed_in_mid_visit_do_not_break_it(self, day: Day) -> None:
        with day.database.begin() as tx:
            tx.get_one(Visit, day.visits["morning"]).status = VisitStatus.CANCELLED
        before = day.stays(PlanStatus.PUBLISHED)
        day.replan()
        assert day.stays(PlanStatus.DRAFT)[day.visits["morning"]] == before[day.visits["morning"]]

    @pytest.mark.parametrize(
        ("report", "words"),
        [
            (Report(kind=DisruptionKind.NURSE_LATE, nurse="X", minutes=5), "'X' has no shift"),
            (Report(kind=DisruptionKind.VISIT_OVERRUNS, visit="X", minutes=5), "'X' has no nurse"),
            (Report(kind=DisruptionKind.VISIT_CANCELLED, visit="X"), "No visit 'X' is booked"),
            (Report(kind=DisruptionKind.URGENT_VISIT, visit="X"), "No visit 'X' is booked"),
            (Report(kind=DisruptionKind.ROAD_CLOSED, factor=1.0), "factor 1.0 cannot be"),
            (Report(kind=DisruptionKind.ROAD_CLOSED, factor=2.0, between=True), "Between which two"),
        ],
    )
    def test_what_cannot_be_is_refused(self, day: Day, report: Report, words: str) -> None:
        with pytest.raises(ActionError, match=words):
            day.propose(report)
        with day.database.begin() as tx:
            assert tx.query(DisruptionRow).count() == 0

    def test_minutes_that_cannot_be(self, day: Day) -> None:
        nurse = day.code_of("Ana")
        with pytest.raises(ActionError, match="0 minutes cannot be"):
            day.propose(Report(kind=DisruptionKind.NURSE_LATE, nurse=nurse, minutes=0))

    def test_without_a_published_plan_there_is_nothing_to_disturb(self, day: Day) -> None:
        with day.database.begin() as tx:
            row = plan_queries.of_day(tx, 1, DAY, PlanStatus.PUBLISHED)
            assert row is not None
            row.status = PlanStatus.SUPERSEDED
        with pytest.raises(ActionError, match="no published plan"):
            day.propose(Report(kind=DisruptionKind.ROAD_CLOSED, factor=2.0))

    def test_one_at_a_time(self, day: Day) -> None:
        with day.database.begin() as tx:
            runs.queue(tx, tx.get_one(Region, 1), DAY, RunTrigger.REPLAN, now=day.now)
        with pytest.raises(ActionError, match="being planned already"):
            day.propose(Report(kind=DisruptionKind.ROAD_CLOSED, factor=2.0))
