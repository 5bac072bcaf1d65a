"""Sessions of an order: booked in one go, moved, missed, made up, with their follow-ups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from app import clock
from app.actions.actor import Actor
from app.actions.courses import series
from app.actions.errors import ActionError
from app.store import audit
from app.store.engine import Database, Tx
from app.store.models import Order, Visit
from app.store.models.order import OrderStatus
from app.store.models.protocol import FollowUp
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries import courses
from tests.support.rows import DAY, Clinic, local

DAY_AFTER = FollowUp(offset_hours=24, window_hours=4, in_person=True, minutes=20, mania_check=True)
WEEK_AFTER = FollowUp(offset_hours=168, window_hours=24, in_person=False, minutes=10, mania_check=False)


def on(number: int) -> date:
    return DAY + timedelta(days=number)


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: datetime(2030, 6, 10, 16, tzinfo=UTC))


@dataclass(kw_only=True)
class Course:
    """An order of six sessions from Tuesday, June 11, on, and who changes it."""

    tx: Tx
    clinic: Clinic
    actor: Actor
    order: Order

    def visits(self, kind: VisitKind = VisitKind.SESSION) -> list[Visit]:
        self.tx.flush()
        found = courses.visits_of_orders(self.tx, [self.order.id])
        return [each for each in found if each.kind is kind and each.status is VisitStatus.BOOKED]

    def days(self) -> list[int]:
        return [(visit.day - DAY).days for visit in self.visits()]

    def session(self, number: int) -> Visit:
        return next(visit for visit in self.visits() if visit.session == number)


@pytest.fixture
def course(database: Database) -> Iterator[Course]:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        yield Course(tx=tx, clinic=clinic, actor=clinic.dispatcher(), order=clinic.order())


def test_a_series_in_one_go(course: Course) -> None:
    moved = series.book_series(course.tx, course.actor, course.order.id)
    assert [(each.visit.session, each.before) for each in moved] == [(n, None) for n in range(1, 7)]
    assert course.days() == [0, 2, 6, 8, 10, 13]  # Tue Thu Mon Wed Fri Mon
    first = course.session(1)
    assert (first.code, first.fixed_day, first.kind) == ("O01-1", False, VisitKind.SESSION)
    (window,) = first.windows
    assert (window.earliest_start, window.latest_start) == (local(DAY, 8), local(DAY, 15))
    assert first.version is course.order.protocol.newest
    with pytest.raises(ActionError, match="All 6 sessions of order O01 are booked"):
        series.book_series(course.tx, course.actor, course.order.id)


def test_more_sessions_are_booked_after_those_there_are(course: Course) -> None:
    course.order.sessions = 2
    series.book_series(course.tx, course.actor, course.order.id)
    course.order.sessions = 4
    series.book_series(course.tx, course.actor, course.order.id)
    assert course.days() == [0, 2, 6, 8]


def test_a_series_without_room_books_nothing_and_says_why(course: Course) -> None:
    course.order.not_after = on(9)
    with pytest.raises(ActionError, match=r"Session 5 finds no day: the order allows none after Thu, Jun 20"):
        series.book_series(course.tx, course.actor, course.order.id)
    assert course.visits() == []


def test_only_an_active_order_of_ones_own_region(course: Course) -> None:
    other = Clinic.make(course.tx, "portland").dispatcher()
    with pytest.raises(ActionError, match="There is no such order"):
        series.book_series(course.tx, other, course.order.id)
    course.order.status = OrderStatus.HELD
    with pytest.raises(ActionError, match="O01 is not active"):
        series.book_series(course.tx, course.actor, course.order.id)
    nurse = course.clinic.as_nurse(course.clinic.nurse("Ana"))
    with pytest.raises(ActionError, match="Only a dispatcher"):
        series.book_series(course.tx, nurse, course.order.id)


def test_a_moved_session_takes_the_free_ones_after_it_along(course: Course) -> None:
    series.book_series(course.tx, course.actor, course.order.id)
    moved = series.move_session(course.tx, course.actor, course.session(2).id, on(3))
    assert course.days() == [0, 3, 6, 8, 10, 13]
    assert [each.visit.session for each in moved] == [2]
    assert course.session(2).fixed_day
    assert course.session(2).windows[0].earliest_start == local(on(3), 8)
    with pytest.raises(ActionError, match=r"^Nothing was changed\. Session 2 finds no day: session 2 stays"):
        series.move_session(course.tx, course.actor, course.session(2).id, on(4))  # a Saturday
    with pytest.raises(ActionError, match="Jun 9 is over"):
        series.move_session(course.tx, course.actor, course.session(2).id, on(-2))


def test_a_moved_session_pushes_those_it_comes_too_near_to(course: Course) -> None:
    series.book_series(course.tx, course.actor, course.order.id)
    series.move_session(course.tx, course.actor, course.session(3).id, on(7))
    course.tx.flush()
    assert course.days() == [0, 3, 7, 9, 13, 15]


def test_a_fixed_session_blocks_and_is_named(course: Course) -> None:
    series.book_series(course.tx, course.actor, course.order.id)
    series.set_fixed(course.tx, course.actor, course.session(3).id, fixed=True)
    with pytest.raises(ActionError, match=r"session 3 stays on Mon, Jun 17"):
        series.move_session(course.tx, course.actor, course.session(2).id, on(6))
    series.set_fixed(course.tx, course.actor, course.session(3).id, fixed=False)
    series.move_session(course.tx, course.actor, course.session(2).id, on(3))


def test_a_missed_session_is_made_up(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    series.book_series(course.tx, course.actor, course.order.id)
    missed = course.session(2)
    with pytest.raises(ActionError, match="Session 2 is on Thu, Jun 13: cancel it, or move it"):
        series.drop_session(course.tx, course.actor, missed.id, VisitStatus.MISSED, make_up=True)
    monkeypatch.setattr(clock, "read", lambda: local(on(2), 17))
    series.drop_session(course.tx, course.actor, missed.id, VisitStatus.MISSED, make_up=True)
    assert missed.status is VisitStatus.MISSED
    assert course.days() == [0, 3, 6, 8, 10, 13]
    assert course.session(2).code == "O01-2.2"


def test_a_cancelled_session_may_be_left_out(course: Course) -> None:
    course.order.max_hours = None
    series.book_series(course.tx, course.actor, course.order.id)
    series.drop_session(course.tx, course.actor, course.session(2).id, VisitStatus.CANCELLED, make_up=False)
    assert [visit.session for visit in course.visits()] == [1, 3, 4, 5, 6]
    with pytest.raises(ActionError, match="is cancelled already"):
        cancelled = next(
            visit
            for visit in courses.visits_of_orders(course.tx, [course.order.id])
            if visit.status is VisitStatus.CANCELLED
        )
        series.drop_session(course.tx, course.actor, cancelled.id, VisitStatus.MISSED, make_up=False)


def test_follow_ups_are_booked_moved_and_cancelled_with_their_session(course: Course) -> None:
    course.order.protocol = course.clinic.protocol(follow_ups=(DAY_AFTER, WEEK_AFTER))
    course.order.sessions = 1
    series.book_series(course.tx, course.actor, course.order.id)
    (visit,) = course.visits(VisitKind.FOLLOW_UP)
    (call,) = course.visits(VisitKind.CALL)
    end = 65  # arrival 15, IV start 10, infusion 40
    assert (visit.follows_min, visit.follows_max) == (end + 20 * 60, end + 28 * 60)
    assert (visit.minutes, visit.day, visit.code) == (20, on(1), "O01-1-F1")
    assert (visit.windows[0].earliest_start, visit.windows[0].latest_start) == (
        local(on(1), 8),
        local(on(1), 15),
    )
    assert (call.day, call.earliest_day, call.latest_day) == (on(7), on(6), on(8))

    series.move_session(course.tx, course.actor, course.session(1).id, on(3))
    (visit,) = course.visits(VisitKind.FOLLOW_UP)
    assert visit.day == on(4)  # a Saturday: no working day has such hours
    series.drop_session(course.tx, course.actor, course.session(1).id, VisitStatus.CANCELLED, make_up=False)
    assert course.visits(VisitKind.FOLLOW_UP) == course.visits(VisitKind.CALL) == []


def test_every_change_is_audited_without_values(course: Course) -> None:
    series.book_series(course.tx, course.actor, course.order.id)
    series.move_session(course.tx, course.actor, course.session(2).id, on(3))
    course.tx.flush()
    (booked,) = audit.entries(course.tx, subject="orders")
    assert (booked.detail, booked.user_id) == ("6 sessions booked", course.actor.user_id)
    assert [entry.detail for entry in audit.entries(course.tx, subject="visits")] == ["session moved"]


def test_hours_of_the_order_hold_on_the_day_clocks_change(course: Course) -> None:
    course.order.valid_from, course.order.valid_until = date(2030, 10, 28), date(2030, 12, 1)
    course.order.sessions, course.order.earliest_start = 2, time(9)
    course.order.weekdays, course.order.max_hours = "Fri Mon", None
    series.book_series(course.tx, course.actor, course.order.id)
    first, second = course.visits()
    assert [visit.day for visit in (first, second)] == [date(2030, 10, 28), date(2030, 11, 1)]
    series.move_session(course.tx, course.actor, second.id, date(2030, 11, 4))
    assert second.windows[0].earliest_start == local(date(2030, 11, 4), 9)
