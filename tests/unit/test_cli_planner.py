"""The planner's command line: what it prints, writes and answers."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scheduler.__main__ import main
from scheduler.io import plan_json, problem_json
from scheduler.model import POINTS_PER_DOLLAR, Plan
from scheduler.solve import NAMES
from scheduler.solve.seam import Limits
from tests.support.bench import BENCH, instance_files, needs_bench
from tests.support.problems import STREET_PLAN_COST, street, street_matrix, street_plan
from tests.support.street_solver import StreetSolver

ROOT = Path(__file__).resolve().parents[2]
DOLLARS = f"{STREET_PLAN_COST / POINTS_PER_DOLLAR:.3f}"


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """The street, as a file."""
    path = tmp_path / "street.json"
    path.write_text(json.dumps(problem_json.to_dict(street(), street_matrix(street()))))
    return path


def solution_file(folder: Path, plan: Plan) -> Path:
    path = folder / "plan.json"
    path.write_text(json.dumps(plan_json.to_dict(plan)))
    return path


def test_solve_prints_one_line_and_writes_the_plan(
    instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out.json"
    solver = StreetSolver(bound=36000)
    arguments = ["solve", str(instance), "--seconds", "2.5", "--seed", "7", "--output", str(output)]
    assert main(arguments, solver) == 0
    printed = capsys.readouterr()
    assert printed.out == f"cost {DOLLARS}, bound 10.000, 1 unassigned, 1.5 s\n"
    assert plan_json.from_dict(json.loads(output.read_text())) == street_plan()
    assert solver.limits == Limits(seconds=2.5, seed=7)


def test_progress_and_reasons_go_to_stderr(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", str(instance)], StreetSolver(bound=36000)) == 0
    assert capsys.readouterr().err.splitlines() == [
        "    0.0 s  travel",
        "    0.5 s  remember",
        f"    1.5 s  remember  cost {DOLLARS}  bound 10.000",
        "left out v6: No nurse working that day holds acls.",
    ]


def test_without_a_bound_none_is_shown(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    solver = StreetSolver()
    assert main(["solve", str(instance)], solver) == 0
    assert capsys.readouterr().out == f"cost {DOLLARS}, 1 unassigned, 1.5 s\n"
    assert solver.limits == Limits(seconds=60.0, seed=0)


def test_an_infeasible_answer_is_not_written(
    instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out.json"
    lawless = street_plan().replace(unassigned=())
    assert main(["solve", str(instance), "--output", str(output)], StreetSolver(plan=lawless)) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines()[-1] == (
        "python -m scheduler: no feasible plan found: "
        "visit_missing: visit 'v6' is neither served nor listed as left out"
    )
    assert not output.exists()


def test_a_stage_that_failed_is_told_beside_the_plan(
    instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out.json"
    solver = StreetSolver(faults=(ZeroDivisionError("in a stage"),))
    assert main(["solve", str(instance), "--output", str(output)], solver) == 0
    printed = capsys.readouterr()
    assert "a stage of the engine failed, and the plan does without it" in printed.err
    assert "ZeroDivisionError: in a stage" in printed.err
    assert output.exists() and printed.out.startswith(f"cost {DOLLARS}")


def test_check_says_feasible_and_the_cost_in_parts(
    instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(instance), str(solution_file(tmp_path, street_plan()))]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "feasible",
        f"cost {DOLLARS}",
        "  travel 66.667",
        "  lateness 0.000",
        "  worst_lateness 0.000",
        "  overtime 0.000",
        "  not_preferred 10.000",
        "  dropped 1000.000",
    ]


def test_check_names_every_violation_and_fails(
    instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = street_plan().replace(routes=street_plan().routes[:2])
    assert main(["check", str(instance), str(solution_file(tmp_path, plan))]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "infeasible: 2 rules broken"
    assert lines[-2:] == [
        "visit_missing: visit 'v5' is neither served nor listed as left out",
        "mode_incomplete: visit 'v4' is served without its task 'v4.3'",
    ]


def test_check_of_unknown_things_has_no_cost(
    instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = street_plan().replace(unassigned=("v6", "ghost"))
    assert main(["check", str(instance), str(solution_file(tmp_path, plan))]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "infeasible: 1 rule broken",
        "cost unknown: the plan speaks of what the problem does not have",
        "unknown_visit: no visit 'ghost' to leave out",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: solve | check"),
        (["plan"], "invalid choice: 'plan'"),
        (["solve"], "the following arguments are required: INSTANCE"),
        (["check", "{instance}"], "the following arguments are required: SOLUTION"),
        (["solve", "{instance}", "--seconds", "0"], "give a number of seconds above 0, not '0'"),
        (["solve", "{instance}", "--seconds", "soon"], "give a number of seconds above 0, not 'soon'"),
        (["solve", "{instance}", "--seconds", "inf"], "give a number of seconds above 0, not 'inf'"),
        (["solve", "{instance}", "--seed", "-1"], "give a whole number from 0 to 2147483647, not '-1'"),
        (["solve", "{instance}", "--speed", "9"], "unrecognized arguments: --speed 9"),
        (["solve", "{folder}/none.json"], "none.json: cannot be read: No such file or directory"),
        (["check", "{instance}", "{folder}/none.json"], "none.json: cannot be read: No such file"),
        (["check", "{instance}", "{instance}"], "street.json: format: must be 'rounds/plan' here"),
        (["solve", "{instance}", "--output", "{folder}"], "is a folder; name a file in it"),
        (["solve", "{instance}", "--output", "{folder}/no/x"], "there is no folder"),
        (["solve", "{instance}", "--output", "{instance}"], "is another file of this command too"),
        (["solve", "{instance}", "--picture", "{folder}/no/x.html"], "--picture"),
        (["solve", "{instance}", "--output", "{folder}/x", "--picture", "{folder}/x"], "is another file"),
        (["check", "{instance}", "{folder}/plan.json", "--picture", "{folder}"], "is a folder"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_status_2(
    arguments: list[str], message: str, instance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [argument.format(instance=instance, folder=instance.parent) for argument in arguments]
    assert main(given, StreetSolver()) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("python -m scheduler: ")
    assert message in printed.err
    assert printed.err.count("\n") == 1


def test_help_tells_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    assert "solve | check" in capsys.readouterr().out


def test_solve_draws_the_plan(instance: Path, tmp_path: Path) -> None:
    picture = tmp_path / "day.html"
    solver = StreetSolver(bound=36000)
    assert main(["solve", str(instance), "--seed", "7", "--picture", str(picture)], solver) == 0
    page = picture.read_text(encoding="utf-8")
    assert "<title>street: plan</title>" in page
    assert "proven bound $10.00" in page
    assert f"{NAMES[0]}, seed 7" in page


def test_check_draws_even_a_plan_that_breaks_rules(instance: Path, tmp_path: Path) -> None:
    picture = tmp_path / "day.html"
    solution = solution_file(tmp_path, street_plan().replace(unassigned=()))
    assert main(["check", str(instance), str(solution), "--picture", str(picture)]) == 1
    assert "This plan breaks 1 rule<" in picture.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_refused_before_the_search(instance: Path, tmp_path: Path) -> None:
    solver = StreetSolver()
    assert main(["solve", str(instance), "--picture", str(tmp_path / ("x" * 300))], solver) == 2
    assert solver.limits is None


def test_a_file_that_stands_there_stays_as_it_is_until_there_is_a_plan(
    instance: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "day.html"
    picture.write_text("before")
    lawless = StreetSolver(plan=street_plan().replace(unassigned=()))
    assert main(["solve", str(instance), "--picture", str(picture)], lawless) == 1
    assert picture.read_text() == "before"


def test_an_interrupt_ends_the_search_with_the_best_plan_so_far(
    instance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(signal.SIGINT)
    assert main(["solve", str(instance)], StreetSolver(interrupts=1)) == 0
    printed = capsys.readouterr()
    assert printed.out == f"cost {DOLLARS}, 1 unassigned, 1.5 s\n"
    assert "stopping with the best plan so far" in printed.err
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_interrupt_stops_at_once(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", str(instance)], StreetSolver(interrupts=2)) == 130
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.endswith("python -m scheduler: interrupted\n")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """As a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "scheduler", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120
    )


def test_as_a_program_it_answers_by_its_exit_status(instance: Path, tmp_path: Path) -> None:
    fine = run("check", str(instance), str(solution_file(tmp_path, street_plan())))
    assert (fine.returncode, fine.stderr) == (0, "")
    lawless = run("check", str(instance), str(solution_file(tmp_path, Plan(routes=()))))
    assert lawless.returncode == 1
    missing = run("solve", "none.json")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr == "python -m scheduler: none.json: cannot be read: No such file or directory\n"


@needs_bench
def test_a_published_instance_is_solved_to_the_published_checkers_content(tmp_path: Path) -> None:
    path, output = instance_files("mankowska")[0], tmp_path / "solution.json"
    solved = run("solve", str(path), "--seconds", "5", "--output", str(output))
    assert solved.returncode == 0, solved.stderr
    assert solved.stdout.startswith("cost ")
    assert solved.stdout.count("\n") == 1
    theirs = subprocess.run(
        [sys.executable, str(BENCH / "check_hhcrsp.py"), str(path), str(output)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    verdict = json.loads(theirs.stdout)
    assert verdict["errors"] == []
    ours = run("check", str(path), str(output))
    assert ours.returncode == 0, ours.stdout
    assert f"cost {verdict['cost']:.3f}" in ours.stdout
    assert f"cost {verdict['cost']:.3f}," in solved.stdout


@needs_bench
def test_an_interrupt_of_the_real_solver_keeps_what_it_has(tmp_path: Path) -> None:
    path, output = instance_files("mankowska")[5], tmp_path / "solution.json"
    command = [sys.executable, "-m", "scheduler", "solve", str(path), "--output", str(output)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stderr is not None
        while "cost" not in (line := program.stderr.readline()):
            assert line, "ended without a plan"
        time.sleep(1.5)
        program.send_signal(signal.SIGINT)
        printed, progress = program.communicate(timeout=40)
    assert program.returncode == 0, progress
    assert printed.startswith("cost ")
    assert "stopping with the best plan so far" in progress
    assert run("check", str(path), str(output)).returncode == 0
