"""Runs in words: how a live one gets on, what is known of one that has ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.board import text
from app.store.models import PlanRow, Run
from app.store.models.plan import PlanStatus
from app.store.models.run import RunStatus, RunTrigger
from app.web.times import moment, short_day

UNCLAIMED_AFTER = 10
"""Seconds a queued run may wait before the page asks whether a worker is there at all."""

SILENT_AFTER = 30
"""Seconds without a sign of life after which the page says so of a running run."""

KINDS = {
    RunTrigger.NIGHTLY: "nightly run",
    RunTrigger.REPLAN: "re-plan",
    RunTrigger.COMMAND: "run from the command line",
}


def kind(run: Run) -> str:
    """What a run is, as in "re-plan" or "10-day nightly run"."""
    return (f"{run.days}-day " if run.days > 1 else "") + KINDS[run.trigger]


STAGES = {
    "travel": "Working out the drives",
    "construct": "Making a first plan",
    "search": "Looking for better plans",
    "anneal": "Looking for better plans",
    "price": "Weighing whole routes against each other",
    "prove": "Proving how good the plan is",
}
"""The stages of plan_day and of the solver in words; one that is not here is shown as it is."""


def alive(runs: Sequence[Run]) -> Run | None:
    """The run that is queued or running; there is one at most."""
    return next((run for run in runs if run.status in (RunStatus.QUEUED, RunStatus.RUNNING)), None)


def last_ended(runs: Sequence[Run]) -> Run | None:
    """The newest run that has ended; `runs`: newest first."""
    return next((run for run in runs if run.status in (RunStatus.FAILED, RunStatus.SUCCEEDED)), None)


def last_failure(runs: Sequence[Run]) -> Run | None:
    """The newest ended run if it failed: a later success has put an earlier failure right."""
    last = last_ended(runs)
    return last if last is not None and last.status is RunStatus.FAILED else None


def version(plans: Collection[PlanRow], runs: Sequence[Run]) -> str:
    """A word that changes when the day's plans or runs do, but not with the progress of a run."""
    live = alive(runs)
    ended = next((run.id for run in runs if run is not live), 0)
    stored = ".".join(f"{plan.id}:{plan.revision[:8]}" for plan in sorted(plans, key=lambda plan: plan.id))
    published = ".".join(str(plan.id) for plan in plans if plan.status is PlanStatus.PUBLISHED)
    return f"{stored}-{published}-{live.id if live else 0}-{ended}"


def progress(run: Run, now: datetime) -> dict[str, Any]:
    """A live run as JSON: see `views.progress`."""
    queued = run.status is RunStatus.QUEUED
    share = min(1.0, run.elapsed / run.seconds) if run.seconds else 0.0
    return {
        "id": run.id,
        "status": run.status.value,
        "title": f"{kind(run).capitalize()} is {'waiting' if queued else 'running'}",
        "stage": _stage(run),
        "elapsed": f"at most {run.seconds} s" if queued else f"{run.elapsed:.0f} of {run.seconds} s",
        "share": round(share, 3),
        "cost": f"{text.dollars(run.cost)}, visits left out included" if run.cost is not None else "",
        "proof": text.proof(run.cost, run.bound) if run.cost is not None else "",
        "warning": _warning(run, now),
        "stopping": run.cancel_requested,
    }


def _stage(run: Run) -> str:
    if run.status is RunStatus.QUEUED:
        return "A worker takes it up in a moment"
    return STAGES.get(run.stage) or run.stage.capitalize() or "Starting"


def _warning(run: Run, now: datetime) -> str:
    if run.status is RunStatus.QUEUED:
        waited = (now - run.queued_at).total_seconds()
        if waited < UNCLAIMED_AFTER:
            return ""
        return "No worker has picked this up yet: is python -m app.worker running?"
    silent = (now - (run.heartbeat_at or run.started_at or run.queued_at)).total_seconds()
    if silent < SILENT_AFTER:
        return ""
    return f"The worker has given no sign of life for {text.wait(silent)}."


def run_line(run: Run, zone: ZoneInfo, names: dict[int, str]) -> dict[str, Any]:
    """A run as a line of the runs page."""
    by = [kind(run).capitalize(), names.get(run.requested_by or 0, "")]
    if run.attempt > 1:
        by.append(f"attempt {run.attempt}")
    return {
        "status": run.status.value,
        "by": ", ".join(word for word in by if word),
        "day": run.day,
        "day_text": short_day(run.day),
        "queued": moment(run.queued_at, zone),
        "took": _took(run),
        "result": ". ".join(words for words in (_result(run), run.error) if words),
    }


def _took(run: Run) -> str:
    if run.started_at is None or run.finished_at is None:
        return ""
    return text.wait((run.finished_at - run.started_at).total_seconds())


def _result(run: Run) -> str:
    if run.status is RunStatus.FAILED or run.cost is None:
        return ""
    return ", ".join(word for word in (text.dollars(run.cost), text.proof(run.cost, run.bound)) if word)
