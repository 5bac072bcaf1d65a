"""How the board puts money, proofs, waits and runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.board import runs, text
from app.store.models import Run
from app.store.models.run import RunStatus, RunTrigger

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def run(status: RunStatus, **facts: object) -> Run:
    given: dict[str, object] = {
        "id": 1,
        "trigger": RunTrigger.REPLAN,
        "queued_at": NOW,
        "seconds": 60,
        "elapsed": 0.0,
        "stage": "",
        "cancel_requested": False,
        "days": 1,
    }
    return Run(status=status, **(given | facts))


@pytest.mark.parametrize(
    ("cost", "bound", "words"),
    [
        (1000, 1000, "proved optimal"),
        (1000, 1001, "proved optimal"),
        (1031, 1000, "within 3.1% of the best possible"),
        (103_101, 100_000, "within 3.2% of the best possible"),
        (1_000_001, 1_000_000, "within 0.1% of the best possible"),
        (2000, 1000, "within 100% of the best possible"),
        (1000, None, ""),
        (1000, 0, ""),
        (1000, -5, ""),
    ],
)
def test_a_proof_never_claims_more_than_was_proved(cost: int, bound: int | None, words: str) -> None:
    assert text.proof(cost, bound) == words


@pytest.mark.parametrize(
    ("points", "words"), [(0, "$0"), (3600, "$1"), (3600 * 1234, "$1,234"), (3600 * 1_500_000, "$1,500,000")]
)
def test_points_become_dollars(points: int, words: str) -> None:
    assert text.dollars(points) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (42.2, "42 s"), (119, "119 s"), (120, "2 min"), (3700, "1 h 2 min")]
)
def test_waits(seconds: float, words: str) -> None:
    assert text.wait(seconds) == words


def test_counts_have_their_plural() -> None:
    assert [text.count(number, "visit") for number in (0, 1, 1200)] == ["0 visits", "1 visit", "1,200 visits"]


def test_the_last_failure_is_put_right_by_a_later_success_but_not_by_a_live_run() -> None:
    failed, done, live = (
        run(status) for status in (RunStatus.FAILED, RunStatus.SUCCEEDED, RunStatus.RUNNING)
    )
    assert runs.last_failure([failed, done]) is failed
    assert runs.last_failure([done, failed]) is None
    assert runs.last_failure([live, failed]) is failed
    assert runs.last_failure([]) is None


def test_a_run_is_told_with_its_cost_and_with_what_went_wrong() -> None:
    def told(status: RunStatus, error: str) -> str:
        line = runs.run_line(
            run(status, day=NOW.date(), cost=72_000, error=error, attempt=1), ZoneInfo("UTC"), {}
        )
        return str(line["result"])

    assert told(RunStatus.SUCCEEDED, "") == "$20"
    assert told(RunStatus.SUCCEEDED, "A part failed.") == "$20. A part failed."
    assert told(RunStatus.FAILED, "All of it failed.") == "All of it failed."


@pytest.mark.parametrize("stage", ["construct", "anneal", "price", "prove"])
def test_the_stages_of_the_engine_are_told_in_words(stage: str) -> None:
    live = run(RunStatus.RUNNING, stage=stage, heartbeat_at=NOW, started_at=NOW)
    assert runs.progress(live, NOW)["stage"] != stage.capitalize()


def test_progress_shares_stay_within_the_bar() -> None:
    late = run(RunStatus.RUNNING, elapsed=75.0, heartbeat_at=NOW, started_at=NOW)
    assert runs.progress(late, NOW)["share"] == 1.0


@pytest.mark.parametrize(("seconds", "asks"), [(9, False), (10, True), (3600, True)])
def test_a_run_that_nobody_takes_up_is_asked_about_after_ten_seconds(seconds: int, asks: bool) -> None:
    waiting = run(RunStatus.QUEUED, queued_at=NOW - timedelta(seconds=seconds))
    assert ("is python -m app.worker running?" in runs.progress(waiting, NOW)["warning"]) is asks


@pytest.mark.parametrize(("seconds", "warns"), [(29, False), (30, True)])
def test_a_silent_worker_is_told_of(seconds: int, warns: bool) -> None:
    silent = run(RunStatus.RUNNING, started_at=NOW, heartbeat_at=NOW - timedelta(seconds=seconds))
    assert bool(runs.progress(silent, NOW)["warning"]) is warns
