"""A session moved or dropped with preview: what it does and who must be told, then saved whole or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import Result

from app import clock
from app.actions import accounts, runs
from app.actions.actor import Actor
from app.actions.courses import files, series
from app.actions.courses.preview import Drop, Move, confirm, preview
from app.actions.errors import ActionError
from app.actions.plans import publish
from app.clock import utc_now
from app.planning import execute
from app.store.engine import Database
from app.store.models import PlanRow, Region, Visit
from app.store.models.plan import PlanStatus
from app.store.models.run import RunTrigger
from app.store.models.user import Role
from app.store.models.visit import VisitStatus
from app.store.queries import courses
from app.wiring import create_app
from config import DEMO_SECRET, Settings
from tests.support.executions import engines
from tests.support.rows import DAY, Clinic, local

BY = "dana@clinic.example"


def on(number: int) -> date:
    return DAY + timedelta(days=number)


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: datetime(2030, 6, 10, 16, tzinfo=UTC))


@dataclass(frozen=True, kw_only=True)
class Course:
    """Three sessions from Tuesday, June 11, on: Tuesday, Thursday, Monday; Jonas stays after the second."""

    database: Database
    actor: Actor
    order: int

    def sessions(self) -> list[Visit]:
        with self.database.begin() as tx:
            return list(courses.visits_of_orders(tx, [self.order]))

    def days(self) -> list[int]:
        return [(visit.day - DAY).days for visit in self.sessions() if visit.status is VisitStatus.BOOKED]


@pytest.fixture
def course(database: Database) -> Iterator[Course]:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        clinic.nurse("Ana Imagined", phone="(614) 555-0100")
        user = accounts.create_user(
            tx, email=BY, name="Dana", password="for tests only", role=Role.DISPATCHER, region_id=1
        )
        actor = accounts.actor_of(user)
        patient = clinic.patient(phone="(614) 555-0142")
        order = clinic.order(clinic.protocol(), patient=patient, sessions=3)
        first, second, _ = (each.visit for each in series.book_series(tx, actor, order.id))
        adult = clinic.adult(patient)
        span = (local(second.day, 8), local(second.day, 20))
        files.record_presence(tx, actor, second.id, adult.id, *span, confirmed=True)
        assert first.day == DAY
    yield Course(database=database, actor=actor, order=order.id)


def test_what_a_move_does_is_shown_and_nothing_is_changed(course: Course) -> None:
    second = course.sessions()[1]
    with course.database.begin() as tx:
        seen = preview(tx, course.actor, Move(visit_id=second.id, day=on(6)))
    assert [each.sentence for each in seen.changes] == [
        "Session 1 moves from Tue, Jun 11 to Thu, Jun 13.",
        "Session 2 moves from Thu, Jun 13 to Mon, Jun 17.",
        "Session 3 moves from Mon, Jun 17 to Wed, Jun 19.",
    ]
    assert course.days() == [0, 2, 6]


def test_patient_and_adult_are_to_be_told(course: Course) -> None:
    second = course.sessions()[1]
    with course.database.begin() as tx:
        seen = preview(tx, course.actor, Move(visit_id=second.id, day=on(3)))
    patient, adult = seen.to_tell
    assert (patient.role, patient.phone, patient.what) == (
        "patient",
        "(614) 555-0142",
        ("Session 2 moves from Thu, Jun 13 to Fri, Jun 14.",),
    )
    assert (adult.name, adult.role) == ("Jonas Quill", "responsible adult")
    assert adult.what == ("Was to stay on Thu, Jun 13: ask for Fri, Jun 14, and record the answer.",)


def test_nurses_with_the_visit_on_their_published_route_are_to_be_told(course: Course) -> None:
    with course.database.begin() as tx:
        run = runs.queue(tx, tx.get_one(Region, 1), DAY, RunTrigger.COMMAND, now=utc_now())
        assert run is not None
        runs.begin(run, "test", utc_now())
    execute(course.database, run.id, engines())
    with course.database.begin() as tx:
        publish(tx, course.actor, tx.query(PlanRow).one().id)
        first = courses.visits_of_orders(tx, [course.order])[0]
        seen = preview(tx, course.actor, Move(visit_id=first.id, day=on(1)))
    nurse = seen.to_tell[-1]
    assert (nurse.name, nurse.role) == ("Ana Imagined", "nurse")
    assert nurse.what[0].startswith("Visit O01-1 on Tue, Jun 11 is on the published route")
    assert seen.planned == {DAY: PlanStatus.PUBLISHED}


def test_a_blocking_rule_is_named_before_anything_is_saved(course: Course) -> None:
    second = course.sessions()[1]
    with course.database.begin() as tx, pytest.raises(ActionError, match="Session 2 finds no day"):
        preview(tx, course.actor, Move(visit_id=second.id, day=on(4)))
    assert course.days() == [0, 2, 6]


def test_what_was_shown_is_saved(course: Course) -> None:
    second = course.sessions()[1]
    step = Move(visit_id=second.id, day=on(3))
    with course.database.begin() as tx:
        key = preview(tx, course.actor, step).key
    with course.database.begin() as tx:
        confirm(tx, course.actor, step, key)
    assert course.days() == [0, 3, 6]
    assert course.sessions()[1].fixed_day


def test_nothing_is_saved_where_it_would_do_something_else_by_now(course: Course) -> None:
    second = course.sessions()[1]
    step = Move(visit_id=second.id, day=on(3))
    with course.database.begin() as tx:
        key = preview(tx, course.actor, step).key
        series.move_session(tx, course.actor, second.id, on(6))
    before = course.days()
    with course.database.begin() as tx, pytest.raises(ActionError, match="something has changed"):
        confirm(tx, course.actor, step, key)
    assert course.days() == before


def test_a_missed_session_that_is_made_up(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: local(DAY, 18))
    first = course.sessions()[0]
    step = Drop(visit_id=first.id, status=VisitStatus.MISSED, make_up=True)
    with course.database.begin() as tx:
        seen = preview(tx, course.actor, step)
    sentences = [each.sentence for each in seen.changes]
    assert sentences[0] == "Session 1 on Tue, Jun 11 is missed."
    assert "Session 1 is booked for Wed, Jun 12." in sentences
    assert "Session 2 moves from Thu, Jun 13 to Fri, Jun 14." in sentences
    assert course.days() == [0, 2, 6]


class TestCommands:
    """`move-session` and `drop-session`."""

    @pytest.fixture
    def run(self, course: Course) -> Callable[..., Result]:
        settings = Settings(database_url=course.database.url, secret_key=DEMO_SECRET, demo=True)
        app = create_app(settings, database=course.database)
        return lambda *words: app.test_cli_runner().invoke(
            args=[words[0], "--region", "columbus", "--by", BY, *words[1:]]
        )

    def test_a_move_is_shown_then_saved(self, run: Callable[..., Result], course: Course) -> None:
        words = ("move-session", "--visit", "O01-2", "--to", str(on(3)))
        shown = run(*words)
        assert shown.exit_code == 0, shown.output
        assert "O01-2: Session 2 moves from Thu, Jun 13 to Fri, Jun 14." in shown.output
        assert "Tell Jonas Quill (responsible adult):" in shown.output
        assert shown.output.endswith("Nothing is saved yet: give --accept.\n")
        assert course.days() == [0, 2, 6]
        assert run(*words, "--accept").output.endswith("Saved.\n")
        assert course.days()[1] == 3

    def test_a_cancelled_one(self, run: Callable[..., Result], course: Course) -> None:
        done = run("drop-session", "--visit", "O01-2", "--status", "cancelled", "--accept")
        assert "O01-2: Session 2 on Thu, Jun 13 is cancelled." in done.output
        assert course.days() == [0, 3], "the third comes within 96 hours of the first"

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--visit", "O01-9", "--to", "2030-06-14"), "--visit 'O01-9' is unknown in columbus"),
            (("--visit", "O01-2", "--to", "soon"), "--to 'soon' is no date"),
            (("--visit", "O01-2", "--to", "2030-06-15"), "Session 2 finds no day"),
        ],
    )
    def test_one_clear_line(self, run: Callable[..., Result], words: tuple[str, ...], said: str) -> None:
        done = run("move-session", *words)
        assert (done.exit_code, said in done.output) == (2, True), done.output
