"""Ten days of a clinic, played through the operator's commands: series planned, a day published, disruptions.

    python benchmarks/scenario.py --seconds 30 > benchmarks/results/scenario.md

60 fictional patients each have an order of four sessions; 20 nurses work in their weekly hours. All sessions
are booked as early as their orders allow, so the first days are far too full: `plan-days` gives them their
days. The families then say who stays with the patient, the days are planned once more, and the first day is
published. On it, at set times, one thing after another happens, each reported by `disrupt --accept`. After
every step the referee judges every plan. It has a database of its own; nothing is kept.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from click.testing import Result
from flask import Flask

from app import clock
from app.actions import accounts, plans
from app.actions.actor import Actor
from app.actions.courses import booking, files, series
from app.demo import writer
from app.demo.clinic import REGION_CODE, ZONE, generate
from app.store import migrate
from app.store.engine import Database, Tx
from app.store.models import Adult, Order, PlanRow, Prescriber, PrescriberHours, Region, Visit
from app.store.models.plan import PlanStatus
from app.store.models.user import Role
from app.store.models.visit import VisitStatus
from app.store.queries import horizon as horizons
from app.store.queries import plans as plan_queries
from app.wiring import create_app
from benchmarks.lines import load, table
from config import DEMO_SECRET, Settings

FIRST_DAY = date(2030, 6, 10)
"""A Monday."""

DAYS = 10
PATIENTS, NURSES, SESSIONS = 60, 20, 4
DISPATCHER = "dispatcher@scenario.example"
DAY = timedelta(days=1)


HEAD = """# Ten days, played through

{patients} patients with {sessions} sessions each, {nurses} nurses, seed {seed}; several days are solved
for {seconds} s. Load average {load:g} at the end. Made with

    python benchmarks/scenario.py > benchmarks/results/scenario.md

*Same nurse*: the share of sessions done by the nurse of the session before. *Changed*: visits of the day that
got another nurse, another time, or are not served any more. *To tell*: nurses, and the patients together as
one. *Clean*: the referee finds no fault with any plan, and the published one fits the records.

{table}
"""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: wall `seconds`, `served` of `visits` on the days it planned, `kept`: how far series keep
    their nurse, `changed`: visits of the day that changed, `told`: people to tell, `clean`: the referee's
    word on every plan."""

    name: str
    seconds: float
    served: int
    visits: int
    kept: str = ""
    changed: str = ""
    told: str = ""
    clean: bool = True


class Played:
    """A clinic under way, at a time of its own."""

    def __init__(self, folder: Path, seed: int, seconds: int) -> None:
        self.now = at(FIRST_DAY - DAY, 18)
        clock.read = lambda: self.now
        settings = Settings(
            database_url=f"sqlite:///{folder / 'scenario.sqlite'}", secret_key=DEMO_SECRET, demo=True
        )
        self.database = Database(settings.database_url)
        migrate.upgrade(self.database)
        self.app: Flask = create_app(settings, database=self.database)
        self.seconds = seconds
        with self.database.begin() as tx:
            self.dispatcher = self._store(tx, seed)

    def command(self, *words: str) -> Result:
        """Run an operator's command. Raises RuntimeError where it fails."""
        done = self.app.test_cli_runner().invoke(args=list(words))
        if done.exit_code:
            raise RuntimeError(f"{' '.join(words)}: {done.output}")
        return done

    def _store(self, tx: Tx, seed: int) -> Actor:
        """The demo's nurses, protocols and patients, with an order for each patient instead of the visits."""
        clinic = generate(seed, FIRST_DAY, 2, PATIENTS // 2, NURSES)
        region = writer.store(tx, clinic)
        user = accounts.create_user(
            tx,
            email=DISPATCHER,
            name="Robin Calloway",
            password="scenario-only",
            role=Role.DISPATCHER,
            region_id=region.id,
        )
        dispatcher = accounts.actor_of(user)
        prescriber = Prescriber(region_id=region.id, code="D99", name="Dr. Imelda Vance")
        prescriber.hours = [
            PrescriberHours(weekday=weekday, start_time=time(6), end_time=time(22)) for weekday in range(7)
        ]
        tx.add(prescriber)
        tx.flush()
        for number, visit in enumerate(
            horizons.booked_between(tx, region.id, FIRST_DAY, FIRST_DAY + 60 * DAY)
        ):
            booking.drop(tx, visit, VisitStatus.CANCELLED)
            if visit.order is None and visit.version.staff == 1:
                order = _order(region, visit, prescriber, number)
                tx.add(order)
                tx.flush()
                series.book_series(tx, dispatcher, order.id)
        return dispatcher

    def confirm_adults(self) -> None:
        """Somebody stays with every patient on the day that her session has now."""
        with self.database.begin() as tx:
            region = tx.query(Region).one()
            for visit in horizons.booked_between(tx, region.id, FIRST_DAY, FIRST_DAY + 60 * DAY):
                adult = tx.query(Adult).filter_by(patient_id=visit.patient_id).first()
                if adult is None:
                    adult = Adult(patient_id=visit.patient_id, code="A1", name="Jonas Invented")
                    tx.add(adult)
                    tx.flush()
                start, end = at(visit.day, 5), at(visit.day + DAY, 3)
                files.record_presence(tx, self.dispatcher, visit.id, adult.id, start, end, confirmed=True)

    def publish(self, day: date) -> None:
        """Publish the day's draft."""
        with self.database.begin() as tx:
            region = tx.query(Region).one()
            draft = plan_queries.of_day(tx, region.id, day, PlanStatus.DRAFT)
            assert draft is not None
            plans.publish(tx, self.dispatcher, draft.id)

    def plan_days(self, name: str) -> Step:
        """Plan all days together."""
        words = ("plan-days", "--region", REGION_CODE, "--from", str(FIRST_DAY), "--days", str(DAYS))
        began = perf_counter()
        done = self.command(*words, "--seconds", str(self.seconds))
        seconds = perf_counter() - began
        print(done.output, file=sys.stderr)
        found = re.search(r": (\d+) of (\d+) visits served, (\d+) moved", done.stdout)
        kept = re.search(r"same nurse as in the session before: (\d+%)", done.stdout)
        assert found is not None
        return Step(
            name=f"{name}: {found[3]} moved",
            seconds=seconds,
            served=int(found[1]),
            visits=int(found[2]),
            kept="" if kept is None else kept[1],
            clean=self.is_clean(),
        )

    def disrupt(self, name: str, words: Sequence[str]) -> Step:
        """Report what happened, and publish the proposal."""
        where = ("--region", REGION_CODE, "--date", str(FIRST_DAY), "--accept", "--by", DISPATCHER)
        began = perf_counter()
        done = self.command("disrupt", *where, *words)
        seconds = perf_counter() - began
        print(done.output, file=sys.stderr)
        changed = re.search(r"(\d+) of (\d+) visits?", done.stdout)
        told = len(re.findall(r"^Tell ", done.stdout, re.MULTILINE))
        return self._published(name, seconds, "" if changed is None else changed[0], str(told))

    def step(self, name: str) -> Step:
        """Where the published day stands."""
        return self._published(name, 0.0, "", "")

    def _published(self, name: str, seconds: float, changed: str, told: str) -> Step:
        with self.database.begin() as tx:
            row = tx.query(PlanRow).filter_by(day=FIRST_DAY, status=PlanStatus.PUBLISHED).one()
            served, total = row.visits_served, row.visits_served + len(row.unassigned)
        return Step(
            name=name,
            seconds=seconds,
            served=served,
            visits=total,
            changed=changed,
            told=told,
            clean=self.is_clean(),
        )

    def routes(self) -> dict[str, list[str]]:
        """The codes of the published visits of each nurse who has some, by her code, in order."""
        with self.database.begin() as tx:
            row = tx.query(PlanRow).filter_by(day=FIRST_DAY, status=PlanStatus.PUBLISHED).one()
            return {
                route.nurse.code: [stop.visit.code for stop in route.stops]
                for route in row.routes
                if route.stops
            }

    def under_way(self, moment: datetime) -> str:
        """The code of a published visit that goes on at that time."""
        with self.database.begin() as tx:
            row = tx.query(PlanRow).filter_by(day=FIRST_DAY, status=PlanStatus.PUBLISHED).one()
            stops = (stop for route in row.routes for stop in route.stops)
            return next(stop.visit.code for stop in stops if stop.start <= moment < stop.end)

    def is_clean(self) -> bool:
        """The referee finds no fault with any plan, and the published ones fit today's records. Drafts of
        later days may have to follow what has changed since."""
        with self.database.begin() as tx:
            region = tx.query(Region).one()
            alive = tx.query(PlanRow).filter(PlanRow.status != PlanStatus.SUPERSEDED).all()
            verdicts = [(row.status, plans.judge(tx, region, row)) for row in alive]
        bad = [v for status, v in verdicts if v.faults or (status is PlanStatus.PUBLISHED and v.changes)]
        for verdict in bad:
            print(verdict.plan_id, *verdict.faults, *verdict.changes, file=sys.stderr)
        return not bad


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A local time of the clinic, as an aware UTC instant."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(ZONE)).astimezone(UTC)


def _order(region: Region, visit: Visit, prescriber: Prescriber, number: int) -> Order:
    """Four sessions at least 48 hours apart, mornings or afternoons by turns."""
    morning = number % 2 == 0
    return Order(
        region_id=region.id,
        code=f"S{number:03}",
        patient=visit.patient,
        prescriber=prescriber,
        protocol=visit.version.protocol,
        sessions=SESSIONS,
        valid_from=FIRST_DAY,
        valid_until=FIRST_DAY + 30 * DAY,
        min_hours=48,
        max_hours=144,
        weekdays="Mon Tue Wed Thu Fri",
        earliest_start=time(8) if morning else time(11),
        latest_start=time(12) if morning else time(15),
    )


def play(clinic: Played) -> Iterator[Step]:
    """The steps, in order."""
    yield clinic.plan_days("the sessions get their days")
    clinic.confirm_adults()
    yield clinic.plan_days("every patient has somebody to stay, planned once more")
    clinic.publish(FIRST_DAY)
    yield clinic.step("the first day is published")
    for hour, minute, name, words in disruptions(clinic):
        clinic.now = at(FIRST_DAY, hour, minute)
        yield clinic.disrupt(f"{hour}:{minute:02} {name}", words)


def disruptions(clinic: Played) -> Iterator[tuple[int, int, str, tuple[str, ...]]]:
    """What happens, when, and how it is reported; each chosen from the plan that is published by then."""
    routes = clinic.routes()
    yield 6, 30, "a nurse is ill", ("nurse-ill", "--nurse", max(routes, key=lambda code: len(routes[code])))
    routes = clinic.routes()
    late = max(routes, key=lambda code: len(routes[code]))
    yield 7, 30, "a nurse is 25 min late", ("nurse-late", "--nurse", late, "--minutes", "25")
    yield (
        8,
        0,
        "roads are slow around three patients",
        (
            *("road-closed", "--factor", "1.5", "--visits"),
            ",".join(stops[-1] for stops in list(clinic.routes().values())[:3]),
        ),
    )
    visits = [stop for stops in clinic.routes().values() for stop in stops[-1:]]
    yield 9, 0, "a patient cancels", ("cancelled", "--visit", visits[0])
    under_way = clinic.under_way(at(FIRST_DAY, 10))
    yield 10, 0, "a visit lasts 30 min longer", ("overruns", "--visit", under_way, "--minutes", "30")


def report(steps: Sequence[Step], seed: int, seconds: int) -> str:
    """Markdown."""
    rows = [
        (
            step.name,
            f"{step.seconds:.1f}",
            f"{step.served} of {step.visits}",
            step.kept,
            step.changed,
            step.told,
            "yes" if step.clean else "NO",
        )
        for step in steps
    ]
    columns = ("step", "seconds", "visits served", "same nurse", "changed", "to tell", "clean")
    return HEAD.format(
        patients=PATIENTS,
        sessions=SESSIONS,
        nurses=NURSES,
        seed=seed,
        seconds=seconds,
        load=load(),
        table=table(columns, rows),
    )


def main() -> int:
    """Play it, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--seconds", type=int, default=30, help="for several days; a disruption has the region's"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clinic = Played(Path(folder), chosen.seed, chosen.seconds)
        steps = []
        for step in play(clinic):
            print(step, file=sys.stderr)
            steps.append(step)
        clinic.database.dispose()
    print(report(steps, chosen.seed, chosen.seconds))
    return 0 if all(step.clean for step in steps) else 1


if __name__ == "__main__":
    sys.exit(main())
