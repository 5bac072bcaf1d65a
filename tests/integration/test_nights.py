"""Each region's night is planned once: at its own hour, whatever its clocks do, however many try."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app import clock
from app.actions import nights, runs
from app.nightly import Nightly
from app.store.engine import Database
from app.store.models import Night, Region, Run
from app.store.models.run import RunStatus, RunTrigger
from app.store.queries import runs as queries
from scheduler.triggers import Triggers, at_hour
from tests.support.rows import NEW_YORK, Clinic, local

MONDAY = date(2030, 6, 10)
TUESDAY = date(2030, 6, 11)
SPRING = date(2030, 3, 10)
"""A Sunday; clocks go from 2:00 to 3:00."""
AUTUMN = date(2030, 11, 3)
"""A Sunday; clocks go from 2:00 back to 1:00."""
PATIENT = "Mara Quill"
EVERY_DAY = "Mon Tue Wed Thu Fri Sat Sun"


def region(database: Database, code: str = "columbus", **changes: object) -> int:
    with database.begin() as tx:
        return Clinic.make(tx, code, **{"plan_hour": 3, **changes}).region.id


def claim(database: Database, region_id: int, now: datetime) -> Run | None:
    with database.begin() as tx:
        return nights.claim_night(tx, region_id, now)


def all_runs(database: Database) -> list[Run]:
    with database.begin() as tx:
        return list(reversed(queries.recent(tx, 100)))


class TestDue:
    """When a night is due, and for which day."""

    @pytest.mark.parametrize(
        ("now", "day"),
        [
            (local(MONDAY, 2, 59), None),
            (local(MONDAY, 3), TUESDAY),
            (local(MONDAY, 23, 59), TUESDAY),
            (local(TUESDAY, 0), None),
            (local(TUESDAY, 3), date(2030, 6, 12)),
        ],
    )
    def test_from_the_hour_until_midnight(self, now: datetime, day: date | None) -> None:
        here = Region(zone=NEW_YORK, plan_hour=3, working_days="Mon Tue Wed Thu Fri")
        assert nights.due_day(here, now) == day

    @pytest.mark.parametrize(
        ("working_days", "day"),
        [
            ("Mon Tue Wed Thu Fri", date(2030, 6, 17)),
            (EVERY_DAY, date(2030, 6, 15)),
            ("Wed", date(2030, 6, 19)),
        ],
    )
    def test_the_next_working_day_after_a_friday(self, working_days: str, day: date) -> None:
        here = Region(zone=NEW_YORK, plan_hour=3, working_days=working_days)
        assert nights.due_day(here, local(date(2030, 6, 14), 3)) == day

    def test_by_the_regions_own_date(self) -> None:
        now = datetime(2030, 6, 10, 20, tzinfo=UTC)
        zones = {"America/New_York": TUESDAY, "Asia/Tokyo": date(2030, 6, 12), "Pacific/Honolulu": TUESDAY}
        for zone, day in zones.items():
            here = Region(zone=zone, plan_hour=0, working_days=EVERY_DAY)
            assert nights.due_day(here, now) == day


class TestClaim:
    """Whoever comes first queues the night's run; nobody else does."""

    def test_once(self, database: Database) -> None:
        here = region(database)
        run = claim(database, here, local(MONDAY, 3))
        assert run is not None
        assert (run.day, run.trigger, run.status) == (TUESDAY, RunTrigger.NIGHTLY, RunStatus.QUEUED)
        with database.begin() as tx:
            assert tx.get_one(Night, (here, TUESDAY)).run_id == run.id
        for later in (local(MONDAY, 3), local(MONDAY, 17)):
            assert claim(database, here, later) is None
        assert len(all_runs(database)) == 1

    def test_once_also_when_many_try_at_the_same_moment(self, database: Database) -> None:
        here, now = region(database), local(MONDAY, 3)
        with ThreadPoolExecutor(8) as pool:
            claimed = list(pool.map(lambda _: claim(database, here, now), range(8)))
        assert len([run for run in claimed if run]) == 1
        assert len(all_runs(database)) == 1

    def test_a_weekend_is_planned_once(self, database: Database) -> None:
        here, friday = region(database), date(2030, 6, 14)
        claimed = [claim(database, here, local(friday + timedelta(days=days), 3)) for days in range(3)]
        assert [run.day if run else None for run in claimed] == [date(2030, 6, 17), None, None]

    def test_waits_for_a_run_of_the_day_that_is_alive(self, database: Database) -> None:
        here = region(database)
        with database.begin() as tx:
            other = runs.queue(tx, tx.get_one(Region, here), TUESDAY, RunTrigger.REPLAN, now=local(MONDAY, 2))
            assert other is not None
            runs.begin(other, "worker", local(MONDAY, 2))
        assert claim(database, here, local(MONDAY, 3)) is None
        with database.begin() as tx:
            runs.fail(tx, other.id, "Stopped by hand.", local(MONDAY, 3))
        assert claim(database, here, local(MONDAY, 3, 5)) is not None

    @pytest.mark.parametrize(
        "wrong", [{"zone": "America/Atlantis"}, {"working_days": "Someday"}, {"working_days": ""}]
    )
    def test_a_region_that_cannot_be_gets_a_failed_run_once_a_day(
        self, database: Database, wrong: dict[str, str]
    ) -> None:
        here = region(database, **wrong)
        (value,) = wrong.values()
        run = claim(database, here, local(MONDAY, 3))
        assert run is not None
        assert (run.status, run.day) == (RunStatus.FAILED, TUESDAY)
        assert repr(value) in run.error
        assert claim(database, here, local(MONDAY, 4)) is None
        assert claim(database, here, local(TUESDAY, 4)) is not None


class TestClockChanges:
    """Minute by minute through the nights on which clocks change: one run, at the right time."""

    @pytest.mark.parametrize(
        ("day", "hour", "first_minute"),
        [
            (SPRING, 1, datetime(2030, 3, 10, 6, 0, tzinfo=UTC)),
            (SPRING, 2, datetime(2030, 3, 10, 7, 0, tzinfo=UTC)),
            (SPRING, 3, datetime(2030, 3, 10, 7, 0, tzinfo=UTC)),
            (AUTUMN, 1, datetime(2030, 11, 3, 5, 0, tzinfo=UTC)),
            (AUTUMN, 2, datetime(2030, 11, 3, 7, 0, tzinfo=UTC)),
            (AUTUMN, 3, datetime(2030, 11, 3, 8, 0, tzinfo=UTC)),
        ],
    )
    def test_the_night_comes_once(
        self, database: Database, day: date, hour: int, first_minute: datetime
    ) -> None:
        here = region(database, plan_hour=hour, working_days=EVERY_DAY)
        midnight = local(day, 0)
        claimed = []
        for minutes in range(0, 6 * 60, 5):
            now = midnight + timedelta(minutes=minutes)
            run = claim(database, here, now)
            claimed += [(now, run.day)] if run else []
        assert claimed == [(first_minute, day + timedelta(days=1))]

    @pytest.mark.parametrize("day", [SPRING, AUTUMN])
    @pytest.mark.parametrize("half_past", [1, 2])
    def test_a_claim_at_half_past_one_or_two_is_one_claim(
        self, database: Database, day: date, half_past: int
    ) -> None:
        here = region(database, plan_hour=half_past, working_days=EVERY_DAY)
        zone = ZoneInfo(NEW_YORK)
        twice = [
            datetime(day.year, day.month, day.day, half_past, 30, tzinfo=zone, fold=fold).astimezone(UTC)
            for fold in (0, 1)
        ]
        claimed = [run for run in (claim(database, here, now) for now in sorted(twice)) if run]
        assert [run.day for run in claimed] == [day + timedelta(days=1)]

    @pytest.mark.parametrize("day", [SPRING, AUTUMN, MONDAY])
    @pytest.mark.parametrize("hour", range(24))
    def test_the_trigger_fires_when_the_night_is_due(self, day: date, hour: int) -> None:
        zone = ZoneInfo(NEW_YORK)
        here = Region(zone=NEW_YORK, plan_hour=hour, working_days=EVERY_DAY)
        trigger = at_hour(hour, zone)
        fired = trigger.get_next_fire_time(None, local(day, 0))
        assert fired is not None
        assert nights.due_day(here, fired.astimezone(UTC)) == day + timedelta(days=1)


class TestNightly:
    """The worker's part: regions are read anew, and fail alone."""

    @pytest.fixture
    def nightly(self, database: Database) -> Iterator[Nightly]:
        made = Nightly(database, Triggers())
        yield made

    @pytest.fixture(autouse=True)
    def _now(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clock, "read", lambda: local(MONDAY, 12))

    def test_at_its_start_it_makes_up_for_missed_nights(self, database: Database, nightly: Nightly) -> None:
        region(database), region(database, "portland", zone="America/Los_Angeles")
        nightly.start()
        nightly.stop()
        assert [(run.region.code, run.day) for run in all_runs(database)] == [
            ("columbus", TUESDAY),
            ("portland", TUESDAY),
        ]

    def test_one_regions_failure_leaves_the_others_planned(
        self, database: Database, nightly: Nightly, monkeypatch: pytest.MonkeyPatch, caplog
    ) -> None:
        good, bad, last = region(database, "a"), region(database, "b"), region(database, "c")
        honest = nights.due_day

        def due_day(here: Region, now: datetime) -> date | None:
            if here.id == bad:
                raise RuntimeError(PATIENT)
            return honest(here, now)

        monkeypatch.setattr(nights, "due_day", due_day)
        with caplog.at_level(logging.ERROR):
            nightly.claim_all()
        assert {run.region_id for run in all_runs(database)} == {good, last}
        assert f"night of region {bad} not claimed: RuntimeError" in caplog.text
        assert PATIENT not in caplog.text

    def test_an_unknown_zone_leaves_the_others_planned(self, database: Database, nightly: Nightly) -> None:
        region(database, "a"), region(database, "b", zone="America/Atlantis"), region(database, "c")
        nightly.start()
        nightly.stop()
        assert [run.status for run in all_runs(database)] == [
            RunStatus.QUEUED,
            RunStatus.FAILED,
            RunStatus.QUEUED,
        ]

    def test_regions_come_move_and_go(self, database: Database) -> None:
        triggers = RecordingTriggers()
        nightly = Nightly(database, triggers)
        here = region(database)
        nightly.reread()
        assert triggers.hours == {f"region {here}": (3, NEW_YORK)}
        with database.begin() as tx:
            tx.get_one(Region, here).plan_hour = 4
        there = region(database, "portland", zone="America/Los_Angeles")
        nightly.reread()
        assert triggers.hours == {
            f"region {here}": (4, NEW_YORK),
            f"region {there}": (3, "America/Los_Angeles"),
        }
        with database.begin() as tx:
            tx.delete(tx.get_one(Region, here))
        nightly.reread()
        assert triggers.hours == {f"region {there}": (3, "America/Los_Angeles")}

    def test_a_triggers_job_claims_the_night(self, database: Database) -> None:
        triggers = RecordingTriggers()
        here = region(database)
        Nightly(database, triggers).reread()
        triggers.jobs[f"region {here}"]()
        triggers.jobs[f"region {here}"]()
        assert [run.day for run in all_runs(database)] == [TUESDAY]


class RecordingTriggers(Triggers):
    """Keeps what would be called, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.hours: dict[str, tuple[int, str]] = {}
        self.jobs = {}

    def daily(self, key, hour, zone, job) -> None:
        super().daily(key, hour, zone, job)
        self.hours[key] = (hour, zone.key)
        self.jobs[key] = job

    def forget(self, key) -> None:
        super().forget(key)
        del self.hours[key]


def test_triggers_call_their_jobs_again_after_one_raised() -> None:
    called, twice = [], threading.Event()

    def job() -> None:
        called.append(1)
        if len(called) > 1:
            twice.set()
        raise RuntimeError("once more")

    triggers = Triggers()
    triggers.every("job", 0.05, job)
    triggers.start()
    assert twice.wait(10)
    triggers.stop()
