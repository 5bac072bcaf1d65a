"""Who could do the tasks of one mode together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from scheduler.explain.fit import Span
from scheduler.model import Lag, Mode


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A shift that has room for a task, and when the task could start."""

    task: str
    shift: str
    nurse: str
    starts: tuple[Span, ...]


def completing(mode: Mode, offers: Sequence[Offer]) -> set[tuple[str, str]]:
    """The offers, as (task, shift), that others complete: each task on a shift of its own, lags kept, and by
    a nurse of its own where the mode asks for distinct nurses."""
    by_task = {task.id: [offer for offer in offers if offer.task == task.id] for task in mode.tasks}
    return {(offer.task, offer.shift) for offer in offers if _completed(mode, by_task, [], offer)}


Choice = tuple[Offer, Span]


def _completed(mode: Mode, by_task: dict[str, list[Offer]], chosen: list[Choice], offer: Offer) -> bool:
    """Whether the chosen offers, this one, and one for every other task go together."""
    if any(_clash(mode, offer, other) for other, _ in chosen):
        return False
    for span in offer.starts:
        extended = [*chosen, (offer, span)]
        if not _keeps_lags(mode.lags, extended):
            continue
        done = {other.task for other, _ in extended}
        open_task = next((task.id for task in mode.tasks if task.id not in done), None)
        if open_task is None:
            return True
        if any(_completed(mode, by_task, extended, candidate) for candidate in by_task[open_task]):
            return True
    return False


def first_starts(mode: Mode, spans: Sequence[Sequence[Span]]) -> tuple[int, ...] | None:
    """Starts that keep the mode's lags, each in one of its task's spans; None: there are none."""
    for chosen in product(*spans):
        bounds = {task.id: span for task, span in zip(mode.tasks, chosen, strict=True)}
        starts = _earliest(mode.lags, bounds)
        if starts is not None:
            return tuple(starts[task.id] for task in mode.tasks)
    return None


def _clash(mode: Mode, one: Offer, other: Offer) -> bool:
    return one.shift == other.shift or (mode.distinct_nurses and one.nurse == other.nurse)


def _keeps_lags(lags: Sequence[Lag], chosen: Sequence[Choice]) -> bool:
    """Whether starts within the chosen spans exist that keep the lags between chosen tasks."""
    return _earliest(lags, {offer.task: span for offer, span in chosen}) is not None


def _earliest(lags: Sequence[Lag], spans: Mapping[str, Span]) -> dict[str, int] | None:
    """The earliest starts within the spans that keep the lags between these tasks; None: there are none.

    Bellman and Ford's rounds: earliest starts are pushed up until they keep every lag; after as many rounds
    as there are tasks, a further push means that no starts do.
    """
    earliest = {task: span[0] for task, span in spans.items()}
    known = [lag for lag in lags if lag.first in earliest and lag.then in earliest]
    for _ in range(len(spans) + 1):
        before = dict(earliest)
        for lag in known:
            earliest[lag.then] = max(earliest[lag.then], earliest[lag.first] + lag.min_s)
            earliest[lag.first] = max(earliest[lag.first], earliest[lag.then] - lag.max_s)
        if any(earliest[task] > last for task, (_, last) in spans.items()):
            return None
        if earliest == before:
            return earliest
    return None
