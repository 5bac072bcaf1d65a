"""What nurses' phones recorded counts when a running day is planned again and published."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.actions import phones
from app.actions.actor import Actor
from app.actions.disruptions import Report
from app.actions.errors import ActionError
from app.actions.field import accept
from app.field.envelope import batch_of
from app.store.engine import Database
from app.store.mapping.field import spec_of
from app.store.mapping.field_day import field_day
from app.store.models import (
    Nurse,
    PushSubscription,
    Region,
    Visit,
)
from app.store.models.disruption import DisruptionKind
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitStatus
from app.store.queries import phones as phone_queries
from app.store.queries import users
from tests.support.field import batch, event
from tests.support.rows import DAY, Clinic, local
from tests.support.running_day import Day, running_day


@pytest.fixture
def day(database: Database, monkeypatch: pytest.MonkeyPatch) -> Day:
    return running_day(database, monkeypatch)


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
