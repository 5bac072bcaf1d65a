"""The demo clinic: the same from the same seed, plausible, and servable but for one visit a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.demo import places
from app.demo.clinic import generate, nurses_for, working_days
from app.demo.day import minutes_of
from app.demo.protocols import OBSERVED
from app.demo.rows import Clinic, DemoNurse, DemoPatient, DemoProtocol, DemoVisit, Hours, PlantedStop
from app.store.mapping.modes import GIVER, TAKER, THROUGHOUT

MONDAY = date(2026, 11, 23)
SIZES = (5, 8, 21, 55, 160, 500)


@pytest.fixture(scope="module", params=SIZES)
def clinic(request: pytest.FixtureRequest) -> Clinic:
    return generate(seed=7, first_day=MONDAY, visits=request.param)


def test_same_seed_same_clinic_and_another_seed_another() -> None:
    assert generate(3, MONDAY) == generate(3, MONDAY)
    assert generate(3, MONDAY) != generate(4, MONDAY)


def test_default_is_20_nurses_and_55_visits_on_each_of_two_days() -> None:
    clinic = generate(7, MONDAY)
    assert len(clinic.nurses) == 20
    assert Counter(visit.day for visit in clinic.visits) == {MONDAY: 55, MONDAY + timedelta(days=1): 55}


def test_codes_are_unique_and_references_known(clinic: Clinic) -> None:
    for rows in (clinic.nurses, clinic.protocols, clinic.patients, clinic.visits):
        assert len({row.code for row in rows}) == len(rows)
    nurses = {nurse.code for nurse in clinic.nurses}
    assert {visit.patient for visit in clinic.visits} <= {patient.code for patient in clinic.patients}
    assert {visit.protocol for visit in clinic.visits} <= {protocol.code for protocol in clinic.protocols}
    for patient in clinic.patients:
        assert {*patient.preferred, *patient.barred} <= nurses
        assert not {*patient.preferred} & {*patient.barred}


def test_people_are_fictional_and_live_in_the_area(clinic: Clinic) -> None:
    for person in (*clinic.nurses, *clinic.patients):
        assert person.phone.startswith("614-555-01")
        assert places.SOUTH <= person.home.latitude <= places.NORTH
        assert places.WEST <= person.home.longitude <= places.EAST
        assert ", OH 43" in person.home.address


def test_visits_last_as_published_practice_has_it(clinic: Clinic) -> None:
    for protocol in clinic.protocols:
        minutes = dict(protocol.phases)
        assert minutes["infusion"] in (40, 50, 60)
        assert minutes["monitoring"] in (60, 90, 120)
        assert 115 <= protocol.minutes <= 225


def test_one_visit_a_day_needs_two_nurses(clinic: Clinic) -> None:
    staff = {protocol.code: protocol.staff for protocol in clinic.protocols}
    pairs = Counter(visit.day for visit in clinic.visits if staff[visit.protocol] == 2)
    assert pairs == dict.fromkeys(clinic.days, 1)


def test_some_credentials_run_out_before_on_and_soon_after_the_first_day() -> None:
    clinic = generate(7, MONDAY)
    expiries = {proof.expires_on for nurse in clinic.nurses for proof in nurse.credentials}
    assert MONDAY - timedelta(days=3) in expiries
    assert MONDAY in expiries
    assert MONDAY + timedelta(days=11) in expiries


def test_the_laid_out_plan_serves_every_visit_but_one_a_day(clinic: Clinic) -> None:
    staff = {protocol.code: protocol.staff for protocol in clinic.protocols}
    served = Counter(stop.visit for stop in clinic.planted)
    wanted = {
        visit.code: 2 if visit.protocol == OBSERVED.code else staff[visit.protocol]
        for visit in clinic.visits
        if visit.code not in clinic.hopeless
    }
    assert served == wanted
    assert Counter(visit.day for visit in clinic.visits if visit.code in clinic.hopeless) == dict.fromkeys(
        clinic.days, 1
    )


def test_the_laid_out_plan_keeps_every_rule(clinic: Clinic) -> None:
    assert_plan_keeps_the_rules(clinic)


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), visits=st.integers(5, 120), first=st.integers(0, 4))
def test_any_seed_size_and_weekday_is_servable(seed: int, visits: int, first: int) -> None:
    assert_plan_keeps_the_rules(generate(seed, MONDAY + timedelta(days=first), days=3, visits=visits))


def assert_plan_keeps_the_rules(clinic: Clinic) -> None:
    """Credentials, barred nurses, windows, drives, breaks and shift hours, without overtime."""
    nurses = {nurse.code: nurse for nurse in clinic.nurses}
    visits = {visit.code: visit for visit in clinic.visits}
    protocols = {protocol.code: protocol for protocol in clinic.protocols}
    patients = {patient.code: patient for patient in clinic.patients}
    routes: dict[tuple[date, str], list[tuple[PlantedStop, DemoVisit]]] = defaultdict(list)
    starts = {stop.visit: minutes_of(stop.start) for stop in clinic.planted if stop.part != TAKER}
    for stop in clinic.planted:
        visit = visits[stop.visit]
        start = starts[stop.visit]
        minutes = lasts(protocols[visit.protocol], patients[visit.patient])
        assert needs(protocols[visit.protocol], stop) <= nurses[stop.nurse].kinds_on(visit.day)
        assert stop.nurse not in patients[visit.patient].barred
        assert visit.pinned_nurse in (None, stop.nurse)
        assert any(
            minutes_of(window.earliest) <= start <= minutes_of(window.latest_start)
            and (window.latest_end is None or start + minutes <= minutes_of(window.latest_end))
            for window in visit.windows
        )
        routes[visit.day, stop.nurse].append((stop, visit))
    for (day, code), stops in routes.items():
        nurse = nurses[code]
        hours = nurse.hours_on(day)
        assert hours is not None
        assert nurse.max_visits is None or len(stops) <= nurse.max_visits
        assert_day_fits(nurse, hours, sorted(stops, key=lambda stop: stop[0].start), patients)


def lasts(protocol: DemoProtocol, patient: DemoPatient) -> int:
    return protocol.minutes + max(0, (patient.monitoring or 0) - dict(protocol.phases)["monitoring"])


def needs(protocol: DemoProtocol, stop: PlantedStop) -> set[str]:
    """What the nurse of a stop must hold; two together have no hand-over, so a second task is a giver's."""
    if protocol.staff == 2 or stop.part == THROUGHOUT:
        return {*protocol.credentials}
    return {*protocol.whole, *(protocol.infusion if stop.part == GIVER else protocol.monitoring)}


def assert_day_fits(
    nurse: DemoNurse,
    hours: Hours,
    stops: list[tuple[PlantedStop, DemoVisit]],
    patients: dict[str, DemoPatient],
) -> None:
    where, clock = nurse.home, minutes_of(hours.start)
    for position, (stop, visit) in enumerate(stops):
        home, start = patients[visit.patient].home, minutes_of(stop.start)
        assert clock + places.drive_minutes(where, home) <= start
        where, clock = home, start + stop.minutes
        if position == 0 and hours.break_minutes:
            assert hours.break_earliest is not None
            assert hours.break_latest is not None
            assert minutes_of(hours.break_earliest) <= clock
            clock += hours.break_minutes
            assert clock <= minutes_of(hours.break_latest)
    assert clock + places.drive_minutes(where, nurse.home) <= minutes_of(hours.end)


def test_nobody_can_take_the_visit_that_cannot_be_served(clinic: Clinic) -> None:
    visits = {visit.code: visit for visit in clinic.visits}
    protocols = {protocol.code: protocol for protocol in clinic.protocols}
    for code in clinic.hopeless:
        visit = visits[code]
        protocol = protocols[visit.protocol]
        for nurse in clinic.nurses:
            hours = nurse.hours_on(visit.day)
            lacks = not {*protocol.credentials} <= nurse.kinds_on(visit.day)
            too_late = hours is not None and (
                minutes_of(visit.windows[0].earliest) + protocol.minutes
                > minutes_of(hours.end) + nurse.max_overtime_min
            )
            assert hours is None or lacks or too_late


def test_the_default_days_have_hand_overs_that_nobody_can_do_alone() -> None:
    clinic = generate(7, MONDAY)
    handed = [visit for visit in clinic.visits if visit.protocol == OBSERVED.code]
    assert {visit.day for visit in handed} == set(clinic.days)
    assert len(handed) <= 2 * len(clinic.days)
    for visit in handed:
        assert not any({*OBSERVED.credentials} <= nurse.kinds_on(visit.day) for nurse in clinic.nurses)
        giver, taker = (stop for stop in clinic.planted if stop.visit == visit.code)
        assert minutes_of(taker.start) == minutes_of(giver.start) + OBSERVED.until_monitoring
        assert minutes_of(giver.start) + giver.minutes == minutes_of(taker.start) + 10


def test_some_patients_are_monitored_longer() -> None:
    patients = generate(7, MONDAY).patients
    assert 1 <= sum(patient.monitoring is not None for patient in patients) <= len(patients) // 5


def test_the_first_nurse_has_work_every_day(clinic: Clinic) -> None:
    pinned = {visit.day for visit in clinic.visits if visit.pinned_nurse == clinic.nurses[0].code}
    assert pinned == set(clinic.days)


def test_many_nurses_for_few_visits_still_give_the_first_one_work() -> None:
    clinic = generate(7, MONDAY, visits=5, nurses=40)
    assert {visit.pinned_nurse for visit in clinic.visits} == {None, "N001"}
    assert_plan_keeps_the_rules(clinic)


def test_days_are_working_days() -> None:
    friday = date(2026, 11, 27)
    assert working_days(friday, 3) == (friday, date(2026, 11, 30), date(2026, 12, 1))
    with pytest.raises(ValueError, match="2026-11-28 is a Saturday: give a day from Monday"):
        working_days(date(2026, 11, 28), 2)
    with pytest.raises(ValueError, match="days is 0"):
        working_days(friday, 0)


def test_sizes_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="visits is 4: give 5 to 500"):
        generate(7, MONDAY, visits=4)
    with pytest.raises(ValueError, match="give more nurses"):
        generate(7, MONDAY, visits=55, nurses=12)


def test_nurses_follow_the_visits() -> None:
    assert nurses_for(55) == 20
    assert nurses_for(500) == 182
