"""What the picture of a plan shows."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from scheduler.model import Plan, Promise, Route, Spacing
from scheduler.picture import Search, render, view
from scheduler.picture.clock import Clock
from scheduler.picture.view import View
from scheduler.travel import GivenTimes
from tests.support.pictures import material, page
from tests.support.problems import (
    HOUR,
    STREET_PLAN_COST,
    at,
    place,
    shift,
    stop,
    street,
    street_matrix,
    street_plan,
    task,
    visit,
)


def street_view(plan: Plan | None = None, search: Search | None = None) -> View:
    return view(material(street(), plan or street_plan(), search=search))


def figure(shown: View, name: str) -> tuple[str, str]:
    return next((each.value, each.more) for each in shown.figures if each.name == name)


class TestTheFigures:
    def test_are_the_checkers(self) -> None:
        shown = street_view()
        assert figure(shown, "Visits served") == ("5 of 6", "1 left out")
        assert figure(shown, "Cost") == ("$1,076.67", "a given plan: nothing proven")
        assert figure(shown, "Driving") == ("2 h 40 min", "53 min a shift")
        assert figure(shown, "Waiting") == ("3 h 25 min", "1 h 08 min a shift")
        assert figure(shown, "Overtime") == ("none", "")

    def test_parts_of_the_cost_add_up_and_those_of_nothing_are_left_out(self) -> None:
        parts = street_view().cost_parts
        assert [(part.name, part.value) for part in parts] == [
            ("travel", "$66.67"),
            ("not preferred", "$10.00"),
            ("visits left out", "$1,000.00"),
        ]
        assert sum(part.share for part in parts) == pytest.approx(100, abs=0.1)

    def test_say_how_far_series_keep_their_nurse(self) -> None:
        ties = (("v1", "v2"), ("v4", "v5"))
        spacings = tuple(Spacing(first=first, then=then, change_cost=3600) for first, then in ties)
        shown = view(material(street().replace(spacings=spacings), street_plan()))
        assert figure(shown, "Same nurse") == ("50 %", "of 2 sessions after another")
        assert ("continuity", "$1.00") in [(part.name, part.value) for part in shown.cost_parts]
        assert "Same nurse" not in [each.name for each in street_view().figures]

    @pytest.mark.parametrize(
        ("bound", "words"),
        [
            (None, "no lower bound known"),
            (STREET_PLAN_COST, "proven to be the least possible"),
            (STREET_PLAN_COST // 2, "proven bound $538.33: at most 100 % above the least possible"),
            (STREET_PLAN_COST - 1, "proven bound $1,076.67: at most 0.01 % above the least possible"),
            (0, "proven bound $0.00"),
        ],
    )
    def test_tell_what_is_proven(self, bound: int | None, words: str) -> None:
        search = Search(solver="engine", seed=7, seconds=1.25, bound=bound)
        shown = street_view(search=search)
        assert figure(shown, "Cost")[1] == words
        assert figure(shown, "Search") == ("1.2 s", "engine, seed 7")

    def test_of_a_plan_of_unknown_things_say_so(self) -> None:
        shown = street_view(street_plan().replace(unassigned=("v6", "ghost")))
        assert figure(shown, "Cost")[0] == "unknown"
        assert shown.cost_parts == ()
        assert [violation.code for violation in shown.violations] == ["unknown_visit"]


class TestTheTimeline:
    def test_has_a_row_a_route_with_its_stops_in_percent_of_the_axis(self) -> None:
        timeline = street_view().timeline
        assert [row.route.day.shift.nurse for row in timeline.rows] == ["ana", "ben", "cleo"]
        assert [tick.text for tick in timeline.ticks][:2] == ["08:00", "09:00"]
        first = timeline.rows[0].bars[0]
        assert first.box.left == pytest.approx(5)  # 8:30 in 8:00 to 18:00
        assert first.box.width == pytest.approx(20)

    def test_marks_drives_waits_and_breaks(self) -> None:
        ana = street_view().timeline.rows[0]
        assert [mark.text for mark in ana.marks] == [
            "drive 10 min",
            "drive 30 min",
            "drive 20 min",
            "drive 20 min",
            "wait 30 min",
            "break 30 min",
        ]

    def test_ties_the_stays_of_a_visit(self) -> None:
        shown = street_view()
        assert {link.visit for link in shown.timeline.links} == {"v3", "v4"}
        notes = {bar.stop.stay.task.id: bar.stop.notes for row in shown.timeline.rows for bar in row.bars}
        assert "starts together with ben on route 2" in notes["v3.1"]
        assert "cleo on route 3 starts 1 h 25 min later" in notes["v4.2"]
        assert "ben on route 2 starts 1 h 25 min before" in notes["v4.3"]

    def test_shows_lateness_overtime_and_broken_promises(self) -> None:
        plan = street_plan()
        late = stop("v5.1", at(12, 25), at(15), 60)
        last = plan.routes[2].replace(stops=(plan.routes[2].stops[0], late), finish=at(19))
        told = Promise(task="v5.1", nurse="ben", start=at(14))
        problem = street().replace(promises=(told,))
        shown = view(material(problem, plan.replace(routes=(*plan.routes[:2], last))))
        bar = shown.timeline.rows[2].bars[1]
        assert bar.overdue is not None
        assert {"late by 30 min", "the patient was told ben at 14:00"} <= set(bar.stop.notes)
        assert "overtime 1 h" in [mark.text for mark in shown.timeline.rows[2].marks]

    def test_a_shift_without_visits_is_listed(self) -> None:
        shown = street_view(Plan(routes=(), unassigned=tuple(visit.id for visit in street().visits)))
        assert shown.timeline.rows == ()
        assert [idle.nurse for idle in shown.idle] == ["ana", "ben", "cleo"]


class TestTheMap:
    def test_stops_at_one_place_share_a_spot(self) -> None:
        spots = street_view().chart.spots
        stops = sorted(sorted(stop.stay.task.id for stop in spot.stops) for spot in spots if spot.stops)
        assert stops == [["v1.1"], ["v2.1"], ["v3.1", "v3.2"], ["v4.2", "v4.3"], ["v5.1"]]

    def test_shows_what_is_left_out(self) -> None:
        left_out = [entry for spot in street_view().chart.spots for entry in spot.left_out]
        assert [entry.visit for entry in left_out] == ["v6"]
        assert "No nurse working that day holds acls." in left_out[0].tip

    def test_a_layout_from_drives_is_called_one(self) -> None:
        problem = street()
        here = tuple(each.replace(latitude=0.0, longitude=0.0) for each in problem.places)
        given = GivenTimes(times=street_matrix(problem))
        shown = view(material(problem.replace(places=here), street_plan(), travel=given))
        assert not shown.chart.geographic
        assert "A layout, not geography" in render(shown)
        assert "A layout, not geography" not in page()


def test_reasons_are_in_words() -> None:
    (left_out,) = street_view().left_out
    assert left_out.summary == "No nurse working that day holds acls."
    assert left_out.price == "leaving it out costs $1,000.00"


def test_a_visit_the_plan_forgot_is_among_those_left_out() -> None:
    shown = street_view(street_plan().replace(unassigned=()))
    assert [entry.summary for entry in shown.left_out] == ["The plan does not mention it."]


@pytest.mark.parametrize(
    ("seconds", "scale", "time", "length"),
    [
        (8 * HOUR + 300, 60, "08:05", "8 h 05 min"),
        (24 * HOUR, 60, "24:00", "24 h"),
        (25 * HOUR, 60, "1 d 01:00", "25 h"),
        (20, 60, "00:00", "under 1 min"),
        (0, 60, "00:00", "0 min"),
        (90_000, 1000, "01:30", "1 h 30 min"),
    ],
)
def test_times_are_those_of_a_clock(seconds: int, scale: int, time: str, length: str) -> None:
    clock = Clock(seconds_per_minute=scale)
    assert (clock.time(seconds), clock.length(seconds)) == (time, length)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}


HOSTILE = "</script></title><img src=x onerror=alert(1)>\"'{{ 7*7 }}"


def test_no_id_becomes_markup() -> None:
    problem = street().replace(
        places=(place("home", 0), place(HOSTILE, 10)),
        visits=(
            visit(HOSTILE, task(HOSTILE, HOSTILE, 60)),
            visit(f"{HOSTILE}2", task(f"{HOSTILE}2", HOSTILE, 60, credentials=(HOSTILE,))),
        ),
        shifts=(shift(HOSTILE, HOSTILE, "home"),),
    )
    route = Route(
        shift=HOSTILE,
        departure=at(8),
        stops=(stop(HOSTILE, at(8, 10), at(8, 10), 60),),
        finish=at(9, 20),
    )
    read = _Tags()
    read.feed(page(problem, Plan(routes=(route,), unassigned=(f"{HOSTILE}2",))))
    assert "img" not in read.tags
    assert read.tags.count("script") == 1
    assert not [name for name in read.attributes if name.startswith("on")]


def test_the_page_names_no_other_place() -> None:
    assert re.findall(r"(?:https?:)?//[\w.]+\.\w+|@import|url\(", page()) == []


@pytest.mark.parametrize("shifts", [street().shifts, ()])
def test_a_day_without_visits_has_a_page(shifts: tuple[()]) -> None:
    assert "nobody drives out" in page(street().replace(visits=(), shifts=shifts), Plan(routes=()))
