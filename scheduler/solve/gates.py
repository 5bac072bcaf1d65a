"""Gates as times: from when to when a visit may start so that all its gates are open."""

from __future__ import annotations

from scheduler.model import Gate, Problem, Span, Visit

Starts = tuple[Span, ...]


def gated_starts(problem: Problem) -> dict[str, Starts]:
    """For the first task of every mode of a visit with gates, when it may start; empty where some gate stays
    closed. Tasks of other visits are not named."""
    return {
        mode.tasks[0].id: starts
        for visit in problem.visits
        if visit.gates
        for starts in [open_starts(visit)]
        for mode in visit.modes
    }


def open_starts(visit: Visit) -> Starts:
    """When a visit with gates may start, as far as these go: disjoint, in order of time."""
    first, *others = visit.gates
    starts = _starts(first)
    for gate in others:
        starts = _both(starts, _starts(gate))
    return starts


def _starts(gate: Gate) -> Starts:
    """The starts for which the time the gate watches over lies within one of its spans."""
    shifted = sorted(
        (span.start - gate.since, span.end - gate.until)
        for span in gate.spans
        if span.start - gate.since <= span.end - gate.until
    )
    merged: list[tuple[int, int]] = []
    for start, end in shifted:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(Span(start=start, end=end) for start, end in merged)


def _both(some: Starts, others: Starts) -> Starts:
    """What lies in both."""
    return tuple(
        Span(start=max(a.start, b.start), end=min(a.end, b.end))
        for a in some
        for b in others
        if max(a.start, b.start) <= min(a.end, b.end)
    )
