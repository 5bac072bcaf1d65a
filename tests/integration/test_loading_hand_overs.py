"""A visit whose monitoring may be handed over has two modes; a patient's minimums make its phases longer."""

from __future__ import annotations

from typing import Any

import pytest

from app.store.engine import Database
from app.store.mapping import load_day
from app.store.models import PhaseMinimum, Protocol, Visit
from app.store.models.protocol import DrugUnits, PhaseKind
from scheduler import model
from scheduler.model import Lag, Mode, Pin, Supply, Window
from tests.support.rows import DAY, VISIT_MINUTES, Clinic, local

# The rows are the same on every database, and tests/integration/test_planning.py loads them from both.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

HOUR = 3600
NEEDS = {"infusion": ["ketamine"], "monitoring": ["monitoring"], "discharge": ["discharge"]}


@pytest.fixture
def clinic(database: Database):
    with database.begin() as tx:
        yield Clinic.make(tx)


def shared(clinic: Clinic, **says: Any) -> Protocol:
    return clinic.protocol(hand_over=True, overlap_minutes=10, asks=["RN"], for_phases=NEEDS, **says)


def loaded(clinic: Clinic, visit: Visit) -> model.Visit:
    clinic.tx.flush()
    clinic.tx.expire_all()
    (found,) = (
        each for each in load_day(clinic.tx, clinic.region, DAY).problem.visits if each.id == f"v{visit.id}"
    )
    return found


def hand_over(clinic: Clinic, visit: Visit) -> Mode:
    throughout, shared = loaded(clinic, visit).modes
    assert [task.id for task in throughout.tasks] == [f"v{visit.id}.1"]
    return shared


def phases(task: model.Task) -> list[tuple[str, int]]:
    return [(phase.name, phase.duration // 60) for phase in task.phases]


def test_the_infusion_nurse_stays_for_the_overlap_and_the_clinician_comes_at_the_infusions_end(
    clinic: Clinic,
) -> None:
    visit = clinic.visit(shared(clinic))
    mode = hand_over(clinic, visit)
    giver, taker = mode.tasks
    assert (giver.id, taker.id) == (f"v{visit.id}.2", f"v{visit.id}.3")
    assert phases(giver) == [("arrival", 15), ("iv_start", 10), ("infusion", 40), ("monitoring", 10)]
    assert phases(taker) == [("monitoring", 60), ("discharge", 10)]
    assert mode.lags == (Lag(first=giver.id, then=taker.id, min_s=65 * 60, max_s=65 * 60),)
    assert mode.distinct_nurses
    assert mode.is_led


def test_each_needs_the_credentials_of_the_whole_visit_and_of_her_own_phases(clinic: Clinic) -> None:
    visit = clinic.visit(shared(clinic))
    throughout, handed = loaded(clinic, visit).modes
    assert throughout.tasks[0].credentials == {"RN", "ketamine", "monitoring", "discharge"}
    assert [task.credentials for task in handed.tasks] == [
        {"RN", "ketamine"},
        {"RN", "monitoring", "discharge"},
    ]


def test_together_the_stays_keep_the_visits_windows(clinic: Clinic) -> None:
    windows = (((8, 0), (9, 0), (12, 0)), ((13, 0), (14, 0), None))
    giver, taker = hand_over(clinic, clinic.visit(shared(clinic), windows=windows)).tasks
    assert giver.windows == (
        Window(earliest_start=8 * HOUR, latest_start=9 * HOUR, latest_end=12 * HOUR - 60 * 60),
        Window(earliest_start=13 * HOUR, latest_start=14 * HOUR, latest_end=None),
    )
    later = 65 * 60
    assert taker.windows == (
        Window(earliest_start=8 * HOUR + later, latest_start=9 * HOUR + later, latest_end=12 * HOUR),
        Window(earliest_start=13 * HOUR + later, latest_start=14 * HOUR + later, latest_end=None),
    )


def test_the_first_nurse_brings_kit_and_drugs(clinic: Clinic) -> None:
    protocol = shared(clinic, kit=["IV start kit"], drug_units=(DrugUnits(item="ketamine 50 mg", units=2),))
    throughout, handed = loaded(clinic, clinic.visit(protocol)).modes
    used = (Supply(item="IV start kit", units=1), Supply(item="ketamine 50 mg", units=2))
    assert throughout.tasks[0].uses == used
    assert [task.uses for task in handed.tasks] == [used, ()]


def test_of_two_nurses_together_the_first_brings_kit_and_drugs(clinic: Clinic) -> None:
    (mode,) = loaded(clinic, clinic.visit(clinic.protocol(staff=2, kit=["IV start kit"]))).modes
    assert [task.uses for task in mode.tasks] == [(Supply(item="IV start kit", units=1),), ()]


def test_a_visit_pinned_to_one_nurse_is_not_handed_over(clinic: Clinic) -> None:
    ana = clinic.nurse("Ana")
    (mode,) = loaded(clinic, clinic.visit(shared(clinic), pinned_nurse=ana)).modes
    assert len(mode.tasks) == 1


def test_a_visit_pinned_to_both_is_and_to_one_again_where_its_protocol_knows_no_hand_over(
    clinic: Clinic,
) -> None:
    ana, ben = clinic.nurse("Ana"), clinic.nurse("Ben")
    both = {"pinned_nurse": ana, "pinned_taker": ben, "pinned_start": local(DAY, 9)}
    visit = clinic.visit(shared(clinic), **both)
    alone = clinic.visit(clinic.protocol(), **both)
    clinic.tx.flush()
    problem = load_day(clinic.tx, clinic.region, DAY).problem
    first = f"s{ana.id}"
    assert set(problem.pins) == {
        Pin(task=f"v{visit.id}.2", shift=first, start=9 * 3600),
        Pin(task=f"v{visit.id}.3", shift=f"s{ben.id}"),
        Pin(task=f"v{alone.id}.1", shift=first, start=9 * 3600),
    }


@pytest.mark.parametrize(
    "kinds",
    [
        ("arrival", "infusion"),
        ("infusion", "discharge"),
        ("monitoring", "discharge"),
        ("infusion", "monitoring", "arrival"),
    ],
)
def test_phases_that_do_not_end_with_monitoring_cannot_be_handed_over(
    clinic: Clinic, kinds: tuple[str, ...]
) -> None:
    protocol = shared(clinic, phases=[(kind, 30) for kind in kinds])
    assert len(loaded(clinic, clinic.visit(protocol)).modes) == 1


class TestMinimums:
    """A phase that lasts longer for one patient."""

    def lasts(self, clinic: Clinic, visit: Visit, kind: str, minutes: int) -> None:
        visit.patient.phase_minimums.append(
            PhaseMinimum(kind=PhaseKind(kind), minutes=minutes, reason="Slow to settle")
        )
        clinic.tx.flush()

    def test_monitoring_is_longer(self, clinic: Clinic) -> None:
        visit = clinic.visit()
        self.lasts(clinic, visit, "monitoring", 120)
        (task,) = loaded(clinic, visit).tasks
        assert phases(task)[3:] == [("monitoring", 120), ("discharge", 10)]
        assert task.duration == (VISIT_MINUTES + 60) * 60

    def test_a_protocol_that_gives_more_keeps_its_own(self, clinic: Clinic) -> None:
        visit = clinic.visit()
        self.lasts(clinic, visit, "monitoring", 45)
        assert loaded(clinic, visit).tasks[0].duration == VISIT_MINUTES * 60

    def test_of_several_phases_of_a_kind_the_last_is_longer(self, clinic: Clinic) -> None:
        protocol = clinic.protocol(phases=[("monitoring", 30), ("infusion", 20), ("monitoring", 30)])
        visit = clinic.visit(protocol)
        self.lasts(clinic, visit, "monitoring", 90)
        self.lasts(clinic, visit, "arrival", 20)
        assert phases(loaded(clinic, visit).tasks[0]) == [
            ("monitoring", 30),
            ("infusion", 20),
            ("monitoring", 60),
        ]

    def test_the_clinician_stays_longer_and_comes_at_the_same_time(self, clinic: Clinic) -> None:
        visit = clinic.visit(shared(clinic))
        self.lasts(clinic, visit, "monitoring", 120)
        mode = hand_over(clinic, visit)
        assert phases(mode.tasks[1]) == [("monitoring", 120), ("discharge", 10)]
        assert mode.lags[0].min_s == 65 * 60

    def test_windows_without_room_for_it_are_no_windows(self, clinic: Clinic) -> None:
        visit = clinic.visit(windows=(((8, 0), (9, 0), (11, 0)),))
        self.lasts(clinic, visit, "monitoring", 120)
        clinic.tx.expire_all()
        (left_out,) = load_day(clinic.tx, clinic.region, DAY).left_out
        assert left_out.reason.startswith("It lasts 195 min and may start at 8:00 AM or later")
