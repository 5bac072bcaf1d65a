"""When regions' nights are claimed: at each region's own hour, and again every few minutes in case it was
missed."""

from __future__ import annotations

import logging
from functools import partial
from zoneinfo import ZoneInfo

from app.actions.nights import claim_night
from app.clock import utc_now
from app.days import CalendarError, zone_of
from app.quiet import trace_of
from app.store.engine import Database
from app.store.queries import planning
from scheduler.triggers import Triggers

REREAD_S = 60.0
CATCH_UP_S = 300.0

log = logging.getLogger("rounds.nightly")


class Nightly:
    """Keeps one trigger per region, and claims the nights that are due. Each region fails alone."""

    def __init__(self, database: Database, triggers: Triggers) -> None:
        self._database = database
        self._triggers = triggers
        self._hours: dict[int, tuple[int, ZoneInfo]] = {}

    def start(self) -> None:
        """Claim what was missed, and from now on what falls due."""
        self._triggers.start()
        self._triggers.every("regions", REREAD_S, self.reread)
        self._triggers.every("missed nights", CATCH_UP_S, self.claim_all)
        self.reread()
        self.claim_all()

    def stop(self) -> None:
        """No more nights are claimed."""
        self._triggers.stop()

    def reread(self) -> None:
        """Set a trigger for each region as it is now; forget those of regions that are gone."""
        hours = self._read_hours()
        for region_id in self._hours.keys() - hours.keys():
            self._triggers.forget(f"region {region_id}")
        for region_id, (hour, zone) in hours.items():
            if self._hours.get(region_id) != (hour, zone):
                self._triggers.daily(f"region {region_id}", hour, zone, partial(self.claim, region_id))
        self._hours = hours

    def claim_all(self) -> None:
        """Claim every night that is due and unclaimed."""
        with self._database.begin() as tx:
            regions = [region.id for region in planning.regions(tx)]
        for region_id in regions:
            self.claim(region_id)

    def claim(self, region_id: int) -> None:
        """Claim the region's night if it is due and unclaimed. Raises nothing: another region's turn comes
        next."""
        try:
            with self._database.begin() as tx:
                run = claim_night(tx, region_id, utc_now())
        except Exception as error:
            log.error("night of region %s not claimed: %s", region_id, trace_of(error))
            return
        if run is not None:
            log.info("night of region %s: run %s plans %s", region_id, run.id, run.day)

    def _read_hours(self) -> dict[int, tuple[int, ZoneInfo]]:
        hours: dict[int, tuple[int, ZoneInfo]] = {}
        with self._database.begin() as tx:
            for region in planning.regions(tx):
                try:
                    hours[region.id] = region.plan_hour, zone_of(region.zone)
                except CalendarError as error:
                    log.error("region %s has no nightly trigger: %s", region.code, error)
        return hours
