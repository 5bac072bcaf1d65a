"""Accepted exceptions: which rules they may cover, and that they cover nothing else."""

from __future__ import annotations

import pytest

from scheduler.check import EXCEPTABLE, Code, Judge, check, exception_of
from scheduler.check.report import CheckReport
from scheduler.model import AcceptedException, ModelError, OperationRule, Plan, Problem, relaxed
from tests.support.problems import at, shift, street_matrix
from tests.unit.test_check_mutations import MUTATIONS, Case, Mutation, street_case

OPERATION = {
    *(Code.TOO_EARLY, Code.TOO_LATE, Code.ENDS_TOO_LATE, Code.BARRED_NURSE, Code.MOST_VISITS),
    *(Code.SHIFT_START, Code.SHIFT_END, Code.BREAK_MISSING, Code.BREAK_WINDOW),
}
CASES = [pytest.param(code, mutation, id=f"{code}-{mutation.__name__}") for code, mutation in MUTATIONS]


def report_of(problem: Problem, plan: Plan) -> CheckReport:
    return check(problem, street_matrix(problem), plan)


def broken(mutation: Mutation) -> Case:
    case = street_case()
    mutation(case)
    return case


def excepting(case: Case) -> Problem:
    """The case's problem with an exception for each broken rule, and no wider."""
    exceptions = dict.fromkeys(exception_of(each) for each in report_of(case.problem, case.plan).violations)
    return case.problem.replace(exceptions=tuple(exceptions))


def test_the_list_of_rules_that_may_be_excepted_is_closed() -> None:
    assert EXCEPTABLE == OPERATION


@pytest.mark.parametrize(("code", "mutation"), CASES)
def test_rules_of_operation_may_be_excepted_and_no_others(code: Code, mutation: Mutation) -> None:
    case = broken(mutation)
    if code not in OPERATION:
        for violation in report_of(case.problem, case.plan).violations:
            with pytest.raises(ValueError, match=code):
                exception_of(violation)
        return
    report = report_of(excepting(case), case.plan)
    assert report.feasible
    assert {violation.code for violation in report.excepted} == {code}
    assert report.cost == report_of(case.problem, case.plan).cost


@pytest.mark.parametrize(("code", "mutation"), CASES)
def test_every_exception_there_is_covers_no_rule_of_safety(code: Code, mutation: Mutation) -> None:
    case = broken(mutation)
    visits, shifts = [v.id for v in case.problem.visits], [s.id for s in case.problem.shifts]
    everything = tuple(
        AcceptedException(
            rule=rule,
            visit=visit if rule.of_visit else None,
            shift=shift if rule.of_shift else None,
            by=10**6,
        )
        for rule in OperationRule
        for visit in (visits if rule.of_visit else [None])
        for shift in (shifts if rule.of_shift else [None])
    )
    report = report_of(case.problem.replace(exceptions=everything), case.plan)
    assert report.feasible == (code in OPERATION)
    assert {violation.code for violation in report.violations} == ({code} - OPERATION)


@pytest.mark.parametrize(("code", "mutation"), [case for case in CASES if case.values[0] in OPERATION])
def test_an_exception_ends_where_it_was_given(code: Code, mutation: Mutation) -> None:
    """Broken worse, at another visit, or on another shift, the rule is broken."""
    case = broken(mutation)
    for exception in excepting(case).exceptions:
        others = [exception.replace(by=exception.by - 1)] if exception.by > 1 else []
        if exception.visit is not None:
            others.append(exception.replace(visit="another"))
        if exception.shift is not None:
            others.append(exception.replace(shift="another"))
        for other in others:
            report = report_of(case.problem.replace(exceptions=(other,)), case.plan)
            assert {violation.code for violation in report.violations} == {code}


@pytest.mark.parametrize(("code", "mutation"), [case for case in CASES if case.values[0] in OPERATION])
def test_the_loosened_problem_allows_what_was_excepted(code: Code, mutation: Mutation) -> None:
    case = broken(mutation)
    loose = relaxed(excepting(case))
    assert loose.exceptions == ()
    # A break beside the shift stays out: a loosened break window makes nobody's shift longer.
    beside = mutation.__name__ == "a_break_outside_the_shift"
    assert report_of(loose, case.plan).feasible is not beside


def test_without_exceptions_a_problem_is_as_it_was() -> None:
    case = street_case()
    assert relaxed(case.problem) is case.problem


def test_the_quick_judge_knows_exceptions_too() -> None:
    case = street_case()
    exception = AcceptedException(rule=OperationRule.SHIFT_END, shift="s-cleo", by=600)
    late = next(route for route in case.plan.routes if route.shift == "s-cleo").replace(finish=at(18, 10))
    for exceptions, feasible in (((), False), ((exception,), True)):
        problem = case.problem.replace(exceptions=exceptions)
        report = Judge(problem, street_matrix(problem), case.plan).judged((late,), case.plan.unassigned)
        assert report.feasible is feasible
        assert len(report.excepted) == len(exceptions)


def test_the_quick_judge_takes_a_route_away() -> None:
    case = street_case()
    judge = Judge(case.problem, street_matrix(case.problem), case.plan)
    unassigned = (*case.plan.unassigned, "v5")
    kept = case.plan.routes[:2]
    cleos = case.plan.routes[2].replace(stops=case.plan.routes[2].stops[:1], finish=at(12, 25))
    assert judge.judged((cleos,), unassigned).feasible
    alone = judge.judged((), (*unassigned, "v4"), idle=("s-cleo",))
    plan = case.plan.replace(routes=kept, unassigned=(*unassigned, "v4"))
    assert {each.code for each in alone.violations} == {
        each.code for each in report_of(case.problem, plan).violations
    }


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"rule": OperationRule.TOO_LATE, "visit": "v1", "shift": "s-ana"}, "shift"),
        ({"rule": OperationRule.TOO_LATE}, "visit"),
        ({"rule": OperationRule.SHIFT_END, "visit": "v1"}, "visit"),
        ({"rule": OperationRule.BARRED_NURSE, "visit": "v1"}, "shift"),
        ({"rule": OperationRule.TOO_LATE, "visit": "v1", "by": 0}, "by"),
        ({"rule": "lag", "visit": "v1"}, "rule"),
    ],
)
def test_an_exception_that_cannot_be_is_refused(fields: dict[str, object], fault: str) -> None:
    with pytest.raises((ModelError, AttributeError), match=fault):
        AcceptedException(**fields)  # type: ignore[arg-type]


def test_an_exception_is_given_once() -> None:
    one = AcceptedException(rule=OperationRule.TOO_LATE, visit="v1", by=60)
    with pytest.raises(ModelError, match="exceptions"):
        street_case().problem.replace(exceptions=(one, one.replace(by=120)))


def test_a_shift_that_is_not_there_any_more_needs_no_exception() -> None:
    one = AcceptedException(rule=OperationRule.SHIFT_END, shift="s-gone", by=60)
    problem = street_case().problem.replace(exceptions=(one,))
    assert relaxed(problem).shifts == problem.shifts
    assert shift("s-gone", "nobody", "ana-home") not in problem.shifts
