"""Each cause, set up on the street: the referee's hardest first."""

from __future__ import annotations

import pytest

from scheduler.explain import Cause, NurseWhyNot, WhyNot, why_unassigned
from scheduler.model import Lag, Pin, Plan, Problem, Route, Shift, Visit
from tests.support.problems import (
    HOUR,
    at,
    shift,
    stop,
    street,
    street_matrix,
    street_plan,
    task,
    together,
    visit,
    window,
)

NOBODY = Plan(routes=(), unassigned=("new",))


def day(new: Visit, *shifts: Shift, pins: tuple[Pin, ...] = ()) -> Problem:
    """The street's places, one visit, and these shifts."""
    return street().replace(visits=(new,), shifts=shifts, pins=pins)


def why(problem: Problem, plan: Plan = NOBODY, visit: str = "new") -> WhyNot:
    return why_unassigned(problem, street_matrix(problem), plan, visit)


def only(found: WhyNot) -> NurseWhyNot:
    (entry,) = found.nurses
    return entry


ANA = shift("s-ana", "ana", "ana-home", at(8), at(12))
BEN = shift("s-ben", "ben", "ben-home", at(8), at(12))
HOUR_AT_P3 = task("new.1", "p3", 60, window(at(9), at(10)))


def test_an_unknown_visit_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        why(street(), street_plan(), "v9")


def test_barred_comes_before_all_else() -> None:
    new = visit("new", task("new.1", "p3", 60, credentials=("acls",)), barred=("ana",))
    entry = only(why(day(new, ANA)))
    assert (entry.cause, entry.missing) == (Cause.BARRED, ("acls",))


def test_all_missing_credentials_are_named() -> None:
    new = visit("new", task("new.1", "p3", 60, credentials=("rn", "picc", "acls")))
    entry = only(why(day(new, ANA)))
    assert (entry.cause, entry.missing) == (Cause.CREDENTIAL, ("acls", "picc"))


def test_pinned_to_somebody_else() -> None:
    found = why(
        day(
            visit("new", HOUR_AT_P3), ANA, BEN.replace(max_visits=0), pins=(Pin(task="new.1", shift="s-ben"),)
        )
    )
    ana, ben = found.nurses
    assert (ana.cause, ana.pinned_nurse) == (Cause.PINNED_ELSEWHERE, "ben")
    assert ben.cause is Cause.MOST_VISITS


def test_pinned_to_a_start_outside_the_windows() -> None:
    pin = Pin(task="new.1", shift="s-ana", start=at(8, 45))
    entry = only(why(day(visit("new", HOUR_AT_P3), ANA, pins=(pin,))))
    assert (entry.cause, entry.pinned_start) == (Cause.PIN_OUTSIDE_WINDOW, at(8, 45))


@pytest.mark.parametrize("first", [at(7), at(11, 30)])
def test_a_window_that_no_stay_within_her_hours_keeps(first: int) -> None:
    new = visit("new", task("new.1", "p3", 60, window(first, first + 600, first + 4200)))
    entry = only(why(day(new, ANA)))
    assert (entry.cause, entry.hours) == (Cause.WINDOW_OUTSIDE_SHIFT, (at(8), at(12)))


def test_allowed_overtime_counts_as_her_hours() -> None:
    new = visit("new", task("new.1", "p3", 60, window(at(11, 30), at(11, 40))))
    entry = only(why(day(new, ANA.replace(max_overtime=2 * HOUR))))
    assert (entry.cause, entry.hours) == (Cause.FITS, (at(8), at(14)))


def test_a_stay_that_fits_her_hours_only_without_the_drives() -> None:
    new = visit("new", task("new.1", "p3", 60, window(at(8), at(8, 30))))
    assert only(why(day(new, ANA))).cause is Cause.SHIFT_HOURS


def test_full_by_count() -> None:
    problem = street().replace(
        visits=(*street().visits, visit("new", task("new.1", "p1", 5, credentials=("picc",))))
    )
    plan = street_plan().replace(unassigned=("v6", "new"))
    ana = why(problem, plan).nurses[0]
    assert (ana.nurse, ana.cause, ana.most_visits) == ("ana", Cause.MOST_VISITS, 3)


def busy_ana() -> tuple[Problem, Plan]:
    """Ana does an hour at p3 from 9:00 to 10:00; another such hour is left out."""
    problem = day(visit("new", HOUR_AT_P3), ANA)
    done = visit("done", task("done.1", "p3", 60, window(at(9), at(9, 30))))
    problem = problem.replace(visits=(*problem.visits, done))
    stops = (stop("done.1", at(9), at(9), 60),)
    return problem, Plan(
        routes=(Route(shift="s-ana", departure=at(8, 20), stops=stops, finish=at(10, 40)),),
        unassigned=("new",),
    )


def test_full_by_time() -> None:
    problem, plan = busy_ana()
    late = problem.visits[0].modes[0].tasks[0].replace(windows=(window(at(9), at(9, 30)),))
    problem = problem.replace(visits=(visit("new", late), problem.visits[1]))
    assert only(why(problem, plan)).cause is Cause.NO_ROOM


def test_what_fits_is_said_to_fit() -> None:
    problem, plan = busy_ana()
    entry = only(why(problem, plan))
    assert (entry.cause, entry.starts) == (Cause.FITS, ((at(10), at(10)),))


def test_a_stop_tied_to_another_nurse_is_not_moved() -> None:
    """Ana could make room by doing her half of the pair later, but Ben's half would have to move with it."""
    pair = visit(
        "pair",
        task("pair.1", "p3", 60, window(at(8), at(12))),
        task("pair.2", "p3", 60, window(at(8), at(12))),
        lags=(together("pair.1", "pair.2"),),
    )
    problem = day(visit("new", task("new.1", "p3", 60, window(at(8, 45), at(9, 30)))), ANA, BEN)
    problem = problem.replace(visits=(*problem.visits, pair), shifts=(ANA.replace(end=at(16)), BEN))
    plan = Plan(
        routes=(
            Route(
                shift="s-ana",
                departure=at(8, 20),
                stops=(stop("pair.1", at(9), at(9), 60),),
                finish=at(10, 40),
            ),
            Route(
                shift="s-ben",
                departure=at(8, 40),
                stops=(stop("pair.2", at(9), at(9), 60),),
                finish=at(10, 20),
            ),
        ),
        unassigned=("new",),
    )
    assert [entry.cause for entry in why(problem, plan).nurses] == [Cause.NO_ROOM, Cause.NO_ROOM]
    alone = problem.replace(visits=(problem.visits[0], pair.replace(modes=(pair.modes[0].replace(lags=()),))))
    assert why(alone, plan).nurses[0].cause is Cause.FITS


def test_her_other_shift_takes_its_time() -> None:
    problem, plan = busy_ana()
    evening = ANA.replace(id="s-more", start=at(9), end=at(13))
    problem = problem.replace(shifts=(ANA, evening))
    first, second = why(problem, plan).nurses
    assert (first.shift, first.cause) == ("s-ana", Cause.FITS)
    assert (second.shift, second.cause) == ("s-more", Cause.NO_ROOM)


def pair_visit(**lag: int) -> Visit:
    return visit(
        "new",
        task("new.1", "p3", 60, window(at(9), at(10))),
        task("new.2", "p3", 60, window(at(9), at(10)), credentials=("rn", "picc")),
        lags=(Lag(first="new.1", then="new.2", **lag),),
    )


PICC = frozenset({"rn", "picc"})


def test_a_pair_with_one_nurse_only() -> None:
    entries = why(day(pair_visit(), ANA.replace(credentials=PICC))).nurses
    assert [(entry.task, entry.cause) for entry in entries] == [
        ("new.1", Cause.PAIR_PARTNER),
        ("new.2", Cause.PAIR_PARTNER),
    ]


def test_a_pair_that_fits() -> None:
    entries = why(day(pair_visit(), ANA.replace(credentials=PICC), BEN)).nurses
    assert [(entry.task, entry.nurse, entry.cause) for entry in entries] == [
        ("new.1", "ana", Cause.PAIR_PARTNER),  # nobody else could do the other half
        ("new.1", "ben", Cause.FITS),
        ("new.2", "ana", Cause.FITS),
        ("new.2", "ben", Cause.CREDENTIAL),
    ]


def test_two_shifts_of_one_nurse_are_no_pair() -> None:
    problem = day(pair_visit(), ANA.replace(credentials=PICC), BEN.replace(nurse="ana"))
    assert Cause.FITS not in {entry.cause for entry in why(problem).nurses}
    (mode,) = problem.visits[0].modes
    alike = problem.visits[0].replace(modes=(mode.replace(distinct_nurses=False),))
    assert Cause.FITS in {entry.cause for entry in why(problem.replace(visits=(alike,))).nurses}


@pytest.mark.parametrize(("most", "fits"), [(89, False), (90, True)])
def test_a_lag_that_their_times_can_or_cannot_match(most: int, fits: bool) -> None:
    """Ana can be at p3 at 8:40 and Ben, from 10:00 on, at 10:20; the first must be begun by 8:50."""
    new = visit(
        "new",
        task("new.1", "p3", 30, window(at(8), at(8, 50))),
        task("new.2", "p3", 30),
        lags=(Lag(first="new.1", then="new.2", min_s=0, max_s=most * 60),),
    )
    entries = why(day(new, ANA, BEN.replace(start=at(10)))).nurses
    assert (Cause.FITS in {entry.cause for entry in entries}) is fits


def test_three_at_once_need_three() -> None:
    tasks = [task(f"new.{index}", "p3", 30) for index in (1, 2, 3)]
    new = visit("new", *tasks, lags=(together("new.1", "new.2"), together("new.2", "new.3")))
    cleo = shift("s-cleo", "cleo", "cleo-home", at(8), at(12))
    assert {entry.cause for entry in why(day(new, ANA, BEN)).nurses} == {Cause.PAIR_PARTNER}
    assert {entry.cause for entry in why(day(new, ANA, BEN, cleo)).nurses} == {Cause.FITS}


def test_lags_that_contradict_each_other_match_nobody() -> None:
    new = visit(
        "new",
        task("new.1", "p3", 30),
        task("new.2", "p3", 30),
        lags=(together("new.1", "new.2"), Lag(first="new.2", then="new.1", min_s=60, max_s=60)),
    )
    assert {entry.cause for entry in why(day(new, ANA, BEN)).nurses} == {Cause.PAIR_PARTNER}


def test_modes_that_the_pins_rule_out_are_not_asked_about() -> None:
    problem = street().replace(pins=(Pin(task="v4.1", shift="s-cleo"),))
    found = why(problem, street_plan(), "v4")
    assert [mode.id for mode in found.modes] == ["through"]
    assert {entry.task for entry in found.nurses} == {"v4.1"}


def test_without_shifts_there_is_nobody_to_ask() -> None:
    assert why(day(visit("new", HOUR_AT_P3))).nurses == ()
