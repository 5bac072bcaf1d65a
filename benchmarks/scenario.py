"""Ten days of a clinic, played twice: through the operator's commands, and through the dispatcher's pages.

    python benchmarks/scenario.py --seconds 30 > benchmarks/results/scenario.md

60 fictional patients each have an order of four sessions; 20 nurses work in their weekly hours. All sessions
are booked as early as their orders allow, so the first days are far too full: planning several days together
gives them their days. The families then say who stays with the patient, the days are planned once more, and
the first day is published. On it, at set times, one thing after another happens; then a session of the next
day is moved, and the days are planned again. After every step the referee judges every plan. Each clinic has
a database of its own; nothing is kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.lines import load, table
from benchmarks.scenario_clinic import DAY, FIRST_DAY, NURSES, PATIENTS, SESSIONS, Played, at
from benchmarks.scenario_hands import Commands, Hands, Pages, Report, Told

HEAD = """# Ten days, played through

{patients} patients with {sessions} sessions each, {nurses} nurses, seed {seed}; several days are solved
for {seconds} s. Load average {load:g} at the end. Made with

    python benchmarks/scenario.py > benchmarks/results/scenario.md

*Same nurse*: the share of sessions done by the nurse of the session before. *Changed*: visits of the day that
got another nurse, another time, or are not served any more; of a moved session, how many of its series got
another day. *To tell*: nurses, and the patients together as one; of a moved session everybody. *Stale*:
drafts of later days that no longer fit, and say so. *Clean*: the referee finds no fault with any plan, and
the published one fits the records.
"""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: wall `seconds`, `served` of `visits` on the days it planned, `kept`: how far series keep
    their nurse, `told`: what changed and whom it concerns, `clean` and `stale`: see `Played.judge`."""

    name: str
    seconds: float
    served: int
    visits: int
    kept: str = ""
    told: Told | None = None
    clean: bool
    stale: int


def play(clinic: Played, hands: Hands, seconds: int) -> Iterator[Step]:
    """The steps, in order."""
    yield _days(clinic, hands, seconds, "the sessions get their days")
    clinic.confirm_adults()
    yield _days(clinic, hands, seconds, "every patient has somebody to stay, planned once more")
    yield _step(clinic, "the first day is published", lambda: hands.publish(FIRST_DAY))
    for hour, minute, name, report in happenings(clinic):
        clinic.now = at(FIRST_DAY, hour, minute)
        yield _step(clinic, f"{hour}:{minute:02} {name}", lambda told=report: hands.disrupt(told))
    visit = clinic.session_to_move(FIRST_DAY + DAY)
    yield _step(clinic, "a session of the next day is moved", lambda: hands.move(visit, FIRST_DAY + 2 * DAY))
    clinic.confirm_adults()
    yield _days(clinic, hands, seconds, "the days are planned again")


def _days(clinic: Played, hands: Hands, seconds: int, name: str) -> Step:
    began = perf_counter()
    hands.plan_days(seconds)
    took, result = perf_counter() - began, clinic.result()
    clean, stale = clinic.judge()
    return Step(
        name=f"{name}: {len(result.moves)} moved",
        seconds=took,
        served=result.served,
        visits=result.visits,
        kept="" if result.kept is None else f"{result.kept:.0%}",
        clean=clean,
        stale=stale,
    )


def _step(clinic: Played, name: str, take: Callable[[], Told | None]) -> Step:
    began = perf_counter()
    told = take()
    seconds = perf_counter() - began
    served, visits = clinic.published()
    clean, stale = clinic.judge()
    return Step(name=name, seconds=seconds, served=served, visits=visits, told=told, clean=clean, stale=stale)


def happenings(clinic: Played) -> Iterator[tuple[int, int, str, Report]]:
    """What happens, when, and how it is reported; each chosen from the plan that is published by then."""
    routes = clinic.routes()
    ill = max(routes, key=lambda code: len(routes[code]))
    yield 6, 30, "a nurse is ill", Report(kind="nurse-ill", given={"nurse": ill})
    routes = clinic.routes()
    late = max(routes, key=lambda code: len(routes[code]))
    yield 7, 30, "a nurse is 25 min late", Report(kind="nurse-late", given={"nurse": late, "minutes": 25})
    slow = {"factor": 1.5, "visits": [stops[-1] for stops in list(clinic.routes().values())[:3]]}
    yield 8, 0, "roads are slow around three patients", Report(kind="road-closed", given=slow)
    last = next(stops[-1] for stops in clinic.routes().values())
    yield 9, 0, "a patient cancels", Report(kind="cancelled", given={"visit": last})
    longer = {"visit": clinic.under_way(at(FIRST_DAY, 10)), "minutes": 30}
    yield 10, 0, "a visit lasts 30 min longer", Report(kind="overruns", given=longer)


def report(steps: Sequence[Step]) -> str:
    """A table in Markdown."""
    rows = [
        (
            step.name,
            f"{step.seconds:.1f}",
            f"{step.served} of {step.visits}",
            step.kept,
            "" if step.told is None else step.told.changed,
            "" if step.told is None else str(step.told.people),
            str(step.stale),
            "yes" if step.clean else "NO",
        )
        for step in steps
    ]
    columns = ("step", "seconds", "visits served", "same nurse", "changed", "to tell", "stale", "clean")
    return table(columns, rows)


def main() -> int:
    """Play it both ways, and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--seconds", type=int, default=30, help="for several days; a disruption has the region's"
    )
    chosen = parser.parse_args()
    tables, clean = [], True
    for hands in (Commands, Pages):
        with tempfile.TemporaryDirectory() as folder:
            clinic = Played(Path(folder), chosen.seed)
            steps = []
            for step in play(clinic, hands(clinic), chosen.seconds):
                print(step, file=sys.stderr)
                steps.append(step)
            clinic.database.dispose()
        tables.append(f"\n## {hands.name}\n\n{report(steps)}\n")
        clean = clean and all(step.clean for step in steps)
    head = HEAD.format(
        patients=PATIENTS,
        sessions=SESSIONS,
        nurses=NURSES,
        seed=chosen.seed,
        seconds=chosen.seconds,
        load=load(),
    )
    print(head + "".join(tables))
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
