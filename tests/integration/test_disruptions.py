"""Something happens on a published day: a proposal, and what its publication makes of the records."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import clock
from app.actions import plans, runs
from app.actions.disruptions import Report
from app.actions.errors import ActionError
from app.store.audit import entries
from app.store.engine import Database
from app.store.models import (
    AvailabilityException,
    DisruptionRow,
    PlanRow,
    Region,
    Visit,
)
from app.store.models.disruption import DisruptionKind, DisruptionStatus
from app.store.models.nurse import Availability
from app.store.models.plan import PlanStatus
from app.store.models.run import RunTrigger
from app.store.models.visit import VisitStatus
from app.store.queries import disruptions as queries
from app.store.queries import plans as plan_queries
from scheduler.explain import ChangeKind
from tests.support.rows import DAY, Clinic, local
from tests.support.running_day import Day, running_day


@pytest.fixture
def day(database: Database, monkeypatch: pytest.MonkeyPatch) -> Day:
    return running_day(database, monkeypatch)


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
