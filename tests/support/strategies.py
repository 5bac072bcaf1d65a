"""Hypothesis strategies for the model: any record that can be, small but odd."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations

from hypothesis import strategies as st

from scheduler.model import (
    Break,
    Gate,
    GateKind,
    HourLimit,
    Lag,
    Mode,
    Phase,
    Pin,
    Place,
    Plan,
    Problem,
    Promise,
    Route,
    Shift,
    Spacing,
    Span,
    Stop,
    Supply,
    Task,
    Visit,
    Weights,
    Window,
    Worth,
)

DAY = 24 * 3600

_names = st.text(min_size=1, max_size=5).filter(lambda text: bool(text.strip()))
_name_sets = st.frozensets(_names, max_size=3)
_seconds = st.integers(0, DAY)
_points = st.integers(0, 10**12)
_origins = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))

_supplies = st.lists(
    st.builds(Supply, item=_names, units=st.integers(0, 9)), max_size=2, unique_by=lambda supply: supply.item
).map(tuple)


@st.composite
def gates(draw: st.DrawFn) -> Gate:
    """A gate with up to two spans."""
    since, until = sorted((draw(_seconds), draw(_seconds)))
    bounds = [sorted((draw(_seconds), draw(_seconds))) for _ in range(draw(st.integers(0, 2)))]
    spans = tuple(Span(start=start - DAY // 2, end=end) for start, end in bounds)
    return Gate(kind=draw(st.sampled_from(GateKind)), spans=spans, since=since, until=until)


@st.composite
def spacings(draw: st.DrawFn, first: str, then: str) -> Spacing:
    """Between these visits."""
    low, high = sorted((draw(_seconds), draw(_seconds)))
    return Spacing(
        first=first,
        then=then,
        min_s=low,
        max_s=draw(st.none() | st.just(high)),
        needs_first=draw(st.booleans()),
        change_cost=draw(_points),
    )


@st.composite
def hour_limits(draw: st.DrawFn, nurse: str) -> HourLimit:
    """Of any time at all."""
    start, end = sorted(draw(st.lists(_seconds, min_size=2, max_size=2, unique=True)))
    return HourLimit(nurse=nurse, start=start, end=end, max_seconds=draw(_seconds))


@st.composite
def places(draw: st.DrawFn, name: str) -> Place:
    """A place of that id, anywhere on earth."""
    return Place(id=name, latitude=draw(st.floats(-90, 90)), longitude=draw(st.floats(-180, 180)))


@st.composite
def windows(draw: st.DrawFn, duration: int, *, soft: bool) -> Window:
    """A window that a stay of `duration` fits."""
    earliest, latest = sorted((draw(_seconds), draw(_seconds)))
    latest_end = draw(st.none() | st.integers(earliest + duration, earliest + duration + DAY))
    return Window(earliest_start=earliest, latest_start=latest, latest_end=latest_end, soft=soft)


@st.composite
def tasks(draw: st.DrawFn, name: str, place: str) -> Task:
    """A task of that id at that place."""
    phases = draw(st.lists(st.builds(Phase, name=_names, duration=st.integers(0, DAY)), max_size=3))
    duration = sum(phase.duration for phase in phases) if phases else draw(_seconds)
    soft = draw(st.booleans())
    found = draw(st.lists(windows(duration, soft=soft), min_size=1, max_size=3))
    return Task(
        id=name,
        place=place,
        duration=duration,
        windows=tuple(sorted(found, key=lambda window: window.earliest_start)),
        credentials=draw(_name_sets),
        phases=tuple(phases),
        uses=draw(_supplies),
    )


@st.composite
def modes(draw: st.DrawFn, name: str, prefix: str, known_places: list[str]) -> Mode:
    """A mode of one task, or of two with a lag."""
    count = draw(st.integers(1, 2))
    ids = [f"{prefix}.{index}" for index in range(count)]
    low, high = sorted((draw(_seconds), draw(_seconds)))
    lags = (Lag(first=ids[0], then=ids[1], min_s=low, max_s=high),) if count == 2 else ()
    found = tuple(draw(tasks(id, draw(st.sampled_from(known_places)))) for id in ids)
    return Mode(id=name, tasks=found, lags=lags, distinct_nurses=draw(st.booleans()))


@st.composite
def visits(draw: st.DrawFn, name: str, known_places: list[str]) -> Visit:
    """A visit of one or two modes."""
    preferred = draw(_name_sets)
    return Visit(
        id=name,
        modes=tuple(
            draw(modes(f"m{index}", f"{name}.m{index}", known_places))
            for index in range(draw(st.integers(1, 2)))
        ),
        drop_cost=draw(st.none() | _points),
        preferred_nurses=preferred,
        barred_nurses=draw(_name_sets) - preferred,
        gates=tuple(draw(st.lists(gates(), max_size=2))),
    )


@st.composite
def shifts(draw: st.DrawFn, name: str, known_places: list[str]) -> Shift:
    """A shift with or without a break."""
    start, end = sorted(draw(st.lists(_seconds, min_size=2, max_size=2, unique=True)))
    overtime = draw(_seconds)
    rest = None
    if draw(st.booleans()):
        earliest = draw(st.integers(start, end))
        duration = draw(st.integers(1, DAY))
        if earliest + duration <= end + overtime:
            rest = Break(
                duration=duration,
                earliest_start=earliest,
                latest_end=end + overtime,
                miss_cost=draw(st.none() | _points),
            )
    return Shift(
        id=name,
        nurse=draw(_names),
        start_place=draw(st.sampled_from(known_places)),
        end_place=draw(st.sampled_from(known_places)),
        start=start,
        end=end,
        credentials=draw(_name_sets),
        break_=rest,
        max_overtime=overtime,
        overtime_cost=draw(_points),
        max_visits=draw(st.none() | st.integers(0, 9)),
        leaves_at_start=draw(st.booleans()),
        stock=draw(_supplies),
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A whole problem, most likely one that nobody can solve."""
    known_places = [f"p{index}" for index in range(draw(st.integers(1, 3)))]
    found_visits = [draw(visits(f"v{index}", known_places)) for index in range(draw(st.integers(0, 3)))]
    found_shifts = [draw(shifts(f"s{index}", known_places)) for index in range(draw(st.integers(0, 2)))]
    pins = []
    if found_visits and found_shifts and draw(st.booleans()):
        task = draw(st.sampled_from(found_visits[0].tasks))
        pins.append(Pin(task=task.id, shift=found_shifts[0].id, start=draw(st.none() | _seconds)))
    promises = []
    if found_visits and draw(st.booleans()):
        task = draw(st.sampled_from(found_visits[0].tasks))
        promises.append(
            Promise(task=task.id, nurse=draw(_names), start=draw(_seconds), tolerance=draw(_seconds))
        )
    ids = [visit.id for visit in found_visits]
    tied = [pair for pair in combinations(ids, 2) if draw(st.booleans())]
    return Problem(
        origin=draw(_origins),
        places=tuple(draw(places(name)) for name in known_places),
        visits=tuple(found_visits),
        shifts=tuple(found_shifts),
        pins=tuple(pins),
        promises=tuple(promises),
        worths=tuple(
            Worth(task=visit.tasks[0].id, points=draw(_points))
            for visit in found_visits
            if draw(st.booleans())
        ),
        weights=draw(
            st.builds(
                Weights,
                travel=_points,
                lateness=_points,
                worst_lateness=_points,
                not_preferred=_points,
                changed_nurse=_points,
                moved_start=_points,
                waiting=_points,
                longest_idle=_points,
                imbalance=_points,
            )
        ),
        points_per_unit=draw(st.integers(1, 10**6)),
        spacings=tuple(draw(spacings(first, then)) for first, then in tied),
        hour_limits=tuple(draw(hour_limits(shift.nurse)) for shift in found_shifts if draw(st.booleans())),
        rest_s=draw(_seconds),
    )


_stops = st.builds(Stop, task=_names, arrival=_seconds, start=_seconds, end=_seconds)

_routes = st.builds(
    Route,
    shift=_names,
    departure=_seconds,
    stops=st.lists(_stops, min_size=1, max_size=3).map(tuple),
    finish=_seconds,
    break_start=st.none() | _seconds,
)

plans = st.builds(
    Plan,
    routes=st.lists(_routes, max_size=3).map(tuple),
    unassigned=st.lists(_names, max_size=3).map(tuple),
)
"""Any plan that can be written down, of any problem or none."""
