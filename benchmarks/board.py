"""How quick the board answers on a full day: the check of a drop, the page, its day, and when it can be used.

    python -m benchmarks.board --output benchmarks/results/board.md

Each figure is a ratio to something measured in the same run, turn by turn, so that a busy machine slows both:
to a bare Flask page that asks the database one question; in Chromium, to a day of 55 visits. The page is a
frame that asks for its day (docs/adr/0009-kept-boards.md), so the day is measured too: as it is kept, and
drawn anew because somebody has written something. The load is noted beside them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import func, select, update
from werkzeug.serving import make_server

from app.clock import utc_now
from app.store.engine import Database
from app.store.migrate import upgrade
from app.store.models import PlanRow, RouteRow, StopRow, User, Visit
from app.wiring import create_app
from config import DEMO_SECRET, Settings
from tests.support.board_days import MONDAY, add_draft, seed_day
from tests.support.clinic import DISPATCHER, PASSWORD

FULL, USUAL = (400, 145), (55, 25)
"""Visits, and nurses of the clinic; of 145 some 137 are on shift."""

TARGETS = {"drop check": 6.0, "board page": 4.0, "usable in Chromium": 3.0, "usable after a write": 3.0}
BARE = "a bare page with one query"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Medians in milliseconds, and their ratio."""

    name: str
    ours: float
    base: float
    what: str

    @property
    def ratio(self) -> float:
        return self.ours / self.base


def database_of(folder: Path, size: tuple[int, int]) -> Database:
    """A day of this size with its draft."""
    database = Database(f"sqlite:///{folder / f'day{size[0]}.sqlite'}")
    upgrade(database)
    with database.begin() as tx:
        add_draft(tx, seed_day(tx, *size), *size)
    return database


def service(database: Database) -> Flask:
    settings = Settings(database_url=database.url, secret_key=DEMO_SECRET, demo=True, cookie_secure=False)
    return create_app(settings, database=database)


def bare(database: Database) -> Callable[[], object]:
    """A page that asks the database one question, and answers with the number."""
    app = Flask("bare")

    @app.get("/")
    def one() -> str:
        with database.begin() as tx:
            return str(tx.scalar(select(func.count()).select_from(Visit)))

    client = app.test_client()
    return lambda: client.get("/")


def asks(database: Database, app: Flask) -> dict[str, Callable[[], object]]:
    """What a logged-in dispatcher asks for: the page, its day, and a drop check somewhere else each time. Day
    and check each after a write, and then again."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    assert client.post("/login", data={"email": DISPATCHER, "password": PASSWORD}).status_code == 302
    with database.begin() as tx:
        plan, revision = tx.execute(select(PlanRow.id, PlanRow.revision)).one()
        nurses = tx.scalars(select(RouteRow.nurse_id)).all()
        visits = tx.scalars(select(StopRow.visit_id).distinct()).all()
    chance = Random(1)

    def drop() -> object:
        fields: dict[str, Any] = {"plan": plan, "revision": revision, "nurse": chance.choice(nurses)}
        fields["start"] = f"{chance.randrange(9, 15):02}:{chance.randrange(0, 60, 5):02}"
        answer = client.get(f"/board/{MONDAY}/check/{chance.choice(visits)}", query_string=fields)
        assert answer.status_code == 200
        return answer

    def get(address: str) -> object:
        answer = client.get(address)
        assert answer.status_code == 200
        return answer

    def day() -> object:
        return get(f"/board/{MONDAY}/data")

    def after_a_write(act: Callable[[], object]) -> float:
        write(database)
        begin = time.process_time()
        act()
        return (time.process_time() - begin) * 1000

    return {
        "board page": lambda: get(f"/board/{MONDAY}"),
        "its day, drawn anew": lambda: after_a_write(day),
        "its day, as kept": day,
        "drop check, the first after a write": lambda: after_a_write(drop),
        "drop check": drop,
    }


def write(database: Database) -> None:
    """Something that no board shows, and every board has to take for something that it may show."""
    with database.begin() as tx:
        tx.execute(update(User).values(last_login_at=utc_now()))


def turn_by_turn(acts: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median milliseconds of the processor for each, the acts taking turns: what others do on the machine
    does not count. An act that measures itself says how many."""
    for act in acts.values():
        act()
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            begin = time.process_time()
            told = act()
            whole = (time.process_time() - begin) * 1000
            taken[name].append(told if isinstance(told, float) else whole)
    return {name: statistics.median(times) for name, times in taken.items()}


def usable(days: Sequence[Database], rounds: int) -> Iterator[Figure]:
    """From asking for the full day, and for the usual one, until its timeline is drawn, in Chromium."""
    servers = [make_server("127.0.0.1", 0, service(day), threaded=True) for day in days]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        pages = [_logged_in(browser, f"http://127.0.0.1:{server.server_port}") for server in servers]
        for name, prepare in (("usable in Chromium", _nothing), ("usable after a write", write)):
            acts = {
                str(size): lambda page=page, day=day, prepare=prepare: _open(page, day, prepare)
                for size, page, day in zip((FULL, USUAL), pages, days, strict=True)
            }
            medians = turn_by_turn(acts, rounds)
            what = f"{FULL[0]} visits beside {USUAL[0]}, from asking until the timeline is drawn"
            yield Figure(name=name, ours=medians[str(FULL)], base=medians[str(USUAL)], what=what)
        browser.close()
    for server in servers:
        server.shutdown()


def _logged_in(browser: Any, base: str) -> Page:
    page: Page = browser.new_context(base_url=base, viewport={"width": 1440, "height": 900}).new_page()
    page.goto("/login")
    page.get_by_label("E-mail address").fill(DISPATCHER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def _nothing(_: Database) -> None:
    pass


def _open(page: Page, day: Database, prepare: Callable[[Database], None]) -> float:
    """Milliseconds. What comes after, the map and the list, is let end before anybody asks for the next."""
    prepare(day)
    begin = time.perf_counter()
    page.goto(f"/board/{MONDAY}", wait_until="commit")
    page.wait_for_selector("#board[data-ready] .tl-bar")
    taken = time.perf_counter() - begin
    page.wait_for_selector("#board[data-settled]")
    return taken * 1000


def report(figures: list[Figure], before: float, after: float) -> str:
    lines = [
        "# The board on a full day",
        "",
        f"{FULL[0]} visits, 137 nurses on shift, SQLite. Medians in milliseconds, turn by turn in one run:",
        "of the processor for what the service answers, by the clock in Chromium.",
        f"Load of the machine (2 cores) before and after: {before:.1f} and {after:.1f}.",
        "",
        "| what | ms | beside it, ms | ratio | target |",
        "|---|---|---|---|---|",
    ]
    for each in figures:
        target = f"{TARGETS[each.name]:g}" if each.name in TARGETS else "none"
        lines.append(
            f"| {each.name}: {each.what} | {each.ours:.1f} | {each.base:.1f} | {each.ratio:.1f} | {target} |"
        )
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--loads", type=int, default=7, help="page loads in Chromium; 0: none")
    parser.add_argument("--output", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        full = database_of(Path(folder), FULL)
        acts = {"bare": bare(full), **asks(full, service(full))}
        before = os.getloadavg()[0]
        medians = turn_by_turn(acts, asked.rounds)
        figures = [
            Figure(name=name, ours=ours, base=medians["bare"], what=f"{BARE} beside it")
            for name, ours in medians.items()
            if name != "bare"
        ]
        if asked.loads:
            figures.extend(usable((full, database_of(Path(folder), USUAL)), asked.loads))
        text = report(figures, before, os.getloadavg()[0])
    print(text)
    if asked.output:
        asked.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
