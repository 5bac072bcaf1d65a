"""A published day in its course: three nurses, three visits, and the actions that change it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from app import clock
from app.actions import difference, disruptions, plans, runs
from app.actions.actor import Actor
from app.actions.disruptions import Report
from app.planning import execute
from app.store.engine import Database
from app.store.mapping import ids
from app.store.models import (
    Region,
    Run,
)
from app.store.models.disruption import DisruptionStatus
from app.store.models.plan import PlanStatus
from app.store.models.run import RunStatus
from app.store.queries import disruptions as queries
from app.store.queries import plans as plan_queries
from scheduler.explain import ChangeKind
from tests.support.executions import engines
from tests.support.filled import filled
from tests.support.midday_solver import MiddaySolver
from tests.support.rows import DAY, Clinic, local


@dataclass
class Day:
    """Ana, Ben and Cleo; three visits by day's plan: 9:00 to 11:15 ("morning"), and 13:00 to 15:15 twice."""

    database: Database
    dispatcher: Actor
    visits: dict[str, int]
    codes: dict[str, str]
    nurses: dict[str, int]
    sent: int = 0
    now: datetime = field(default_factory=lambda: local(DAY, 3) - timedelta(days=1))

    def at(self, hour: int, minute: int = 0) -> None:
        self.now = local(DAY, hour, minute)

    def propose(self, report: Report) -> int:
        """The run of the proposal, carried out."""
        with self.database.begin() as tx:
            region = tx.get_one(Region, 1)
            run = disruptions.propose(tx, region, DAY, report, actor=self.dispatcher)
            runs.begin(run, "worker", self.now)
        return self.carried_out(run.id)

    def replan(self) -> int:
        with self.database.begin() as tx:
            run = plans.request_replan(tx, self.dispatcher, DAY)
            runs.begin(run, "worker", self.now)
        return self.carried_out(run.id)

    def carried_out(self, run_id: int) -> int:
        execute(self.database, run_id, engines(MiddaySolver))
        with self.database.begin() as tx:
            run = tx.get_one(Run, run_id)
            assert run.status is RunStatus.SUCCEEDED, run.error
        return run_id

    def draft(self) -> int:
        with self.database.begin() as tx:
            row = plan_queries.of_day(tx, 1, DAY, PlanStatus.DRAFT)
            assert row is not None
            return row.id

    def publish(self) -> None:
        draft = self.draft()
        with self.database.begin() as tx:
            plans.publish(tx, self.dispatcher, draft)

    def stays(self, status: PlanStatus) -> dict[int, tuple[int, datetime, datetime]]:
        """Nurse, start and end of each visit."""
        with self.database.begin() as tx:
            return {
                stop.visit_id: (route.nurse_id, stop.start, stop.end)
                for route in queries.routes(tx, 1, DAY, status)
                for stop in route.stops
            }

    def nurse_of(self, visit: str) -> str:
        """The name of the nurse who has it in the published plan."""
        nurse, *_ = self.stays(PlanStatus.PUBLISHED)[self.visits[visit]]
        return next(name for name, key in self.nurses.items() if key == nurse)

    def code_of(self, nurse: str) -> str:
        return self.codes[nurse]

    def kinds(self) -> dict[str, tuple[ChangeKind, ...]]:
        """What the draft changes, by visit."""
        with self.database.begin() as tx:
            found = difference.difference(tx, tx.get_one(Region, 1), DAY)
        assert found is not None
        names = {ids.visit_id(key): name for name, key in self.visits.items()}
        return {names[change.visit]: change.kinds for change in found.changes.changed}

    def status(self) -> DisruptionStatus:
        with self.database.begin() as tx:
            return queries.of_day(tx, 1, DAY)[0].status

    def verdict(self, status: PlanStatus = PlanStatus.PUBLISHED) -> tuple[str, ...]:
        with self.database.begin() as tx:
            found = plans.check_plan(tx, tx.get_one(Region, 1), DAY, status)
        assert found is not None
        return (*found.faults, *found.changes)


def running_day(database: Database, monkeypatch: pytest.MonkeyPatch) -> Day:
    """The day, published; it is ten o'clock."""
    made = replace(filled(database, _published), database=database)
    monkeypatch.setattr(clock, "read", lambda: made.now)
    made.at(10)
    return made


def _published(database: Database) -> Day:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        nurses = [
            clinic.nurse("Ana", east=0.00),
            clinic.nurse("Ben", east=0.05),
            clinic.nurse("Cleo", east=0.10),
        ]
        visits = {
            "morning": clinic.visit(windows=(((9, 0), (9, 30), (12, 30)),)),
            "early": clinic.visit(windows=(((13, 0), (14, 0), (17, 0)),)),
            "late": clinic.visit(windows=(((13, 0), (14, 0), (17, 0)),)),
        }
        made = Day(
            database=database,
            dispatcher=clinic.dispatcher(),
            visits={name: visit.id for name, visit in visits.items()},
            codes={name: visit.code for name, visit in visits.items()}
            | {nurse.name: nurse.code for nurse in nurses},
            nurses={nurse.name: nurse.id for nurse in nurses},
        )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "read", lambda: made.now)
        made.replan()
        made.publish()
    return made
