"""The planner's command line: `python -m scheduler solve ...`, `check ...` and `compile`.

Exit status: 0 for a feasible plan, 1 where there is none, 2 for a file or an argument that cannot be used,
130 when interrupted twice.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from types import FrameType
from typing import NoReturn

from scheduler.check import CheckReport, check
from scheduler.explain import Names, days_planned, time_planned, why_unassigned, words
from scheduler.io import FormatError, Instance, read, read_solution
from scheduler.model import ModelError, Plan, Problem
from scheduler.picture import Material, Search, render, view
from scheduler.plan_day import DayPlan, InfeasiblePlan, plan_day
from scheduler.progress import ProgressLines, shown
from scheduler.solve import NAMES, Limits, Solver, compile_code, solver_named
from scheduler.travel import TravelMatrix
from scheduler.written import UnusableFileError, Written

PROGRAM = "python -m scheduler"


class UsageError(ValueError):
    """An argument that cannot be used, in one line."""


def main(arguments: Sequence[str] | None = None, solver: Solver | None = None) -> int:
    """Run one command, with the service's own solver unless another is given; the exit status."""
    try:
        options = _parser().parse_args(arguments)
        if options.command == "check":
            return _check(options)
        if options.command == "compile":
            compile_code()
            return 0
        return _solve(options, solver)
    except (UsageError, UnusableFileError, FormatError, ModelError) as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{PROGRAM}: interrupted", file=sys.stderr)
        return 130


def _solve(options: argparse.Namespace, solver: Solver | None) -> int:
    output = Written(option="--output", path=options.output)
    picture = Written(option="--picture", path=options.picture)
    output.require_writable([options.instance])
    picture.require_writable([options.instance, options.output])
    instance = read(options.instance)
    lines = ProgressLines(sys.stderr, instance.problem.points_per_unit)
    limits = Limits(seconds=options.seconds, seed=options.seed)
    try:
        with _interrupt_as_event() as interrupted:
            day = plan_day(
                instance.problem,
                instance.travel,
                solver or solver_named(options.solver),
                limits,
                lines,
                interrupted.is_set,
            )
    except InfeasiblePlan as error:
        print(f"{PROGRAM}: no feasible plan found: {_first_violations(error.report)}", file=sys.stderr)
        return 1
    output.write(f"{json.dumps(instance.write_solution(day.solution.plan), indent=1)}\n")
    _print_left_out(instance.problem, day)
    for fault in day.solution.faults:
        print(f"{PROGRAM}: a stage of the engine failed, and the plan does without it:", file=sys.stderr)
        traceback.print_exception(fault)
    print(_summary(instance.problem, day))
    if options.picture:
        picture.write(render(view(_solved(options, instance, day))))
    return 0


def _check(options: argparse.Namespace) -> int:
    picture = Written(option="--picture", path=options.picture)
    picture.require_writable([options.instance, options.solution])
    instance = read(options.instance)
    plan = read_solution(instance, options.solution)
    problem = instance.problem
    matrix = instance.travel.matrix(problem.places)
    report = check(problem, matrix, plan)
    print("feasible" if report.feasible else f"infeasible: {_rules_broken(report)}")
    _print_cost(report, problem)
    for violation in report.violations:
        print(f"{violation.code}: {violation.message}")
    if options.picture:
        picture.write(render(view(_given(options, instance, matrix, plan, report))))
    return 0 if report.feasible else 1


_SELDOM_PRICED = (
    *("changed_nurse", "moved_start", "continuity"),
    *("waiting", "longest_idle", "imbalance", "missed_breaks"),
)


def _print_cost(report: CheckReport, problem: Problem) -> None:
    if report.cost is None:
        print("cost unknown: the plan speaks of what the problem does not have")
        return
    unit = problem.points_per_unit
    print(f"cost {shown(report.cost.total, unit)}")
    for part in ("travel", "lateness", "worst_lateness", "overtime", "not_preferred", "dropped"):
        print(f"  {part} {shown(getattr(report.cost, part), unit)}")
    for part in _SELDOM_PRICED:
        if getattr(report.cost, part):
            print(f"  {part} {shown(getattr(report.cost, part), unit)}")


def _rules_broken(report: CheckReport) -> str:
    count = len(report.violations)
    return f"{count} rule{'' if count == 1 else 's'} broken"


def _first_violations(report: CheckReport) -> str:
    first = report.violations[0]
    more = len(report.violations) - 1
    return f"{first.code}: {first.message}" + (f", and {more} more" if more else "")


def _summary(problem: Problem, day: DayPlan) -> str:
    cost, bound = day.report.cost, day.solution.bound
    assert cost is not None, "a feasible plan has a cost"
    parts = [f"cost {shown(cost.total, problem.points_per_unit)}"]
    if bound is not None:
        parts.append(f"bound {shown(bound, problem.points_per_unit)}")
    parts.append(f"{len(day.solution.plan.unassigned)} unassigned")
    parts.append(f"{day.solution.seconds:.1f} s")
    return ", ".join(parts)


def _print_left_out(problem: Problem, day: DayPlan) -> None:
    form = "%H:%M UTC" if days_planned(problem) == 1 else "%a %H:%M UTC"

    def clock(seconds: int) -> str:
        return f"{problem.origin + timedelta(seconds=seconds):{form}}"

    names = Names(clock=clock, when=time_planned(problem))
    for why in day.reasons:
        print(f"left out {why.visit}: {words(why, names).summary}", file=sys.stderr)


def _solved(options: argparse.Namespace, instance: Instance, day: DayPlan) -> Material:
    solution = day.solution
    return Material(
        name=_name(options.instance),
        problem=instance.problem,
        matrix=day.matrix,
        plan=solution.plan,
        report=day.report,
        reasons=day.reasons,
        search=Search(
            solver=options.solver, seed=options.seed, seconds=solution.seconds, bound=solution.bound
        ),
        seconds_per_minute=instance.seconds_per_minute,
        dated=instance.dated,
    )


def _given(
    options: argparse.Namespace, instance: Instance, matrix: TravelMatrix, plan: Plan, report: CheckReport
) -> Material:
    """Why a visit is left out is known for feasible plans only."""
    problem = instance.problem
    left_out = plan.unassigned if report.feasible else ()
    return Material(
        name=_name(options.instance),
        problem=problem,
        matrix=matrix,
        plan=plan,
        report=report,
        reasons=tuple(why_unassigned(problem, matrix, plan, visit) for visit in left_out),
        seconds_per_minute=instance.seconds_per_minute,
        dated=instance.dated,
    )


def _name(instance: Path) -> str:
    return instance.name.removesuffix(".gz").removesuffix(".json")


@contextmanager
def _interrupt_as_event() -> Iterator[Event]:
    """Ctrl-C sets the event; a second one interrupts as it always does."""
    interrupted = Event()

    def note(_signal: int, _frame: FrameType | None) -> None:
        interrupted.set()
        signal.signal(signal.SIGINT, before)
        print("stopping with the best plan so far; once more to stop at once", file=sys.stderr)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {PROGRAM} --help")


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(prog=PROGRAM, description="Plan nurses' home visits, and check plans.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="solve | check | compile")
    instance_help = "our own or a published instance (mankowska, kummer, italian, uhhc); gzipped or not"
    picture_help = "draw the plan here: one HTML page with map and timeline that needs nothing else"

    solve = commands.add_parser(
        "solve", help="find a plan", description="Find the best plan in a given time."
    )
    solve.add_argument("instance", type=Path, metavar="INSTANCE", help=instance_help)
    solve.add_argument("--seconds", type=_seconds, default=60.0, help="wall time to search (default 60)")
    solve.add_argument("--seed", type=_seed, default=0, help="seed of all random choice (default 0)")
    solve.add_argument(
        "--solver",
        choices=NAMES,
        default=NAMES[0],
        help="engine: the service's own (default); cp-sat: OR-Tools alone, good on small days",
    )
    solve.add_argument(
        "--output", type=Path, metavar="FILE", help="write the plan here, in the family's format"
    )
    solve.add_argument("--picture", type=Path, metavar="FILE.html", help=picture_help)

    check = commands.add_parser("check", help="judge a plan", description="Judge a plan: rules and cost.")
    check.add_argument("instance", type=Path, metavar="INSTANCE", help=instance_help)
    check.add_argument(
        "solution", type=Path, metavar="SOLUTION", help="a plan in the instance's own solution format"
    )
    check.add_argument("--picture", type=Path, metavar="FILE.html", help=picture_help)

    about_compile = "Compile the engine's code for this machine: a minute and a half, the first time only."
    commands.add_parser("compile", help="prepare the engine", description=about_compile)
    return parser


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(f"give a number of seconds above 0, not {text!r}")
    return seconds


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**31:
        raise argparse.ArgumentTypeError(f"give a whole number from 0 to {2**31 - 1}, not {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
