"""One search beside another."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from benchmarks import infusion
from scheduler.check import check
from scheduler.model import Plan
from scheduler.solve.anneal import Annealer, pack
from scheduler.solve.beside import beside
from scheduler.solve.price import price, warm_up
from scheduler.solve.seam import Cancelled, never

PATIENCE = 30.0


def until_told(cancelled: Cancelled) -> str:
    """Work that ends only when it is told to."""
    while not cancelled():
        time.sleep(0.001)
    return "told"


def test_what_it_finds_is_to_be_had_within_the_block() -> None:
    with beside(lambda _: "found", never) as search:
        assert search.result(PATIENCE) == "found"


def test_it_is_told_to_stop_when_the_block_ends() -> None:
    with beside(until_told, never) as search:
        assert not search.done()
    assert search.result(0) == "told"


def test_and_when_the_block_fails() -> None:
    with pytest.raises(ValueError, match="in the block"), beside(until_told, never) as search:
        raise ValueError("in the block")
    assert search.result(0) == "told"


def test_and_when_the_caller_cancels() -> None:
    wish = Event()
    with ThreadPoolExecutor(1) as other, beside(until_told, wish.is_set) as search:
        other.submit(wish.set)
        assert search.result(PATIENCE) == "told"


def test_its_own_failure_is_not_lost() -> None:
    def fail(_: Cancelled) -> None:
        raise ValueError("at work")

    with beside(fail, never) as search, pytest.raises(ValueError, match="at work"):
        search.result(PATIENCE)


def test_pricing_chooses_among_a_rivals_routes_too() -> None:
    warm_up()
    day = infusion.day(30, "country", 1, handoffs=True)
    matrix = infusion.REGIONS["country"].travel.matrix(day.places)
    annealed = Annealer(pack(day, matrix)).improve(moves=300_000, seed=1)
    asked: list[Plan] = []

    def rival() -> tuple[Plan, int]:
        asked.append(annealed.plan)
        return annealed.plan, annealed.cost

    priced = price(day, matrix, None, time.monotonic() + 4, rival=rival)
    assert len(asked) == 1
    assert priced.plan is not None and priced.cost is not None and priced.bound is not None
    assert priced.bound <= priced.cost <= annealed.cost
    verdict = check(day, matrix, priced.plan)
    assert verdict.feasible and verdict.cost is not None
    assert verdict.cost.total == priced.cost
