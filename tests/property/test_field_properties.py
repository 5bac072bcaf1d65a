"""Whatever the order in which events come, from how many devices, and how often: the record is the same."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.field.custody import custody_of
from app.field.events import Event, Kind
from app.field.expected import PlannedRoute, PlannedStop, expected_of
from app.field.fold import record_of
from app.field.payloads import fault_of
from app.field.record import State
from app.field.visit import VisitSpec
from tests.support.field import OTHER_PHONE, PHONE, event

START = datetime(2026, 11, 24, 14, tzinfo=UTC)
VISIT = VisitSpec.from_json(
    {
        "phases": [
            {"position": position, "kind": kind, "minutes": minutes}
            for position, (kind, minutes) in enumerate(
                (("arrival", 15), ("iv_start", 10), ("infusion", 40), ("monitoring", 60), ("discharge", 10))
            )
        ],
        "limits": {"max_systolic": 140, "max_diastolic": 90},
        "vitals_every": {"infusion": 10, "monitoring": 15},
        "adult_hours": 2,
        "discharge_criteria": ["awake"],
    }
)
DRUGS = ("vial",)

PAYLOADS = st.one_of(
    st.tuples(st.just("arrived"), st.just({"place": None})),
    st.tuples(st.just("phase_began"), st.fixed_dictionaries({"position": st.integers(0, 6)})),
    st.tuples(
        st.just("checked"),
        st.fixed_dictionaries(
            {"answers": st.dictionaries(st.sampled_from(["identity", "kit", "adult"]), st.booleans())}
        ),
    ),
    st.tuples(
        st.just("vitals"),
        st.fixed_dictionaries({"systolic": st.integers(100, 180), "diastolic": st.integers(60, 110)}),
    ),
    st.tuples(st.sampled_from(["go", "shift_closed"]), st.just({})),
    st.tuples(st.just("no_go"), st.just({"reason": "other", "text": ""})),
    st.tuples(st.just("discharged"), st.just({"criteria": {"awake": True}, "adult_present": True})),
    st.tuples(st.just("departed"), st.just({"place": None, "early": None})),
    st.tuples(
        st.sampled_from(["picked_up", "used", "returned"]),
        st.fixed_dictionaries({"item": st.sampled_from(["vial", "kit"]), "units": st.integers(1, 3)}),
    ),
)
DEVICES = st.sampled_from([PHONE, OTHER_PHONE])


@st.composite
def recorded(draw: st.DrawFn) -> list[Event]:
    """What two devices recorded: their clocks drift, jump, and are known or not; some of it is amended."""
    told: list[dict[str, Any]] = []
    for seq, (device, (kind, payload), gap) in enumerate(
        draw(st.lists(st.tuples(DEVICES, PAYLOADS, st.integers(-30, 60)), max_size=14))
    ):
        at = START + timedelta(minutes=10 * seq + gap)
        offset = draw(st.sampled_from([None, 0, 1_200_000, -90_000]))
        told.append(event(seq, kind, at, payload, device=device, offset_ms=offset))
    for seq, (target, device) in enumerate(
        draw(st.lists(st.tuples(st.integers(0, 20), DEVICES), max_size=4)), start=100
    ):
        if told and target < len(told):
            original = told[target]
            amendment = {"amends": original["id"], "payload": original["payload"], "at": None, "reason": "x"}
            if draw(st.booleans()):
                amendment["at"] = original["at"]
            told.append(event(seq, "amended", START + timedelta(hours=5), amendment, device=device))
    return [Event.from_json(each) for each in told]


@settings(max_examples=300)
@given(recorded(), st.integers(0, 2**32), st.integers(0, 600))
def test_order_and_repetition_change_nothing(events: list[Event], seed: int, minutes: int) -> None:
    now = START + timedelta(minutes=minutes)
    shuffler = random.Random(seed)
    again = events + shuffler.sample(events, shuffler.randint(0, len(events)))
    shuffler.shuffle(again)
    in_order = record_of(VISIT, events, now).to_json()
    assert record_of(VISIT, again, now).to_json() == in_order
    assert custody_of(again, DRUGS).to_json() == custody_of(events, DRUGS).to_json()


@settings(max_examples=300)
@given(recorded(), st.integers(0, 2**32))
def test_events_that_come_in_parts_end_in_the_same_record(events: list[Event], seed: int) -> None:
    """Each part is folded with all that came before it: nothing is kept but the events themselves."""
    now = START + timedelta(hours=8)
    shuffler = random.Random(seed)
    late = shuffler.sample(events, len(events))
    came: list[Event] = []
    for each in late:
        came.append(each)
        partly = record_of(VISIT, came, now)
        assert len(partly.entries) == sum(event.kind != "amended" for event in came)
    assert record_of(VISIT, came, now).to_json() == record_of(VISIT, events, now).to_json()


@settings(max_examples=200)
@given(recorded(), st.integers(0, 900))
def test_nobody_may_leave_before_the_monitoring_has_run(events: list[Event], minutes: int) -> None:
    now = START + timedelta(minutes=minutes)
    record = record_of(VISIT, events, now)
    if record.may_leave is None and record.began is not None and record.no_go is None:
        assert record.infusion_ended is not None
        assert now >= record.infusion_ended + timedelta(minutes=60)
    if record.infusion_ended is not None:
        assert record.earliest_departure == record.infusion_ended + timedelta(minutes=60)


NAMES = st.sampled_from(
    [
        "place",
        "latitude",
        "longitude",
        "accuracy_m",
        "answers",
        "identity",
        "systolic",
        "diastolic",
        "reason",
        "position",
        "criteria",
        "mania_signs",
        "early",
        "item",
        "units",
        "witness",
        "difference",
        "at",
        "text",
    ]
)
KINDS = st.sampled_from(sorted(kind.value for kind in Kind))
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=8),
        st.sampled_from(["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "not_home", "vial"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=6,
)
PAYLOADS_OF_ANY_KIND = st.dictionaries(NAMES, VALUES, max_size=6)


@settings(max_examples=500)
@given(st.lists(st.tuples(KINDS, PAYLOADS_OF_ANY_KIND, PAYLOADS_OF_ANY_KIND), max_size=6))
def test_whatever_a_phone_says_the_folds_can_take_what_is_not_set_aside(
    told: list[tuple[str, dict[str, Any], dict[str, Any]]],
) -> None:
    events = []
    for seq, (kind, payload, amendment) in enumerate(told):
        made = Event.from_json(event(2 * seq, kind, START, payload))
        amends = {"amends": made.id, "payload": amendment, "at": amendment.get("at"), "reason": "x"}
        correction = Event.from_json(event(2 * seq + 1, "amended", START, amends))
        events += [each for each in (made, correction) if fault_of(each.kind, each.payload, 1) is None]
    assert record_of(VISIT, events, START).to_json()["state"] in set(State)
    custody_of(events, DRUGS).to_json()


ROUTE = PlannedRoute(
    departure=START - timedelta(minutes=20),
    rest_start=START + timedelta(minutes=150),
    rest=timedelta(minutes=30),
    stops=tuple(
        PlannedStop(
            visit=visit,
            arrival=START + timedelta(minutes=200 * place),
            start=START + timedelta(minutes=200 * place + 5),
            end=START + timedelta(minutes=200 * place + 140),
            travel=timedelta(minutes=20),
            phases=VISIT.phases,
        )
        for place, visit in enumerate((1, 2, 3))
    ),
)


@settings(max_examples=200)
@given(recorded(), st.integers(-60, 600), st.integers(0, 200))
def test_time_that_passes_brings_nobody_forward(events: list[Event], minutes: int, more: int) -> None:
    """While nothing new is recorded, a stop still to come is never expected earlier than before, nor earlier
    than planned or than now."""
    now = START + timedelta(minutes=minutes)
    later = now + timedelta(minutes=more)
    before, after = (
        expected_of(ROUTE, {1: record_of(VISIT, events, moment)}, moment) for moment in (now, later)
    )
    for old, new, stop in zip(before[1:], after[1:], ROUTE.stops[1:], strict=True):
        assert new.arrival >= old.arrival >= max(stop.arrival, now)
