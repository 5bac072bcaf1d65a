"""A credential counts on its days and in its states: in the plan, in words, and when it is published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from app import clock
from app.actions import plans
from app.actions.errors import ActionError
from app.store.engine import Database
from app.store.mapping import load_day
from app.store.models import Credential, Nurse, PlanRow, Visit
from app.store.models.plan import PlanStatus
from scheduler.check import Code, check
from scheduler.solve import Limits
from tests.support.executions import engines, replan
from tests.support.rows import DAY, Clinic, local
from tests.support.solvers import AppendingSolver

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

NOW = local(DAY, 3) - timedelta(days=1)
SINCE = date(2020, 1, 1)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: NOW)


@pytest.fixture
def clinic(database: Database) -> Iterator[Clinic]:
    with database.begin() as tx:
        yield Clinic.make(tx, state="OH")


def licensed(clinic: Clinic, name: str, *states: str, expires_on: date | None = None) -> Nurse:
    """A nurse with an RN license for each of `states` ("KY OH" is one compact license)."""
    nurse = clinic.nurse(name, holds=())
    nurse.credentials = [
        Credential(kind="RN license", valid_from=SINCE, expires_on=expires_on, states=each) for each in states
    ]
    clinic.tx.flush()
    return nurse


def visit_in(clinic: Clinic, state: str) -> Visit:
    visit = clinic.visit(clinic.protocol(asks=["RN license"]))
    visit.patient.state = state
    clinic.tx.flush()
    return visit


def planned(database: Database) -> PlanRow:
    made = replan(database, DAY, NOW)
    with database.begin() as tx:
        draft = tx.get_one(PlanRow, made)
        assert draft.visits_served + len(draft.unassigned) == 1
        return draft


def why_left_out(database: Database) -> str:
    (row,) = planned(database).unassigned
    return row.reason


@pytest.mark.parametrize(
    ("licenses", "lives_in", "served"),
    [
        (("OH",), "", True),
        (("OH",), "OH", True),
        (("OH",), "KY", False),
        (("KY",), "", False),
        (("IN KY OH",), "KY", True),
        (("OH", "KY"), "KY", True),
        (("",), "KY", True),
        ((), "KY", False),
    ],
)
def test_a_nurse_is_sent_only_where_her_license_counts(
    database: Database, licenses: tuple[str, ...], lives_in: str, served: bool
) -> None:
    with database.begin() as tx:
        clinic = Clinic.make(tx, state="OH")
        licensed(clinic, "Ana Ruiz", *licenses)
        visit_in(clinic, lives_in)
    assert planned(database).visits_served == served


@pytest.mark.parametrize(
    ("licenses", "expires_on", "lives_in", "said"),
    [
        (
            ("OH",),
            None,
            "KY",
            "No nurse working that day holds RN license valid in Kentucky: Ana Ruiz's counts in Ohio only.",
        ),
        (
            ("IN OH",),
            None,
            "KY",
            "No nurse working that day holds RN license valid in Kentucky: Ana Ruiz's counts in Indiana and "
            "Ohio only.",
        ),
        (
            ("KY OH",),
            date(2030, 6, 3),
            "KY",
            "No nurse working that day holds RN license valid in Kentucky: Ana Ruiz's expired on Mon, Jun 3.",
        ),
        (
            ("",),
            date(2030, 6, 3),
            "KY",
            "No nurse working that day holds RN license: Ana Ruiz's expired on Mon, Jun 3.",
        ),
    ],
)
def test_the_reason_in_words(
    database: Database, licenses: tuple[str, ...], expires_on: date | None, lives_in: str, said: str
) -> None:
    with database.begin() as tx:
        clinic = Clinic.make(tx, state="OH")
        licensed(clinic, "Ana Ruiz", *licenses, expires_on=expires_on)
        visit_in(clinic, lives_in)
    assert why_left_out(database) == said


def test_a_state_that_is_not_on_file_is_never_taken_for_granted(database: Database) -> None:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        licensed(clinic, "Ana Ruiz", "OH")
        visit_in(clinic, "")
    assert why_left_out(database) == (
        "No nurse working that day holds RN license valid in the patient's state, which is not on file: "
        "Ana Ruiz's counts in Ohio only."
    )


@pytest.mark.parametrize("wrong", ["state", "license"])
def test_a_plan_with_a_nurse_from_the_wrong_state_is_refused(database: Database, wrong: str) -> None:
    with database.begin() as tx:
        clinic = Clinic.make(tx, state="OH")
        ana, visit = licensed(clinic, "Ana Ruiz", "OH"), visit_in(clinic, "")
        dispatcher = clinic.dispatcher()
        nurse_id, visit_id = ana.id, visit.id
    draft = planned(database)
    with database.begin() as tx:
        if wrong == "state":
            tx.get_one(Visit, visit_id).patient.state = "KY"
        else:
            tx.get_one(Nurse, nurse_id).credentials[0].states = "KY"
    needed, has = ("Kentucky", "Ohio") if wrong == "state" else ("Ohio", "Kentucky")
    told = (
        f"Ana Ruiz lacks RN license valid in {needed} (counts in {has} only), which visit V01 asks for on "
        "Tue, Jun 11."
    )
    with database.begin() as tx, pytest.raises(ActionError) as refused:
        plans.publish(tx, dispatcher, draft.id)
    assert told in str(refused.value)
    with database.begin() as tx:
        assert tx.get_one(PlanRow, draft.id).status is PlanStatus.DRAFT


def test_the_referee_refuses_each_swap_over_a_state_line(clinic: Clinic) -> None:
    """Of two nurses with a license for one state each, either may do the visit in hers and no other."""
    ana, ben = licensed(clinic, "Ana", "OH"), licensed(clinic, "Ben", "KY")
    ohio, kentucky = visit_in(clinic, ""), visit_in(clinic, "KY")
    problem = load_day(clinic.tx, clinic.region, DAY).problem
    matrix = engines().travel(clinic.region).matrix(problem.places)
    plan = AppendingSolver().solve(problem, matrix, Limits(seconds=1, seed=0)).plan
    assert check(problem, matrix, plan).feasible and not plan.unassigned
    stops = {route.shift: route.stops[0].task.partition(".")[0] for route in plan.routes}
    assert stops == {f"s{ana.id}": f"v{ohio.id}", f"s{ben.id}": f"v{kentucky.id}"}
    first, second = plan.routes
    swapped = plan.replace(
        routes=(first.replace(shift=second.shift), second.replace(shift=first.shift)),
    )
    codes = [violation.code for violation in check(problem, matrix, swapped).violations]
    assert codes.count(Code.CREDENTIAL) == 2
