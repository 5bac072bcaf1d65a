"""A priced route, and the ways to time it that can matter in a choice."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.solve.price.schedule import Variant, variants, within_hours
from scheduler.solve.price.tables import Tables


@dataclass(frozen=True, slots=True)
class PricedRoute:
    """A route and what it adds to the bound: its reduced cost less the least one of its shift."""

    shift: int
    tasks: tuple[int, ...]
    cost: int
    extra: int


def cheapest_variant(tables: Tables, route: PricedRoute) -> Variant | None:
    """The best way to time a route by itself."""
    return min(variants(tables, route.shift, route.tasks), key=lambda variant: variant.cost, default=None)


def worthwhile(tables: Tables, route: PricedRoute) -> list[Variant]:
    """The variants of a route with tied tasks, each within the hours it pays for and beyond; without those
    that another one makes needless."""
    kept: list[Variant] = []
    for variant in variants(tables, route.shift, route.tasks):
        tight = within_hours(tables, variant)
        kept.append(tight)
        if tight.latest != variant.latest:
            kept.append(variant)
    return [
        one
        for n, one in enumerate(kept)
        if not any(_beats(tables, other, m, one, n) for m, other in enumerate(kept))
    ]


def _beats(tables: Tables, one: Variant, m: int, other: Variant, n: int) -> bool:
    """Whether `one` can be timed whenever `other` can, at no higher cost. Of twins the first beats."""
    if m == n or one.cost > other.cost or (one.paid_until is not None and other.paid_until is None):
        return False
    if one.paid_until is not None and other.paid_until is not None and one.paid_until < other.paid_until:
        return False
    looser = all(a <= b for a, b in zip(one.earliest, other.earliest, strict=True))
    looser = looser and all(a >= b for a, b in zip(one.latest, other.latest, strict=True))
    last = len(one.tasks) - 1
    looser = looser and all(
        one.apart(tables, i, j) <= other.apart(tables, i, j)
        for i in range(last)
        for j in range(i + 1, last + 1)
    )
    looser = looser and (one.paid_until is None or one.tail(tables, 0) <= other.tail(tables, 0))
    twins = one.cost == other.cost and one.paid_until == other.paid_until
    twins = twins and one.earliest == other.earliest and one.latest == other.latest
    return looser and (not twins or m < n)
