"""Benchmarks note their runs, skip what is noted, and tabulate it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import ablation, compare, days
from benchmarks.lines import Lines, Row, read, table

KEY = ("peer", "seed")


def test_what_is_noted_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    first = Lines(path, KEY)
    assert not first.has({"peer": "ours", "seed": 1})
    first.add({"peer": "ours", "seed": 1, "cost": 7})
    again = Lines(path, KEY)
    assert again.has({"peer": "ours", "seed": 1})
    assert not again.has({"peer": "ours", "seed": 2})
    again.add({"peer": "ours", "seed": 2, "cost": 8})
    assert [row["cost"] for row in read(path)] == [7, 8]


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    path.write_text('{"peer": "ours"}\n{"peer": \n')
    with pytest.raises(ValueError, match=r"runs.jsonl, line 2"):
        read(path)


def test_a_table_has_words_on_the_left() -> None:
    assert table(("a", "b"), [("x", 1)]) == "| a | b |\n|---|---:|\n| x | 1 |"


def against(peer: str, cost: int | None, seed: int = 0) -> Row:
    day = {"visits": 60, "region": "city", "kind": "busy", "features": "plain", "seed": seed, "limit": 60.0}
    rest = {"version": "", "seconds": 1.0, "left_out": 0, "load": 0.1}
    return {"peer": peer, **day, **rest, "cost": cost, "feasible": cost is not None}


def test_peers_are_compared_day_by_day() -> None:
    rows = [against("ours", 100), against("pyvrp", 110), against("ours", 200, 1), against("pyvrp", 190, 1)]
    rows.append(against("vroom", None))
    shown = "\n".join(compare.tables(rows))
    assert "| 60 | ours | +0.00 % | +0.00 % | +0.00 % | 0.0 | 2 of 2 | 1.0 |" in shown
    assert "| 60 | pyvrp | +2.50 % | -5.00 % | +10.00 % | 0.0 | 2 of 2 | 1.0 |" in shown
    assert "| 60 | city | vroom |  |  |  |  | 0 of 1 | 1.0 |" in shown


def test_a_peer_that_fails_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        def plan(self, *_: object) -> None:
            raise RuntimeError("no more memory")

    monkeypatch.setattr(compare, "built", lambda _: Failing())
    done = compare.run("ours", 15, "city", "busy", "plain", 0, 1.0)
    assert (done.feasible, done.cost, done.fault) == (False, None, "RuntimeError: no more memory")


def test_a_small_day_is_run_and_tabulated() -> None:
    done = days.run(days.solver_named("engine"), "engine", 15, "city", "plain", 1, 20.0)
    assert done.feasible and done.cost == done.claimed == done.bound
    shown = "\n".join(days.tables([days.asdict(done)]))
    assert "| 15 | plain | 1 of 1 | 1 | 0.00 % | 0.00 % | 0 | 0.0 |" in shown


def test_the_gap_is_a_share_of_the_cost() -> None:
    assert days.gap(100, 90) == pytest.approx(10)
    assert days.gap(0, 0) == 0
    assert days.gap(5, None) is None


def test_work_is_named_by_day_or_by_family() -> None:
    problem, _ = ablation.problem_of("day/15/city/hand-offs/1")
    assert len(problem.visits) == 15
    assert any(len(visit.modes) > 1 for visit in problem.visits)
    assert ablation.group_of("day/15/city/hand-offs/1") == "days, hand-offs"
    for name in ("day/15/moon/plain/1", "mankowska/none.json", "nothing"):
        with pytest.raises(ValueError, match=f"no work '{name}'"):
            ablation.problem_of(name)


def test_variants_are_compared_with_the_whole_engine() -> None:
    done = [
        ablation.Run(
            variant=variant,
            work="day/15/city/plain/1",
            group="days, plain",
            seed=0,
            limit=5.0,
            seconds=1.0,
            feasible=True,
            cost=cost,
            gap=gap,
            load=0.1,
        )
        for variant, cost, gap in (("all", 100.0, 0.0), ("one chain", 101.0, 1.0))
    ]
    shown = "\n".join(ablation.tables([ablation.asdict(run) for run in done]))
    assert "| all | +0.00 % | +0.00 % | +0.00 % | 1 of 1 | 0.00 % | 1 | 1.0 |" in shown
    assert "| one chain | +1.00 % | +1.00 % | +1.00 % | 1 of 1 | 1.00 % | 0 | 1.0 |" in shown
