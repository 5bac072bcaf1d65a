"""A day's plan changed by hand: moved, pinned, undone, with exceptions, and by two at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app import clock
from app.actions import by_hand, plans, runs
from app.actions.actor import Actor
from app.actions.by_hand import Asked, Keep, Outcome, Seen, StaleError, Verdict
from app.actions.errors import ActionError
from app.engines import make_travel
from app.store.audit import entries
from app.store.engine import Database
from app.store.models import AcceptedExceptionRow, Nurse, Region, StopRow, Visit, VisitWindow
from app.store.models.plan import PlanStatus
from app.store.models.run import RunTrigger
from app.store.queries import by_hand as queries
from app.store.queries import plans as plan_queries
from scheduler.model import OperationRule
from scheduler.solve.cp_sat import CpSatSolver
from tests.support.executions import replan
from tests.support.filled import filled
from tests.support.rows import DAY, Clinic, local

NOW = local(DAY, 3) - timedelta(days=1)
REASON = "The family asked for it on the telephone."


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: NOW)


def seen_in(tx: Any) -> Seen:
    row = plan_queries.of_day(tx, 1, DAY, PlanStatus.DRAFT) or plan_queries.of_day(
        tx, 1, DAY, PlanStatus.PUBLISHED
    )
    return Seen(plan_id=row.id, revision=row.revision)


@dataclass(kw_only=True)
class Board:
    """A draft: `first` and `second` may start from 8 to 3, `narrow` from 9:00 to 9:30, to be over by 12. Ana
    and Ben may do all, but Ben is barred from `second`; Cleo holds nothing. `pair` takes Ana and Ben."""

    database: Database
    dana: Actor
    ben_too: Actor
    ana: int
    ben: int
    cleo: int
    first: int
    second: int
    narrow: int
    pair: int

    def seen(self) -> Seen:
        with self.database.begin() as tx:
            return seen_in(tx)

    def move(
        self,
        visit: int,
        nurse: int,
        start: datetime | None = None,
        *,
        actor: Actor | None = None,
        seen: Seen | None = None,
        giver: int | None = None,
        **more: Any,
    ) -> Verdict:
        asked = Asked(visit=visit, nurse=nurse, start=start, giver=giver)
        with self.database.begin() as tx:
            verdict, _ = by_hand.move(
                tx, actor or self.dana, DAY, seen or seen_in(tx), asked, make_travel, **more
            )
        return verdict

    def undo(self, actor: Actor | None = None) -> str:
        with self.database.begin() as tx:
            return by_hand.undo(tx, actor or self.dana, DAY, seen_in(tx)).words

    def redo(self, actor: Actor | None = None) -> str:
        with self.database.begin() as tx:
            return by_hand.redo(tx, actor or self.dana, DAY, seen_in(tx)).words

    def publish(self) -> None:
        with self.database.begin() as tx:
            plans.publish(tx, self.dana, seen_in(tx).plan_id)

    def stays(self, status: PlanStatus | None = None) -> dict[int, list[tuple[int, datetime]]]:
        """Of each served visit who comes, and when; in the draft where there is one."""
        with self.database.begin() as tx:
            first = status or PlanStatus.DRAFT
            row = plan_queries.of_day(tx, 1, DAY, first) or plan_queries.of_day(
                tx, 1, DAY, PlanStatus.PUBLISHED
            )
            assert row is not None
            found: dict[int, list[tuple[int, datetime]]] = {}
            for route in row.routes:
                for stop in route.stops:
                    found.setdefault(stop.visit_id, []).append((route.nurse_id, stop.start))
            return {visit: sorted(each) for visit, each in found.items()}

    def pin(self, visit: int) -> tuple[int | None, datetime | None]:
        with self.database.begin() as tx:
            row = tx.get_one(Visit, visit)
            return row.pinned_nurse_id, row.pinned_start

    def other_than(self, nurse: int) -> int:
        return self.ben if nurse == self.ana else self.ana

    def sound(self) -> None:
        """The draft is as a solver's would be: the referee and the rows agree, and it could be published."""
        with self.database.begin() as tx:
            region = tx.get_one(Region, 1)
            row = plan_queries.by_id(tx, seen_in(tx).plan_id, 1)
            assert row is not None
            verdict = plans.judge(tx, region, row)
            assert verdict.sound, (verdict.faults, verdict.changes)
            assert verdict.report is not None and verdict.report.cost is not None
            assert row.cost == verdict.report.cost.total
            assert row.travel_total == sum(route.travel_seconds for route in row.routes)
            assert row.visits_served == len({stop.visit_id for route in row.routes for stop in route.stops})


@pytest.fixture
def board(database: Database) -> Board:
    return replace(filled(database, drafted), database=database)


def drafted(database: Database) -> Board:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        ana, ben, cleo = clinic.nurse("Ana"), clinic.nurse("Ben"), clinic.nurse("Cleo", holds=())
        narrow = clinic.visit(windows=(((9, 0), (9, 30), (12, 0)),))
        first, second = clinic.visit(), clinic.visit(bars=[ben])
        pair = clinic.visit(clinic.protocol(staff=2), windows=(((14, 30), (14, 30), (18, 0)),))
        made = Board(
            database=database,
            dana=clinic.dispatcher(),
            ben_too=clinic.dispatcher(),
            ana=ana.id,
            ben=ben.id,
            cleo=cleo.id,
            first=first.id,
            second=second.id,
            narrow=narrow.id,
            pair=pair.id,
        )
    replan(database, DAY, clock.read(), CpSatSolver)
    return made


class TestAMove:
    """An accepted move changes the draft at once."""

    def test_to_another_nurse_is_stored_judged_and_pinned(self, board: Board) -> None:
        ((nurse, _),) = board.stays()[board.narrow]
        other = board.other_than(nurse)
        verdict = board.move(board.narrow, other)
        ((now, start),) = board.stays()[board.narrow]
        assert (verdict.outcome, now) == (Outcome.ACCEPTED, other)
        assert verdict.price.startswith(("+$", "-$", "$0"))
        assert board.pin(board.narrow) == (other, start)
        assert (start.second, start.microsecond) == (0, 0)
        board.sound()

    def test_is_kept_by_the_next_re_plan(self, board: Board) -> None:
        ((nurse, _),) = board.stays()[board.narrow]
        board.move(board.narrow, board.other_than(nurse), local(DAY, 9, 20))
        replan(board.database, DAY, clock.read(), CpSatSolver)
        assert board.stays()[board.narrow] == [(board.other_than(nurse), local(DAY, 9, 20))]

    def test_says_what_it_costs_and_what_moves_along(self, board: Board) -> None:
        stays = board.stays()
        ((nurse, _),) = stays[board.narrow]
        verdict = board.move(board.narrow, board.other_than(nurse), local(DAY, 9, 30))
        before = {visit: each for visit, each in stays.items() if visit != board.narrow}
        after = {visit: each for visit, each in board.stays().items() if visit != board.narrow}
        moved = sum(before[visit] != after[visit] for visit in before)
        assert len(verdict.moves_along) == moved
        assert all("($" not in line and "$" in line for line in verdict.costs)

    def test_may_leave_the_visit_unpinned(self, board: Board) -> None:
        board.move(board.narrow, board.ana, keep=Keep.NOTHING)
        assert board.pin(board.narrow) == (None, None)
        board.move(board.narrow, board.ben, keep=Keep.NURSE)
        assert board.pin(board.narrow) == (board.ben, None)
        board.sound()

    def test_of_a_pair_moves_one_nurse_s_stay(self, board: Board) -> None:
        assert [nurse for nurse, _ in board.stays()[board.pair]] == [board.ana, board.ben]
        verdict = board.move(board.pair, board.cleo, giver=board.ben)
        assert verdict.outcome is Outcome.REFUSED
        assert "Cleo lacks iv" in verdict.refusals[0]
        same = board.move(board.pair, board.ana, giver=board.ben)
        assert "takes two nurses" in " ".join(same.refusals)

    def test_leaves_the_published_plan_as_it_is(self, board: Board) -> None:
        board.publish()
        published = board.stays(PlanStatus.PUBLISHED)
        ((nurse, _),) = published[board.narrow]
        verdict = board.move(board.narrow, board.other_than(nurse))
        assert any("told" in line for line in verdict.costs)
        assert board.stays(PlanStatus.PUBLISHED) == published
        assert board.stays()[board.narrow][0][0] == board.other_than(nurse)
        board.sound()
        board.publish()
        assert board.stays(PlanStatus.PUBLISHED)[board.narrow][0][0] == board.other_than(nurse)

    def test_out_of_the_plan_and_back(self, board: Board) -> None:
        ((nurse, _),) = board.stays()[board.first]
        with board.database.begin() as tx:
            by_hand.leave_out(tx, board.dana, DAY, seen_in(tx), board.first, make_travel)
        assert board.first not in board.stays()
        with board.database.begin() as tx:
            row = queries.unassigned_row(tx, seen_in(tx).plan_id, board.first)
            assert row is not None and "It would fit" in row.reason
        board.sound()
        board.move(board.first, nurse)
        assert board.stays()[board.first][0][0] == nurse
        with board.database.begin() as tx:
            assert queries.unassigned_row(tx, seen_in(tx).plan_id, board.first) is None
        board.sound()

    def test_takes_in_what_was_booked_since(self, board: Board, database: Database) -> None:
        with database.begin() as tx:
            other = tx.get_one(Visit, board.narrow)
            late = Visit(
                region_id=1,
                code="V99",
                patient_id=other.patient_id,
                protocol_version_id=other.protocol_version_id,
                day=DAY,
                zone=other.zone,
                windows=[VisitWindow(earliest_start=local(DAY, 8), latest_start=local(DAY, 20))],
            )
            tx.add(late)
            tx.flush()
        before = board.stays()
        everywhere = board.move(late.id, board.ana)
        if everywhere.outcome is not Outcome.ACCEPTED:
            everywhere = board.move(late.id, board.ben)
        assert everywhere.outcome is Outcome.ACCEPTED, everywhere
        assert set(board.stays()) == {*before, late.id}
        board.sound()


class TestARefusal:
    """Rules of safety and law stand, whatever reason is given."""

    def refused(self, board: Board, *args: Any, **more: Any) -> str:
        before, seen = board.stays(), board.seen()
        verdict = board.move(*args, reason=REASON, **more)
        assert verdict.outcome is Outcome.REFUSED
        assert (board.stays(), board.seen()) == (before, seen)
        return " ".join(verdict.refusals)

    def test_a_missing_credential(self, board: Board) -> None:
        assert self.refused(board, board.first, board.cleo) == "Cleo lacks iv for V02."

    def test_a_nurse_in_two_places(self, board: Board) -> None:
        ((nurse, start),) = board.stays()[board.narrow]
        said = self.refused(board, board.first, nurse, start + timedelta(minutes=15))
        assert "cannot be there at" in said

    def test_a_visit_that_has_begun(self, board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
        board.publish()
        monkeypatch.setattr(clock, "read", lambda: local(DAY, 11))
        assert "has begun" in self.refused_of_published(board, board.narrow)

    def test_a_start_in_the_past(self, board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
        board.publish()
        monkeypatch.setattr(clock, "read", lambda: local(DAY, 7, 30))
        said = self.refused_of_published(board, board.first, local(DAY, 7))
        assert "is over" in said

    def refused_of_published(self, board: Board, visit: int, start: datetime | None = None) -> str:
        verdict = board.move(visit, board.ana, start, reason=REASON)
        assert verdict.outcome is Outcome.REFUSED
        return " ".join(verdict.refusals)

    def test_a_nurse_who_is_off(self, board: Board) -> None:
        with board.database.begin() as tx:
            eve = Clinic(tx=tx, region=tx.get_one(Region, 1), _numbers={"N": 9}).nurse("Eve", hours=None)
        assert self.refused(board, board.first, eve.id) == "Eve does not work on this day."

    def test_another_region_s_visit(self, board: Board) -> None:
        with board.database.begin() as tx:
            elsewhere = Clinic.make(tx, "cleveland").visit()
        with pytest.raises(ActionError, match="no such visit"):
            board.move(elsewhere.id, board.ana)

    def test_a_nurse_may_not(self, board: Board) -> None:
        with board.database.begin() as tx:
            clinic = Clinic(tx=tx, region=tx.get_one(Region, 1), _numbers={"U": 9})
            nurse = clinic.as_nurse(tx.get_one(Nurse, board.ana))
        with pytest.raises(ActionError, match="Only a dispatcher"):
            board.move(board.first, board.ana, actor=nurse)

    def test_while_the_day_is_planned(self, board: Board) -> None:
        with board.database.begin() as tx:
            runs.queue(tx, tx.get_one(Region, 1), DAY, RunTrigger.REPLAN, now=NOW)
        with pytest.raises(ActionError, match="being planned just now"):
            board.move(board.first, board.ana)


class TestAnException:
    """A rule of operation is broken with a reason, there and so far."""

    LATE = local(DAY, 10, 15)

    def narrow_late(self, board: Board, reason: str = REASON) -> tuple[Verdict, int]:
        ((nurse, _),) = board.stays()[board.narrow]
        with board.database.begin() as tx:
            for visit in (board.first, board.second):
                by_hand.leave_out(tx, board.dana, DAY, seen_in(tx), visit, make_travel)
        return board.move(board.narrow, nurse, self.LATE, reason=reason), nurse

    def test_needs_a_reason(self, board: Board) -> None:
        verdict, nurse = self.narrow_late(board, reason="  ")
        assert verdict.outcome is Outcome.NEEDS_REASON
        assert verdict.exceptions == (
            "V01 would start at 10:15 AM, 45 min after its latest start, 9:30 AM.",
            "V01 would end at 12:30 PM, 30 min after it must be over, 12:00 PM.",
        )
        assert board.stays()[board.narrow] != [(nurse, self.LATE)]

    def test_is_recorded_audited_and_may_be_published(self, board: Board) -> None:
        _, nurse = self.narrow_late(board)
        with board.database.begin() as tx:
            rows = queries.standing_exceptions(tx, 1, DAY)
            assert [(row.rule, row.visit_id, row.amount) for row in rows] == [
                (OperationRule.TOO_LATE, board.narrow, 45 * 60),
                (OperationRule.ENDS_TOO_LATE, board.narrow, 30 * 60),
            ]
            assert {(row.reason, row.accepted_by, row.accepted_at) for row in rows} == {
                (REASON, board.dana.user_id, NOW)
            }
            said = [entry for entry in entries(tx) if entry.action == "accept exception"]
            assert [entry.detail for entry in said] == ["ends_too_late, too_late: with a reason"]
            assert REASON not in " ".join(entry.detail for entry in entries(tx))
        board.sound()
        board.publish()
        assert board.stays(PlanStatus.PUBLISHED)[board.narrow] == [(nurse, self.LATE)]

    def test_is_kept_by_the_next_re_plan(self, board: Board) -> None:
        _, nurse = self.narrow_late(board)
        replan(board.database, DAY, clock.read(), CpSatSolver)
        assert board.stays()[board.narrow] == [(nurse, self.LATE)]
        board.sound()

    def test_does_not_cover_what_is_worse(self, board: Board) -> None:
        _, nurse = self.narrow_late(board)
        earlier = board.move(board.narrow, nurse, self.LATE - timedelta(minutes=15))
        assert earlier.outcome is Outcome.ACCEPTED
        later = board.move(board.narrow, nurse, self.LATE + timedelta(minutes=1))
        assert later.outcome is Outcome.NEEDS_REASON

    def test_ends_with_its_undoing(self, board: Board) -> None:
        self.narrow_late(board)
        board.undo()
        with board.database.begin() as tx:
            assert not queries.standing_exceptions(tx, 1, DAY)
        board.sound()
        board.redo()
        with board.database.begin() as tx:
            assert len(queries.standing_exceptions(tx, 1, DAY)) == 2
        board.sound()

    def test_of_a_barred_nurse(self, board: Board) -> None:
        verdict = board.move(board.second, board.ben, local(DAY, 12, 5), reason="")
        assert verdict.outcome is not Outcome.ACCEPTED
        assert "Ben is barred from the patient of V03." in verdict.exceptions

    def test_ends_with_the_draft(self, board: Board) -> None:
        board.publish()
        self.narrow_late(board)
        with board.database.begin() as tx:
            by_hand.discard(tx, board.dana, seen_in(tx).plan_id)
        with board.database.begin() as tx:
            assert not queries.standing_exceptions(tx, 1, DAY)
            assert tx.query(AcceptedExceptionRow).count() == 2
        assert board.pin(board.narrow) == (None, None)

    def test_never_of_the_time_between_sessions(self, board: Board) -> None:
        """What sessions of other days leave is a rule of safety, though it narrows windows too."""
        with board.database.begin() as tx:
            clinic = Clinic(tx=tx, region=tx.get_one(Region, 1), _numbers={"V": 50, "P": 50, "K": 50})
            order = clinic.order(protocol=clinic.protocol(), min_hours=24)
            wide = [
                VisitWindow(earliest_start=local(day, 8), latest_start=local(day, 15))
                for day in (DAY, DAY + timedelta(days=1))
            ]
            shared = {
                "region_id": 1,
                "patient_id": order.patient_id,
                "protocol_version_id": order.protocol.newest.id,
                "zone": "America/New_York",
                "order_id": order.id,
            }
            today = Visit(code="V70", day=DAY, session=1, windows=wide[:1], **shared)
            tomorrow = Visit(
                code="V71",
                day=DAY + timedelta(days=1),
                session=2,
                windows=wide[1:],
                pinned_nurse_id=board.ben,
                pinned_start=local(DAY + timedelta(days=1), 9),
                **shared,
            )
            tx.add_all([today, tomorrow])
        replan(board.database, DAY, clock.read(), CpSatSolver)
        with board.database.begin() as tx:
            for visit in (board.first, board.second):
                if any(stop.visit_id == visit for stop in tx.query(StopRow)):
                    by_hand.leave_out(tx, board.dana, DAY, seen_in(tx), visit, make_travel)
        verdict = board.move(today.id, board.ana, local(DAY, 12), reason=REASON)
        assert verdict.outcome is Outcome.REFUSED
        assert any("too close to another session" in sentence for sentence in verdict.refusals)


class TestUndo:
    """Several steps back and forth, each dispatcher her own."""

    def test_several_steps_and_forth_again(self, board: Board) -> None:
        def state() -> tuple[object, ...]:
            return board.stays(), board.pin(board.narrow), board.pin(board.first)

        ((nurse, _),) = board.stays()[board.narrow]
        seen = [state()]
        for minute in (10, 20, 30):
            board.move(board.narrow, nurse, local(DAY, 9, minute))
            seen.append(state())
        board.move(board.first, board.stays()[board.first][0][0], keep=Keep.NURSE)
        seen.append(state())
        assert len({repr(each) for each in seen}) == 5
        for before in reversed(seen[:-1]):
            board.undo()
            assert state() == before
            board.sound()
        with pytest.raises(ActionError, match="nothing to undo"):
            board.undo()
        for after in seen[1:]:
            board.redo()
            assert state() == after
            board.sound()
        with pytest.raises(ActionError, match="nothing to do again"):
            board.redo()

    def test_goes_on_in_the_draft_of_a_visit_booked_since(self, board: Board) -> None:
        """It takes the visit in as a new draft; what was done before can be undone in it too."""
        before = board.stays()
        board.move(board.narrow, board.ana, local(DAY, 9, 10))
        with board.database.begin() as tx:
            late = (
                Clinic(tx=tx, region=tx.get_one(Region, 1), _numbers={"V": 50, "P": 50, "K": 50}).visit().id
            )
        old = board.seen()
        board.move(late, board.ben, keep=Keep.NURSE)
        assert board.seen().plan_id != old.plan_id
        assert "V51 to Ben" in board.undo()
        assert board.undo() == "V01 to Ana, 9:10 AM"
        assert board.stays()[board.narrow] == before[board.narrow]
        assert board.pin(board.narrow) == (None, None)
        assert board.redo() == "V01 to Ana, 9:10 AM"
        board.sound()

    def test_after_the_day_is_planned_anew_is_safe(
        self, board: Board, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What planning has changed again is refused in words; a pin alone can still be taken back."""
        ((nurse, start),) = board.stays()[board.narrow]
        with board.database.begin() as tx:
            by_hand.pin(tx, board.dana, DAY, seen_in(tx), board.narrow, Keep.START)
        old = board.seen()
        replan(board.database, DAY, clock.read(), CpSatSolver)
        assert board.seen().plan_id != old.plan_id
        with (
            board.database.begin() as tx,
            pytest.raises(StaleError, match="There is another draft of the day"),
        ):
            by_hand.undo(tx, board.dana, DAY, old)
        assert "pinned to" in board.undo()
        assert board.pin(board.narrow) == (None, None)
        board.move(board.narrow, board.other_than(nurse), local(DAY, 9, 20), keep=Keep.NOTHING)
        with board.database.begin() as tx:
            tx.get_one(Visit, board.narrow).pinned_nurse_id = nurse
            tx.get_one(Visit, board.narrow).pinned_start = start
        monkeypatch.setattr(clock, "read", lambda: NOW + timedelta(hours=1))
        replan(board.database, DAY, clock.read(), CpSatSolver)
        with pytest.raises(ActionError, match=r"again\. The day has a new draft since, from 4:00 AM\."):
            board.undo()
        assert board.stays()[board.narrow] == [(nurse, start)]

    def test_discarding_the_next_draft_takes_pins_and_exceptions_of_the_one_before_back(
        self, board: Board
    ) -> None:
        board.publish()
        with board.database.begin() as tx:
            by_hand.pin(tx, board.dana, DAY, seen_in(tx), board.narrow, Keep.START)
        replan(board.database, DAY, clock.read(), CpSatSolver)
        with board.database.begin() as tx:
            by_hand.discard(tx, board.dana, seen_in(tx).plan_id)
        assert board.pin(board.narrow) == (None, None)

    def test_of_what_is_published_is_refused(self, board: Board) -> None:
        board.move(board.narrow, board.ana, local(DAY, 9, 10))
        board.publish()
        with pytest.raises(ActionError, match="this plan is published"):
            board.undo()

    def test_something_new_ends_what_could_be_done_again(self, board: Board) -> None:
        board.move(board.narrow, board.ana)
        board.undo()
        board.move(board.narrow, board.ben)
        with pytest.raises(ActionError, match="nothing to do again"):
            board.redo()

    def test_leaves_a_colleague_s_move_alone(self, board: Board) -> None:
        ((nurse, _),) = board.stays()[board.narrow]
        board.move(board.narrow, nurse, local(DAY, 9, 10))
        with board.database.begin() as tx:
            by_hand.pin(tx, board.ben_too, DAY, seen_in(tx), board.pair, Keep.NURSE)
        words = board.undo()
        assert words.startswith("V01 to")
        assert board.pin(board.pair)[0] is not None
        board.sound()

    def test_is_refused_where_a_colleague_has_moved_the_same(self, board: Board) -> None:
        ((nurse, _),) = board.stays()[board.narrow]
        board.move(board.narrow, nurse, local(DAY, 9, 10))
        board.move(board.narrow, nurse, local(DAY, 9, 20), actor=board.ben_too)
        with pytest.raises(ActionError, match="Dana Whitfield has since: V01 to"):
            board.undo()
        assert board.stays()[board.narrow] == [(nurse, local(DAY, 9, 20))]


class TestPins:
    """Nurse, or nurse and start; and unpinned again."""

    def pin(self, board: Board, visit: int, keep: Keep) -> None:
        with board.database.begin() as tx:
            by_hand.pin(tx, board.dana, DAY, seen_in(tx), visit, keep)

    def test_set_and_taken_away(self, board: Board) -> None:
        ((nurse, start),) = board.stays()[board.narrow]
        for keep, pinned in (
            (Keep.NURSE, (nurse, None)),
            (Keep.START, (nurse, start)),
            (Keep.NOTHING, (None, None)),
        ):
            self.pin(board, board.narrow, keep)
            assert board.pin(board.narrow) == pinned
            board.sound()
        board.undo()
        assert board.pin(board.narrow) == (nurse, start)

    def test_of_a_visit_without_a_nurse(self, board: Board) -> None:
        with board.database.begin() as tx:
            by_hand.leave_out(tx, board.dana, DAY, seen_in(tx), board.first, make_travel)
        with pytest.raises(ActionError, match="V02 has no nurse to be pinned to"):
            self.pin(board, board.first, Keep.START)


class TestTwoAtOnce:
    """Nobody overwrites what she has not seen."""

    @pytest.mark.parametrize("act", ["move", "undo", "pin", "publish", "leave_out"])
    def test_who_acts_on_an_old_plan_is_told_what_has_changed(self, board: Board, act: str) -> None:
        ((nurse, _),) = board.stays()[board.narrow]
        board.move(board.narrow, nurse, local(DAY, 9, 10), actor=board.ben_too)
        old = board.seen()
        board.move(board.narrow, nurse, local(DAY, 9, 20), actor=board.dana)
        before = board.stays()
        acts: dict[str, Callable[[Any], object]] = {
            "move": lambda tx: by_hand.move(
                tx, board.ben_too, DAY, old, Asked(visit=board.first, nurse=board.ana), make_travel
            ),
            "undo": lambda tx: by_hand.undo(tx, board.ben_too, DAY, old),
            "pin": lambda tx: by_hand.pin(tx, board.ben_too, DAY, old, board.first, Keep.NURSE),
            "publish": lambda tx: by_hand.publish(tx, board.ben_too, old),
            "leave_out": lambda tx: by_hand.leave_out(tx, board.ben_too, DAY, old, board.first, make_travel),
        }
        with pytest.raises(StaleError) as stale, board.database.begin() as tx:
            acts[act](tx)
        assert stale.value.changes == (
            f"Dana Whitfield at 3:00 AM: V01 to {'Ana' if nurse == board.ana else 'Ben'}, 9:20 AM.",
        )
        assert board.stays() == before

    def test_a_plan_made_anew_is_told_too(self, board: Board) -> None:
        old = board.seen()
        replan(board.database, DAY, clock.read())
        with pytest.raises(StaleError, match="another draft of the day"):
            board.move(board.first, board.ana, seen=old)

    def test_a_move_from_what_was_seen_goes_through(self, board: Board) -> None:
        seen = board.seen()
        ((nurse, _),) = board.stays()[board.narrow]
        board.move(board.narrow, nurse, local(DAY, 9, 10), seen=seen)
        assert board.seen() != seen
