"""What changes between two plans of a day, and how that is told."""

from __future__ import annotations

from scheduler.explain import (
    ChangeKind,
    Changes,
    Names,
    Unkept,
    UnkeptKind,
    change_lines,
    change_table,
    changes_between,
    nurse_sentences,
    patients_to_tell,
    share_of_changes,
    unkept_sentence,
)
from scheduler.model import Plan
from tests.support.problems import at, street, street_plan

NAMES = Names(
    clock=lambda seconds: f"{seconds // 3600}:{seconds % 3600 // 60:02}",
    nurses={"ana": "Ana", "ben": "Ben", "cleo": "Cleo"},
    visits={"v1": "V-1", "v2": "V-2"},
)


def changed(plan: Plan, gone: str = "") -> Changes:
    """From the street's plan to another."""
    problem = street()
    left = problem.replace(visits=tuple(visit for visit in problem.visits if visit.id != gone))
    return changes_between((problem, street_plan()), (left, plan))


def kinds(changes: Changes) -> dict[str, tuple[ChangeKind, ...]]:
    return {change.visit: change.kinds for change in changes.changed}


def moved_by(seconds: int) -> Plan:
    """The street's plan with Ana's first stop so much later."""
    plan = street_plan()
    route = plan.routes[0]
    first = route.stops[0]
    later = first.replace(start=first.start + seconds, end=first.end + seconds)
    return plan.replace(routes=(route.replace(stops=(later, *route.stops[1:])), *plan.routes[1:]))


def first_visit() -> str:
    return street().visit_by_task[street_plan().routes[0].stops[0].task].id


def test_a_plan_does_not_differ_from_itself() -> None:
    same = changed(street_plan())
    assert same.changed == ()
    assert same.nurses == ()
    assert share_of_changes(same) == "No visit changes."
    assert list(change_table(same, NAMES)) == []


def test_a_quarter_of_an_hour_is_nobodys_news_and_more_is() -> None:
    assert changed(moved_by(900)).changed == ()
    later = changed(moved_by(901))
    assert kinds(later) == {first_visit(): (ChangeKind.MOVED,)}
    assert [news.moved for news in later.nurses] == [(first_visit(),)]


def test_a_visit_that_goes_to_another_nurse_is_news_to_both() -> None:
    plan = street_plan()
    ana, ben, *rest = plan.routes
    swapped = plan.replace(
        routes=(ana.replace(stops=ben.stops), ben.replace(stops=ana.stops), *rest),
    )
    changes = changed(swapped)
    assert all(ChangeKind.OTHER_NURSE in each for each in kinds(changes).values())
    nurses = {shift.id: shift.nurse for shift in street().shifts}
    by_nurse = {news.nurse: news for news in changes.nurses}
    alone = by_nurse[nurses[ana.shift]]
    assert alone.gained
    assert alone.lost


def test_a_visit_left_out_and_one_cancelled_are_told_apart() -> None:
    plan = street_plan()
    route, visit = plan.routes[-1], "v5"
    shorter = plan.replace(
        routes=tuple(each.replace(stops=each.stops[:-1]) if each is route else each for each in plan.routes)
    )
    assert ChangeKind.LEFT_OUT in kinds(changed(shorter))[visit]
    assert ChangeKind.CANCELLED in kinds(changed(shorter, gone=visit))[visit]
    back = changes_between((street(), shorter), (street(), plan))
    assert ChangeKind.NOW_SERVED in kinds(back)[visit]


def test_the_words_name_times_and_nurses() -> None:
    line = change_lines(changed(moved_by(3600)), NAMES)[0]
    assert line.what == "1 h later"
    assert line.before.split()[1] == line.after.split()[1]
    sentence = nurse_sentences(changed(moved_by(3600)), NAMES)[0]
    assert sentence.endswith("at another time.")
    assert patients_to_tell(changed(moved_by(3600)), NAMES) == NAMES.visit(first_visit())


def test_everything_that_cannot_be_kept_has_a_sentence() -> None:
    for kind in UnkeptKind:
        said = unkept_sentence(
            Unkept(kind=kind, visit="v1", nurse="ana", planned=at(9), possible=at(10)), NAMES
        )
        assert said.endswith(".")
        assert "V-1" in said or "Ana" in said
    lost = Unkept(kind=UnkeptKind.BREAK, nurse="ana", planned=at(13))
    assert unkept_sentence(lost, NAMES) == "Ana finds no time for her break."
