"""Render the JSON lines of `run.py` as a Markdown table: one row per instance, over its seeds.

python benchmarks/table.py runs.jsonl [more.jsonl ...] > benchmarks/results/NAME.md
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from statistics import mean
from typing import Any

Row = dict[str, Any]

COLUMNS = (
    "instance",
    "best known",
    "best cost",
    "best gap",
    "mean gap",
    "worst gap",
    "bound",
    "feasible",
    "seconds",
)


def rows(runs: list[Row]) -> list[str]:
    """One line per instance, and one for their mean."""
    by_instance: dict[str, list[Row]] = defaultdict(list)
    for run in runs:
        by_instance[run["instance"]].append(run)
    lines = [_row(name, of_it) for name, of_it in by_instance.items()]
    gaps = [[run["gap"] for run in of_it] for of_it in by_instance.values()]
    means = [mean(column) for column in zip(*((min(g), mean(g), max(g)) for g in gaps), strict=True)]
    return [*lines, "| **mean** | | | " + " | ".join(f"**{gap:.2f} %**" for gap in means) + " | | | |"]


def _row(name: str, runs: list[Row]) -> str:
    gaps = [run["gap"] for run in runs]
    bounds = [run["bound"] for run in runs if run["bound"] is not None]
    cells = [
        name,
        f"{runs[0]['best_known']:.3f}",
        f"{min(run['cost'] for run in runs):.3f}",
        *(f"{gap:.2f} %" for gap in (min(gaps), mean(gaps), max(gaps))),
        f"{max(bounds):.3f}" if bounds else "",
        f"{sum(run['feasible'] for run in runs)} of {len(runs)}",
        f"{mean(run['seconds'] for run in runs):.1f}",
    ]
    return "| " + " | ".join(cells) + " |"


def group_of(run: Row) -> tuple[str, int, str]:
    """Family, place within it, and name of the table an instance stands in: a size where several instances
    have it, the set where a family has sets."""
    match run["family"]:
        case "mankowska" | "kummer" as family:
            return family, run["patients"], f"{run['patients']} patients"
        case "uhhc":
            return "uhhc", 0, run["instance"].rstrip("-0123456789")
        case family:
            return family, 0, ""


def main(paths: list[str]) -> None:
    """Print one table per group of instances."""
    runs = [json.loads(line) for path in paths for line in Path(path).read_text().splitlines()]
    groups: dict[tuple[str, int, str], list[Row]] = defaultdict(list)
    for run in runs:
        groups[group_of(run)].append(run)
    for (family, _, part), group in sorted(groups.items()):
        seeds = sorted({run["seed"] for run in group})
        limits = sorted({run["limit"] for run in group})
        loads = [run["load"] for run in group]
        print(f"\n## {family}{part and f', {part}'}\n")
        print(
            f"Seeds {', '.join(map(str, seeds))}; limit {', '.join(f'{limit:g}' for limit in limits)} s; "
            f"load average of the 2-core machine {min(loads):g} to {max(loads):g}.\n"
        )
        print("| " + " | ".join(COLUMNS) + " |")
        print("|---|" + "---:|" * (len(COLUMNS) - 1))
        print("\n".join(rows(group)))


if __name__ == "__main__":
    main(sys.argv[1:])
