"""The two ways to run the scenario's clinic: the operator's commands, and the dispatcher's pages."""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from werkzeug.test import TestResponse

from app.actions import plans, runs
from app.demo.clinic import REGION_CODE
from app.engines import ENGINES
from app.planning import execute
from app.store.models import Visit
from benchmarks.scenario_clinic import DAYS, DISPATCHER, FIRST_DAY, PASSWORD, Played

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


@dataclass(frozen=True, kw_only=True)
class Report:
    """What happened, as `flask disrupt` names it, with its options."""

    kind: str
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Told:
    """`changed`: as in "3 of 33"; `people`: nurses to tell, and the patients together as one."""

    changed: str
    people: int


class Hands(Protocol):
    """Somebody who runs the clinic."""

    name: str

    def plan_days(self, seconds: int) -> None:
        """Plan all days together."""

    def publish(self, day: date) -> None:
        """Publish the day's draft."""

    def disrupt(self, report: Report) -> Told:
        """Report what happened on the first day, look at the proposal, and publish it."""

    def move(self, visit: str, day: date) -> Told:
        """Move a session: look at what that does, and save it."""


class Commands:
    """The operator's commands. They have none that publishes an untouched draft: the action does."""

    name = "By command"

    def __init__(self, clinic: Played) -> None:
        self._clinic = clinic
        self._runner = clinic.app.test_cli_runner()

    def plan_days(self, seconds: int) -> None:
        """`plan-days`."""
        self._run("plan-days", "--from", str(FIRST_DAY), "--days", str(DAYS), "--seconds", str(seconds))

    def publish(self, day: date) -> None:
        """The action."""
        draft = self._clinic.draft(day)
        with self._clinic.database.begin() as tx:
            plans.publish(tx, self._clinic.dispatcher, draft.id)

    def disrupt(self, report: Report) -> Told:
        """`disrupt --accept`."""
        options = [word for name, value in report.given.items() for word in (f"--{name}", _joined(value))]
        where = ("--date", str(FIRST_DAY), "--accept", "--by", DISPATCHER)
        said = self._run("disrupt", *where, report.kind, *options)
        changed = re.search(r"(\d+ of \d+) visits?", said)
        people = len(re.findall(r"^Tell ", said, re.MULTILINE))
        return Told(changed="" if changed is None else changed[1], people=people)

    def move(self, visit: str, day: date) -> Told:
        """`move-session`, shown and then accepted."""
        words = ("move-session", "--visit", visit, "--to", str(day), "--by", DISPATCHER)
        shown = self._run(*words)
        self._run(*words, "--accept")
        return Told(
            changed=f"{len(re.findall(r': Session .* moves from ', shown))} sessions",
            people=len(re.findall(r"^Tell ", shown, re.MULTILINE)),
        )

    def _run(self, command: str, *words: str) -> str:
        done = self._runner.invoke(args=[command, "--region", REGION_CODE, *words])
        if done.exit_code:
            raise RuntimeError(f"{command} {' '.join(words)}: {done.output}")
        print(done.output, file=sys.stderr)
        return done.stdout


class Pages:
    """The dispatcher's pages, and a worker that carries out what they queue."""

    name = "Through the pages"

    def __init__(self, clinic: Played) -> None:
        self._clinic = clinic
        self._client = clinic.app.test_client()
        self._token = ""

    def plan_days(self, seconds: int) -> None:
        """*Coming days*: plan these days."""
        self._log_in()
        self._post("/board/horizon", first=str(FIRST_DAY), days=str(DAYS), seconds=str(seconds))
        self._work()
        self._get("/board/horizon")

    def publish(self, day: date) -> None:
        """The day's board: publish."""
        self._log_in()
        self._post(f"/board/{day}/publish", plan=str(self._clinic.draft(day).id))

    def disrupt(self, report: Report) -> Told:
        """*Something happened*, the page of changes, publish this."""
        self._log_in()
        day = f"/board/{FIRST_DAY}"
        self._post(f"{day}/happened/{_kind(report.kind)}", **report.given)
        self._work()
        page = self._get(f"{day}/changes")
        changed = re.search(r'stat-label">Changes</p><p class="stat-value">(\d+ of \d+)<', page)
        patients, nurses = (_items(page, heading) for heading in ("Patients to tell", "Nurses to tell"))
        self.publish(FIRST_DAY)
        return Told(changed="" if changed is None else changed[1], people=bool(patients) + len(nurses))

    def move(self, visit: str, day: date) -> Told:
        """A patient's course: see what moves, save."""
        self._log_in()
        with self._clinic.database.begin() as tx:
            key = tx.query(Visit).filter_by(code=visit).one().id
        step = f"/records/visits/{key}/move"
        page = self._post(step, day=str(day)).text
        shown = re.search(r'name="key" value="([^"]+)"', page)
        assert shown is not None, page
        self._post(step, day=str(day), key=shown[1])
        sessions = len(re.findall(r'<th scope="row">Session', page))
        return Told(changed=f"{sessions} sessions", people=page.count('<li class="card">'))

    def _log_in(self) -> None:
        """A log-in does not last from one evening to the next noon."""
        self._client = self._clinic.app.test_client()
        self._token = _token(self._client.get("/login"))
        self._post("/login", email=DISPATCHER, password=PASSWORD)
        self._token = _token(self._client.get("/account"))

    def _work(self) -> None:
        with self._clinic.database.begin() as tx:
            run = runs.claim(tx, "worker", self._clinic.now)
            assert run is not None, "nothing is queued"
        execute(self._clinic.database, run.id, ENGINES)

    def _get(self, address: str) -> str:
        return _good(self._client.get(address)).text

    def _post(self, address: str, **fields: Any) -> TestResponse:
        return _good(self._client.post(address, data=fields, headers={"X-CSRFToken": self._token}))


def _good(answer: TestResponse) -> TestResponse:
    """Raises RuntimeError for a refusal, with what the page says."""
    if answer.status_code >= 400:
        said = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
        raise RuntimeError(f"{answer.request.path}: {answer.status_code} {said[:600]}")
    return answer


def _token(page: TestResponse) -> str:
    found = TOKEN.search(page.text)
    assert found is not None
    return found[1]


def _items(page: str, heading: str) -> Sequence[str]:
    """The entries of the list under a heading, but for the one that says that there are none."""
    found = re.search(rf"<h2>{heading}</h2>\s*<ul>(.*?)</ul>", page, re.DOTALL)
    entries = [] if found is None else re.findall(r"<li>(.*?)</li>", found[1], re.DOTALL)
    return [entry for entry in entries if not entry.startswith("None:")]


def _kind(command: str) -> str:
    """What the page calls it."""
    return {"overruns": "visit_overruns", "cancelled": "visit_cancelled"}.get(
        command, command.replace("-", "_")
    )


def _joined(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)
