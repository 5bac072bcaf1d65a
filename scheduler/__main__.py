"""The planner's command line: `python -m scheduler solve ...` and `python -m scheduler check ...`.

Exit status: 0 for a feasible plan, 1 where there is none, 2 for a file or an argument that cannot be used,
130 when interrupted twice.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from types import FrameType
from typing import NoReturn

from scheduler.check import CheckReport, check
from scheduler.explain import Names, words
from scheduler.io import FormatError, Instance, read, read_solution
from scheduler.model import Problem
from scheduler.plan_day import DayPlan, InfeasiblePlan, plan_day
from scheduler.progress import ProgressLines, shown
from scheduler.solve import NAMES, Limits, Solver, solver_named

PROGRAM = "python -m scheduler"


class UsageError(ValueError):
    """An argument that cannot be used, in one line."""


def main(arguments: Sequence[str] | None = None, solver: Solver | None = None) -> int:
    """Run one command, with the service's own solver unless another is given; the exit status."""
    try:
        options = _parser().parse_args(arguments)
        if options.command == "check":
            return _check(options)
        return _solve(options, solver)
    except (UsageError, FormatError) as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{PROGRAM}: interrupted", file=sys.stderr)
        return 130


def _solve(options: argparse.Namespace, solver: Solver | None) -> int:
    _require_writable(options.output)
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
    _write(options.output, instance, day)
    _print_left_out(instance.problem, day)
    print(_summary(instance.problem, day))
    return 0


def _check(options: argparse.Namespace) -> int:
    instance = read(options.instance)
    plan = read_solution(instance, options.solution)
    problem = instance.problem
    report = check(problem, instance.travel.matrix(problem.places), plan)
    print("feasible" if report.feasible else f"infeasible: {_rules_broken(report)}")
    _print_cost(report, problem)
    for violation in report.violations:
        print(f"{violation.code}: {violation.message}")
    return 0 if report.feasible else 1


def _print_cost(report: CheckReport, problem: Problem) -> None:
    if report.cost is None:
        print("cost unknown: the plan speaks of what the problem does not have")
        return
    unit = problem.points_per_unit
    print(f"cost {shown(report.cost.total, unit)}")
    for part in ("travel", "lateness", "worst_lateness", "overtime", "not_preferred", "dropped"):
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
    def clock(seconds: int) -> str:
        return f"{problem.origin + timedelta(seconds=seconds):%H:%M} UTC"

    for why in day.reasons:
        print(f"left out {why.visit}: {words(why, Names(clock=clock)).summary}", file=sys.stderr)


def _require_writable(output: Path | None) -> None:
    """Better known before a minute's work than after."""
    if output is None:
        return
    if output.is_dir():
        raise UsageError(f"--output {output}: is a folder; name a file in it")
    if not output.parent.is_dir():
        raise UsageError(f"--output {output}: there is no folder {output.parent}; make it first")


def _write(output: Path | None, instance: Instance, day: DayPlan) -> None:
    if output is None:
        return
    document = json.dumps(instance.write_solution(day.solution.plan), indent=1)
    try:
        output.write_text(f"{document}\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--output {output}: cannot be written: {error.strerror}") from error


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
    commands = parser.add_subparsers(dest="command", required=True, metavar="solve | check")
    instance_help = "a problem of ours or a published instance (mankowska, kummer, italian); gzipped or not"

    solve = commands.add_parser(
        "solve", help="find a plan", description="Find the best plan in a given time."
    )
    solve.add_argument("instance", metavar="INSTANCE", help=instance_help)
    solve.add_argument("--seconds", type=_seconds, default=60.0, help="wall time to search (default 60)")
    solve.add_argument("--seed", type=_seed, default=0, help="seed of all random choice (default 0)")
    solve.add_argument(
        "--solver",
        choices=NAMES,
        default=NAMES[0],
        help="cp-sat: the service's own (default); engine: the coming one, annealing and route pricing",
    )
    solve.add_argument(
        "--output", type=Path, metavar="FILE", help="write the plan here, in the family's format"
    )

    check = commands.add_parser("check", help="judge a plan", description="Judge a plan: rules and cost.")
    check.add_argument("instance", metavar="INSTANCE", help=instance_help)
    check.add_argument("solution", metavar="SOLUTION", help="a plan in the instance's own solution format")
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
