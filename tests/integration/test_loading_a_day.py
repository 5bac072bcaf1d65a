"""The rows of a region's day become the planner's problem."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.days import CalendarError
from app.store.engine import Database
from app.store.mapping import LoadedDay, load_day
from app.store.models import Visit
from app.store.models.visit import Priority, VisitStatus
from scheduler.model import Lag, Pin, Shift, Window
from tests.support.rows import DAY, VISIT_MINUTES, Clinic, local

# The rows are the same on every database, and tests/integration/test_planning.py loads them from both.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

HOUR = 3600
SPRING = date(2030, 3, 10)
"""Clocks go from 2:00 to 3:00."""
AUTUMN = date(2030, 11, 3)
"""Clocks go from 2:00 back to 1:00."""


def load(clinic: Clinic, day: date = DAY) -> LoadedDay:
    # As in a fresh transaction: nothing is taken from what the builders left in memory.
    clinic.tx.flush()
    clinic.tx.expire_all()
    return load_day(clinic.tx, clinic.region, day)


def only_shift(clinic: Clinic, day: date = DAY) -> Shift:
    (shift,) = load(clinic, day).problem.shifts
    return shift


def reason(clinic: Clinic, visit: Visit) -> str:
    loaded = load(clinic)
    assert f"v{visit.id}" not in {planned.id for planned in loaded.problem.visits}
    (left_out,) = loaded.left_out
    assert left_out.visit_id == visit.id
    return left_out.reason


@pytest.fixture
def clinic(database: Database):
    with database.begin() as tx:
        yield Clinic.make(tx)


def test_a_whole_day(clinic: Clinic) -> None:
    ana, ben = clinic.nurse("Ana", max_visits=3, max_overtime_min=45), clinic.nurse("Ben", east=0.1)
    visit = clinic.visit(prefers=[ana], bars=[ben], priority=Priority.IMPORTANT, east=0.02)
    problem = load(clinic).problem

    assert problem.origin == datetime(2030, 6, 11, 4, tzinfo=UTC)
    assert [(place.id, place.longitude) for place in problem.places] == [
        (f"n{ana.id}", -83.0),
        (f"n{ben.id}", -82.9),
        (f"p{visit.patient_id}", -82.98),
    ]
    first, _ = problem.shifts
    assert (first.id, first.nurse, first.start, first.end) == (
        f"s{ana.id}",
        f"n{ana.id}",
        8 * HOUR,
        17 * HOUR,
    )
    assert (first.max_visits, first.max_overtime, first.overtime_cost) == (3, 45 * 60, 90)
    (planned,) = problem.visits
    assert planned.preferred_nurses == {f"n{ana.id}"}
    assert planned.barred_nurses == {f"n{ben.id}"}
    assert planned.drop_cost == 2500 * 3600
    (task,) = planned.tasks
    assert (task.id, task.place) == (f"v{visit.id}.1", f"p{visit.patient_id}")
    assert task.duration == VISIT_MINUTES * 60 == sum(phase.duration for phase in task.phases)
    assert [phase.name for phase in task.phases] == [
        "arrival",
        "iv_start",
        "infusion",
        "monitoring",
        "discharge",
    ]
    assert task.windows == (Window(earliest_start=8 * HOUR, latest_start=15 * HOUR, latest_end=18 * HOUR),)
    assert (problem.weights.travel, problem.weights.not_preferred) == (45, 20 * 3600)


@pytest.mark.parametrize(
    ("priority", "dollars"), [(Priority.ROUTINE, 1000), (Priority.IMPORTANT, 2500), (Priority.URGENT, 10_000)]
)
def test_drop_cost_by_priority(clinic: Clinic, priority: Priority, dollars: int) -> None:
    clinic.visit(priority=priority)
    assert load(clinic).problem.visits[0].drop_cost == dollars * 3600


def test_two_nurses_start_together(clinic: Clinic) -> None:
    ana = clinic.nurse("Ana")
    visit = clinic.visit(clinic.protocol(staff=2), pinned_nurse=ana)
    problem = load(clinic).problem
    (mode,) = problem.visits[0].modes
    first, second = mode.tasks
    assert mode.lags == (Lag(first=first.id, then=second.id, min_s=0, max_s=0),)
    assert mode.distinct_nurses
    assert first.phases == second.phases != ()
    assert problem.pins == (Pin(task=f"v{visit.id}.1", shift=f"s{ana.id}"),)


def test_only_this_regions_booked_visits_of_the_day(clinic: Clinic) -> None:
    clinic.visit(status=VisitStatus.CANCELLED)
    clinic.visit(day=date(2030, 6, 12))
    Clinic.make(clinic.tx, "portland").visit()
    kept = clinic.visit()
    assert [visit.id for visit in load(clinic).problem.visits] == [f"v{kept.id}"]


def test_who_works(clinic: Clinic) -> None:
    clinic.nurse("Never", hours=None)
    clinic.nurse("Gone", active=False)
    clinic.off(clinic.nurse("Off today"))
    other_day_off = clinic.nurse("Off tomorrow")
    clinic.off(other_day_off, date(2030, 6, 12))
    Clinic.make(clinic.tx, "portland").nurse("Elsewhere")
    assert only_shift(clinic).nurse == f"n{other_day_off.id}"


def test_other_hours_replace_the_week(clinic: Clinic) -> None:
    nurse = clinic.nurse("Ana", hours=None)
    clinic.other_hours(nurse, (10, 30), (14, 0))
    shift = only_shift(clinic)
    assert (shift.start, shift.end) == (int(10.5 * HOUR), 14 * HOUR)


def test_credentials_count_on_the_very_day(clinic: Clinic) -> None:
    nurse = clinic.nurse("Ana", holds=("last day", "first day", "expired", "not yet", "no end"))
    last, first, expired, future, _ = sorted(
        nurse.credentials,
        key=lambda c: ("last day", "first day", "expired", "not yet", "no end").index(c.kind),
    )
    last.expires_on = first.valid_from = DAY
    expired.expires_on = date(2030, 6, 10)
    future.valid_from = date(2030, 6, 12)
    assert only_shift(clinic).credentials == {"last day", "first day", "no end"}


def test_break_in_its_window(clinic: Clinic) -> None:
    clinic.nurse("Ana", rest=(30, (11, 30), (13, 30)))
    rest = only_shift(clinic).break_
    assert rest is not None
    assert (rest.duration, rest.earliest_start, rest.latest_end) == (1800, int(11.5 * HOUR), int(13.5 * HOUR))


def test_break_without_a_window_lies_anywhere_in_the_hours(clinic: Clinic) -> None:
    clinic.nurse("Ana", rest=(30, None, None))
    rest = only_shift(clinic).break_
    assert rest is not None
    assert (rest.earliest_start, rest.latest_end) == (8 * HOUR, 17 * HOUR)


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [
        ((8, 0), (12, 0), (11.5, 12)),
        ((13, 0), (18, 0), (13, 13.5)),
        ((8, 0), (11, 45), None),
        ((14, 0), (18, 0), None),
    ],
)
def test_the_weeks_break_stays_where_it_fits(clinic: Clinic, start, end, kept) -> None:
    nurse = clinic.nurse("Ana", rest=(30, (11, 30), (13, 30)))
    clinic.other_hours(nurse, start, end)
    rest = only_shift(clinic).break_
    span = None if rest is None else (rest.earliest_start / HOUR, rest.latest_end / HOUR)
    assert span == kept


@pytest.mark.parametrize(("day", "eight"), [(SPRING, 7), (AUTUMN, 9)])
def test_hours_are_local_on_days_the_clocks_change(clinic: Clinic, day: date, eight: int) -> None:
    clinic.nurse("Ana")
    clinic.visit(day=day)
    problem = load(clinic, day).problem
    assert problem.origin == local(day, 0)
    assert problem.shifts[0].start == eight * HOUR
    assert problem.shifts[0].end - problem.shifts[0].start == 9 * HOUR
    assert problem.visits[0].tasks[0].windows[0].earliest_start == eight * HOUR


def test_a_shift_over_the_change_is_as_long_as_it_is(clinic: Clinic) -> None:
    clinic.nurse("Ana", hours=((1, 0), (5, 0)))
    spring, autumn = only_shift(clinic, SPRING), only_shift(clinic, AUTUMN)
    assert (spring.start, spring.end) == (1 * HOUR, 4 * HOUR)
    assert (autumn.start, autumn.end) == (1 * HOUR, 6 * HOUR)


def test_a_shift_that_the_change_swallows_is_told_of_and_the_rest_is_planned(clinic: Clinic) -> None:
    clinic.nurse("Ana", hours=((2, 0), (3, 0)))
    ben = clinic.nurse("Ben")
    visit = clinic.visit(day=SPRING)
    loaded = load(clinic, SPRING)
    assert [shift.nurse for shift in loaded.problem.shifts] == [f"n{ben.id}"]
    assert [planned.id for planned in loaded.problem.visits] == [f"v{visit.id}"]
    (note,) = loaded.notes
    assert note.startswith("Ana is not planned for: end ")


def test_several_windows_in_order_and_those_without_room_dropped(clinic: Clinic) -> None:
    clinic.visit(windows=(((13, 0), (15, 0), (18, 0)), ((8, 0), (9, 0), None), ((10, 0), (11, 0), (11, 30))))
    (task,) = load(clinic).problem.visits[0].tasks
    assert [(w.earliest_start / HOUR, w.latest_end) for w in task.windows] == [(8, None), (13, 18 * HOUR)]


def test_a_window_that_began_the_day_before_is_cut_at_midnight(clinic: Clinic) -> None:
    visit = clinic.visit()
    visit.windows[0].earliest_start = local(date(2030, 6, 10), 20)
    (task,) = load(clinic).problem.visits[0].tasks
    assert task.windows[0].earliest_start == 0


class TestOneBadRecordDoesNotStopTheNight:
    """Everything else is planned, and the visit is told of with its cure."""

    @pytest.fixture(autouse=True)
    def _others(self, clinic: Clinic):
        clinic.nurse("Ana")
        good = clinic.visit()
        yield
        assert f"v{good.id}" in {visit.id for visit in load(clinic).problem.visits}

    def test_no_window(self, clinic: Clinic) -> None:
        assert reason(clinic, clinic.visit(windows=())) == "It has no time window: add one."

    def test_windows_of_another_day(self, clinic: Clinic) -> None:
        visit = clinic.visit(day=date(2030, 6, 12))
        visit.day = DAY
        assert "outside Tue, Jun 11" in reason(clinic, visit)

    def test_window_too_short_for_the_protocol(self, clinic: Clinic) -> None:
        said = reason(clinic, clinic.visit(windows=(((9, 0), (9, 30), (10, 0)),)))
        assert "It lasts 135 min and may start at 9:00 AM or later" in said
        assert "cannot be over by 10:00 AM" in said

    def test_protocol_without_phases(self, clinic: Clinic) -> None:
        protocol = clinic.protocol(phases=())
        assert f"Protocol {protocol.code} has no phases" in reason(clinic, clinic.visit(protocol))

    def test_inactive_patient(self, clinic: Clinic) -> None:
        visit = clinic.visit()
        visit.patient.active = False
        assert "patient is no longer active" in reason(clinic, visit)

    def test_pinned_to_a_nurse_who_is_off(self, clinic: Clinic) -> None:
        ben = clinic.nurse("Ben Larsen")
        clinic.off(ben)
        said = reason(clinic, clinic.visit(pinned_nurse=ben))
        assert said.startswith("It is pinned to Ben Larsen, who does not work on Tue, Jun 11:")

    def test_pinned_to_a_start_outside_its_windows(self, clinic: Clinic) -> None:
        ana = clinic.nurse("Ana")
        visit = clinic.visit(pinned_nurse=ana, pinned_start=local(DAY, 15, 30))
        assert "pinned to start at 3:30 PM" in reason(clinic, visit)

    def test_a_record_that_the_model_refuses(self, clinic: Clinic) -> None:
        visit = clinic.visit(clinic.protocol(phases=[("infusion", 10**9)]))
        visit.windows[0].latest_end = None
        assert reason(clinic, visit).startswith("Its record cannot be planned as it stands: ")


def test_a_pinned_start_is_kept(clinic: Clinic) -> None:
    ana = clinic.nurse("Ana")
    visit = clinic.visit(pinned_nurse=ana, pinned_start=local(DAY, 9, 30))
    pin = Pin(task=f"v{visit.id}.1", shift=f"s{ana.id}", start=int(9.5 * HOUR))
    assert load(clinic).problem.pins == (pin,)


def test_an_empty_day(clinic: Clinic) -> None:
    loaded = load(clinic)
    assert (loaded.problem.visits, loaded.problem.shifts, loaded.left_out) == ((), (), ())


def test_an_unknown_zone_is_named(clinic: Clinic) -> None:
    clinic.region.zone = "America/Atlantis"
    with pytest.raises(CalendarError, match="'America/Atlantis' is unknown"):
        load(clinic)
