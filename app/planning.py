"""One run carried out: from the rows of its day, or days, to stored drafts. Worker and command line both run
this."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.actions import plans, runs
from app.actions.errors import ActionError
from app.clock import utc_now
from app.days import CalendarError
from app.horizon import plan_days
from app.quiet import trace_of
from app.store.engine import Database, Tx
from app.store.mapping import LoadedDay, Midday, Upon, as_changed, evidence_of, load_day, midday_of
from app.store.mapping.field_day import field_day
from app.store.models import Region, Run
from app.store.models.plan import PlanStatus
from app.store.queries import disruptions
from app.store.queries import plans as plan_queries
from app.store.queries.seen import seen_on
from scheduler.io import FormatError
from scheduler.model import ModelError
from scheduler.plan_day import DayPlan, InfeasiblePlan, plan_day, replan_day
from scheduler.solve import Limits, Progress, Report, Solver
from scheduler.travel import TravelSource

EVERY_S = 1.0
"""How often progress and heartbeats are written."""

REPORTED = ("disruption", "visit cancelled", "road closed")
"""Records of the planner that are at fault where a report is."""

log = logging.getLogger("rounds.planning")


@dataclass(frozen=True, kw_only=True, slots=True)
class Engines:
    """The planner's engines, made anew for every run."""

    solver: Callable[[], Solver]
    travel: Callable[[Region], TravelSource]


def execute(database: Database, run_id: int, engines: Engines, watch: Report | None = None) -> None:
    """Carry out a running run: it ends as succeeded with its drafts stored, or as failed with nothing stored.

    `watch` is told of progress too. Whatever goes wrong is in the run's row and in the log: nothing is
    raised. A run that is not running any more (it was taken for dead, or sent back to the queue) stores
    nothing.
    """
    try:
        done = _carried_out(database, run_id, engines, watch)
    except Exception as error:
        _fail(database, run_id, error)
        return
    if done is None:
        log.warning("run %s was taken away in mid-run: what it made is dropped", run_id)
        return
    log.info("run %s succeeded: %s", run_id, done)


def _carried_out(database: Database, run_id: int, engines: Engines, watch: Report | None) -> str | None:
    """What came of the run, for the log; None where it was taken away."""
    with database.begin() as tx:
        run = tx.get_one(Run, run_id)
        region = run.region
    tracker = Tracker(database, run_id, watch)
    tools = (engines.travel(region), engines.solver(), Limits(seconds=run.seconds, seed=run.seed))
    if run.days > 1:
        result = plan_days(database, run, *tools, tracker.report, tracker.cancelled)
        if result is None:
            return None
        return f"{run.days} days, {result.served} of {result.visits} visits served"
    with database.begin() as tx:
        loaded = load_day(tx, region, run.day)
        midday = _midday(tx, loaded, run)
    made = _plan(loaded, midday, tools, tracker)
    with database.begin() as tx:
        draft = plans.store_draft(tx, run_id, made.loaded, made.day, utc_now(), made.upon)
    if draft is None:
        return None
    return f"draft {draft.id}, {draft.visits_served} served, {len(draft.unassigned)} not"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Made:
    loaded: LoadedDay
    day: DayPlan
    upon: Upon | None = None


def _plan(
    loaded: LoadedDay, midday: Midday | None, tools: tuple[TravelSource, Solver, Limits], tracker: Tracker
) -> _Made:
    if midday is None:
        day = plan_day(loaded.problem, *tools, tracker.report, tracker.cancelled)
        return _Made(loaded=loaded, day=day)
    problem = midday.loaded.problem
    changed, day = replan_day(problem, midday.happening, *tools, tracker.report, tracker.cancelled)
    return _Made(loaded=as_changed(midday.loaded, changed), day=day, upon=midday.upon)


def _midday(tx: Tx, loaded: LoadedDay, run: Run) -> Midday | None:
    """The day as its published plan has left it by now; None where there is none to go by."""
    row = plan_queries.of_day(tx, run.region_id, run.day, PlanStatus.PUBLISHED)
    if row is None:
        return None
    now = utc_now()
    try:
        return midday_of(
            loaded,
            evidence_of(row),
            Upon(plan_id=row.id, as_of=now),
            disruptions.of_run(tx, run.id),
            disruptions.accepted(tx, run.region_id, run.day, now, besides_run=run.id),
            seen_on(tx, run.region_id, run.day),
            field_day(tx, run.region, run.day, now).expected,
        )
    except FormatError as error:
        log.warning("run %s: what plan %s promised cannot be read (%s)", run.id, row.id, type(error).__name__)
        return None


def _fail(database: Database, run_id: int, error: Exception) -> None:
    sentence, again = _what_went_wrong(error)
    log.error("run %s failed: %s\n%s", run_id, sentence, trace_of(error))
    with database.begin() as tx:
        runs.fail(tx, run_id, sentence, utc_now(), again=again)


def _what_went_wrong(error: Exception) -> tuple[str, bool]:
    """A sentence that is safe to show, and whether another try may go better."""
    if isinstance(error, ActionError):
        return str(error), False
    if isinstance(error, ModelError) and error.record in REPORTED:
        return f"What was reported cannot be: {error.reason}.", False
    if isinstance(error, CalendarError | ModelError):
        return f"The region's settings cannot be: {error}.", False
    if isinstance(error, InfeasiblePlan):
        return f"The solver's plan broke rules ({error.codes}), so nothing was stored.", True
    return f"Planning failed unexpectedly ({type(error).__name__}); the worker's log says where.", True


class Tracker:
    """Writes a run's progress, about once a second, and learns by it whether the run is cancelled.

    The solver may call it from any thread.
    """

    def __init__(self, database: Database, run_id: int, watch: Report | None = None) -> None:
        self._database = database
        self._run_id = run_id
        self._watch = watch
        self._lock = threading.Lock()
        self._latest = Progress(stage="", seconds=0.0)
        self._written = float("-inf")
        self._stop = False

    def report(self, progress: Progress) -> None:
        """The planner's `report`."""
        if self._watch is not None:
            self._watch(progress)
        self._latest = progress
        self._sync()

    def cancelled(self) -> bool:
        """The planner's `cancelled`."""
        self._sync()
        return self._stop

    def _sync(self) -> None:
        with self._lock:
            if time.monotonic() < self._written + EVERY_S:
                return
            self._written = time.monotonic()
            try:
                with self._database.begin() as tx:
                    self._stop = not runs.note_progress(tx, self._run_id, self._latest, utc_now())
            except Exception as error:
                # Progress is for people to look at; the plan goes on without it.
                log.warning("run %s: progress not written: %s", self._run_id, trace_of(error))


@contextmanager
def heartbeat(database: Database, run_id: int) -> Iterator[None]:
    """Keep a run that this process carries out itself alive while the block runs."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(EVERY_S):
            try:
                with database.begin() as tx:
                    runs.renew(tx, run_id, utc_now())
            except Exception as error:
                log.warning("run %s: heartbeat not written: %s", run_id, trace_of(error))

    thread = threading.Thread(target=beat, name=f"heartbeat of run {run_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
