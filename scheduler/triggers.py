"""Jobs at local hours and at intervals. The only user of APScheduler."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

Job = Callable[[], None]


def at_hour(hour: int, zone: ZoneInfo) -> CronTrigger:
    """Fires every day when the zone's clocks show `hour` o'clock.

    Where clocks go forward over the hour it fires when they have, and where they show it twice, perhaps
    twice: what must happen once a night has to be claimed elsewhere.
    """
    return CronTrigger(hour=hour, minute=0, timezone=zone)


class Triggers:
    """Calls jobs in threads of its own, never the same job twice at once. A job that raises is logged, and
    called again when it is due again; one that was missed while the machine slept is called once, late."""

    def __init__(self) -> None:
        self._scheduler = BackgroundScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """From now on jobs are called."""
        self._scheduler.start()

    def stop(self) -> None:
        """No more jobs are called; returns when those under way have ended."""
        self._scheduler.shutdown(wait=True)

    def daily(self, key: str, hour: int, zone: ZoneInfo, job: Job) -> None:
        """Call `job` every day at `hour`, local time; in place of the job that had this key."""
        self._scheduler.add_job(job, at_hour(hour, zone), id=key, replace_existing=True)

    def every(self, key: str, seconds: float, job: Job) -> None:
        """Call `job` every so many seconds, first after that long; in place of the job of this key."""
        self._scheduler.add_job(job, "interval", seconds=seconds, id=key, replace_existing=True)

    def forget(self, key: str) -> None:
        """Call the job of this key no more. Raises LookupError where there is none."""
        self._scheduler.remove_job(key)
