"""The peers in the comparison: what they are told is the problem, and what they answer is a plan."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

import numpy as np
import pytest

from benchmarks import infusion
from benchmarks.peers import FEATURES, PEERS
from benchmarks.peers.day import InexpressibleError, Orders, read
from benchmarks.peers.timing import UndrivableError, best_plan
from scheduler.check import check
from scheduler.model import Plan, Problem, Weights
from scheduler.travel import TravelMatrix
from tests.support.problems import at, shift, street_matrix, task, visit, window
from tests.support.solver_scenarios import problem

REGION = "suburbs"


def day(visits: int, *features: str, handoffs: bool = False) -> tuple[Problem, TravelMatrix]:
    whole = infusion.day(visits, REGION, 5, handoffs=handoffs)
    given = infusion.simpler(whole, breaks="breaks" in features, overtime="overtime" in features)
    return given, infusion.REGIONS[REGION].travel.matrix(given.places)


def module(peer: str) -> ModuleType:
    if PEERS[peer].version is None:
        pytest.skip(f"{peer} is not installed (benchmarks/requirements.txt)")
    return import_module(f"benchmarks.peers.{PEERS[peer].module}")


def cost(given: Problem, matrix: TravelMatrix, plan: Plan) -> int:
    verdict = check(given, matrix, plan)
    assert verdict.feasible, verdict.violations
    assert verdict.cost is not None
    return verdict.cost.total


def some_orders(given: Problem, matrix: TravelMatrix) -> Orders:
    """A good plan's orders, from the one peer that is always there."""
    plan = PEERS["ours"].build().plan(given, matrix, 1.0, 0)
    number = {each.tasks[0].id: i for i, each in enumerate(given.visits)}
    routes = {route.shift: tuple(number[stop.task] for stop in route.stops) for route in plan.routes}
    return tuple(routes.get(each.id, ()) for each in given.shifts)


@pytest.mark.parametrize("features", [(), FEATURES])
@pytest.mark.parametrize("peer", list(PEERS))
def test_a_peer_plans_a_day_within_the_rules(peer: str, features: tuple[str, ...]) -> None:
    module(peer)
    features = tuple(set(features) - PEERS[peer].cannot)
    given, matrix = day(15, *features)
    plan = PEERS[peer].build().plan(given, matrix, 1.0, 0)
    assert cost(given, matrix, plan) > 0
    assert len(plan.unassigned) <= 3


def test_the_routing_library_prices_a_plan_as_the_referee_does() -> None:
    given, matrix = day(30, *FEATURES)
    orders = some_orders(given, matrix)
    model = module("or-tools").Model(read(given, matrix), list(reversed(range(30))))
    assert model.price(orders) == cost(given, matrix, best_plan(given, matrix, [orders]))


def test_pyvrp_prices_a_plan_as_the_referee_does() -> None:
    module("pyvrp")
    import pyvrp

    given, matrix = day(30, "overtime")
    orders, told = some_orders(given, matrix), read(given, matrix)
    data = module("pyvrp").data_of(told)
    routes = [pyvrp.Route(data, list(calls), shift) for shift, calls in enumerate(orders) if calls]
    answer = pyvrp.Solution(data, routes)
    assert answer.is_feasible()
    price = pyvrp.CostEvaluator([0], 0, 0).penalised_cost(answer) * told.unit
    assert price == cost(given, matrix, best_plan(given, matrix, [orders]))


def test_vroom_prices_its_plan_as_the_referee_does() -> None:
    adapter = module("vroom")
    given, matrix = day(30, "breaks")
    told = read(given, matrix)
    found = adapter.solution_of(told, 1.0)
    plan = best_plan(given, matrix, [adapter.orders_of(told, found)])
    dropped = sum(each.drop_cost or 0 for each in given.visits if each.id in plan.unassigned)
    assert found.summary.cost * told.unit + dropped == cost(given, matrix, plan)


@pytest.mark.parametrize("peer", ["pyvrp", "vroom"])
def test_a_peer_says_what_it_cannot_express(peer: str) -> None:
    adapter = module(peer).Adapter()
    for feature in sorted(PEERS[peer].cannot):
        with pytest.raises(InexpressibleError, match=feature):
            adapter.plan(*day(15, feature), 1.0, 0)


def test_days_with_handoffs_are_refused() -> None:
    with pytest.raises(InexpressibleError, match="several tasks or modes"):
        read(*day(60, handoffs=True))


def test_prices_without_words_are_refused() -> None:
    given, matrix = day(15)
    dearer = given.replace(weights=given.weights.replace(waiting=1))
    with pytest.raises(InexpressibleError, match="anything but driving and preference"):
        read(dearer, matrix)


def test_the_day_says_who_may_do_what_at_which_price() -> None:
    one = visit("v1", task("v1.1", "m10", 60, credentials=("acls",)))
    other = visit("v2", task("v2.1", "m20", 60)).replace(preferred_nurses=frozenset({"ben"}))
    crew = (shift("s1", "ana", "m0"), shift("s2", "ben", "m30", credentials=("rn", "acls")))
    given = problem((one, other), crew, weights=Weights(travel=25, not_preferred=20_000))
    told = read(given, street_matrix(given))
    assert told.able.tolist() == [[False, True], [True, True]]
    assert (told.extra > 0).tolist() == [[False, False], [True, False]]
    assert np.array_equal(told.seconds, told.seconds.T)
    assert [told.seconds[crew.origin, 0] > 0 for crew in told.crews] == [True, True]


def test_of_several_answers_the_cheapest_is_kept_and_late_routes_are_refused() -> None:
    early = visit("v1", task("v1.1", "m10", 60, window(at(8), at(9))))
    late = visit("v2", task("v2.1", "m20", 60, window(at(12), at(13))))
    given = problem((early, late), (shift("s1", "ana", "m0"),))
    matrix = street_matrix(given)
    plan = best_plan(given, matrix, [((1, 0),), ((0,),), ((0, 1),)])
    assert [stop.task for stop in plan.routes[0].stops] == ["v1.1", "v2.1"]
    with pytest.raises(UndrivableError, match=r"shift 's1' cannot do v2.1, v1.1"):
        best_plan(given, matrix, [((1, 0),)])
