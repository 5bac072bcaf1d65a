"""A fictional clinic for the scenario: patients with an order of four sessions each, and nurses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask

from app import clock
from app.actions import accounts, plans
from app.actions.actor import Actor
from app.actions.courses import booking, files, series
from app.demo import writer
from app.demo.clinic import ZONE, generate
from app.store import migrate
from app.store.engine import Database, Tx
from app.store.models import (
    Adult,
    HorizonResult,
    Order,
    PlanRow,
    Prescriber,
    PrescriberHours,
    Region,
    RouteRow,
    StopRow,
    Visit,
)
from app.store.models.plan import PlanStatus
from app.store.models.user import Role
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries import horizon as horizons
from app.wiring import create_app
from config import DEMO_SECRET, Settings

FIRST_DAY = date(2030, 6, 10)
"""A Monday."""

DAYS = 10
PATIENTS, NURSES, SESSIONS = 60, 20, 4
DISPATCHER, PASSWORD = "dispatcher@scenario.example", "scenario-only"
DAY = timedelta(days=1)


class Played:
    """A clinic under way, at a time of its own, in a database of its own in `folder`."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.now = at(FIRST_DAY - DAY, 18)
        clock.read = lambda: self.now
        settings = Settings(
            database_url=f"sqlite:///{folder / 'scenario.sqlite'}",
            secret_key=DEMO_SECRET,
            demo=True,
            cookie_secure=False,
        )
        self.database = Database(settings.database_url)
        migrate.upgrade(self.database)
        self.app: Flask = create_app(settings, database=self.database)
        with self.database.begin() as tx:
            self.dispatcher = self._store(tx, seed)

    def _store(self, tx: Tx, seed: int) -> Actor:
        """The demo's nurses, protocols and patients, with an order for each patient instead of the visits."""
        clinic = generate(seed, FIRST_DAY, 2, PATIENTS // 2, NURSES)
        region = writer.store(tx, clinic)
        user = accounts.create_user(
            tx,
            email=DISPATCHER,
            name="Robin Calloway",
            password=PASSWORD,
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

    def result(self) -> HorizonResult:
        """What the newest run of several days came to."""
        with self.database.begin() as tx:
            found = horizons.latest_result(tx, tx.query(Region).one().id)
            assert found is not None
            return found

    def draft(self, day: date) -> PlanRow:
        """The day's draft."""
        with self.database.begin() as tx:
            return tx.query(PlanRow).filter_by(day=day, status=PlanStatus.DRAFT).one()

    def published(self) -> tuple[int, int]:
        """Of the visits of the first day's published plan: how many are served, and how many there are."""
        with self.database.begin() as tx:
            row = tx.query(PlanRow).filter_by(day=FIRST_DAY, status=PlanStatus.PUBLISHED).one()
            return row.visits_served, row.visits_served + len(row.unassigned)

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

    def session_to_move(self, day: date) -> str:
        """The code of a session in the day's draft whose order has a later one."""
        with self.database.begin() as tx:
            stops = tx.query(StopRow).join(StopRow.route).join(RouteRow.plan).join(StopRow.visit)
            drafted = stops.filter(PlanRow.day == day, PlanRow.status == PlanStatus.DRAFT)
            early = drafted.filter(Visit.kind == VisitKind.SESSION, Visit.session < SESSIONS)
            return early.order_by(Visit.code).first().visit.code

    def judge(self) -> tuple[bool, int]:
        """Whether the referee finds no fault with any plan and the published ones fit today's records; and
        how many drafts of later days no longer fit."""
        with self.database.begin() as tx:
            region = tx.query(Region).one()
            alive = tx.query(PlanRow).filter(PlanRow.status != PlanStatus.SUPERSEDED).all()
            verdicts = [(row.status, plans.judge(tx, region, row)) for row in alive]
        clean = not any(v.faults or (v.changes and status is PlanStatus.PUBLISHED) for status, v in verdicts)
        return clean, sum(bool(v.changes) for status, v in verdicts if status is PlanStatus.DRAFT)


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
