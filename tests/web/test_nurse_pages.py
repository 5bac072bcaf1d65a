"""What a nurse's phone is given: the shell with its files, and her own published visits alone."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.nurse.files import release
from app.store.audit import entries
from app.store.engine import Database
from app.store.models import PlanRow, Visit
from app.store.models.plan import PlanStatus
from tests.support.clinic import Clinic, add_plan, add_visit, local

TODAY = date(2026, 11, 24)
TOMORROW = TODAY + timedelta(days=1)
MARA, THEO = "Mara Quill", "Theo Brandt"
Publish = Callable[..., list[int]]


@pytest.fixture(autouse=True)
def _evening_before(monkeypatch: pytest.MonkeyPatch) -> None:
    # 23:30 in Columbus: the date there is still the 24th, in UTC it is the 25th.
    set_now(monkeypatch, local(TODAY, 23, 30))


def set_now(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "read", lambda: now)


@pytest.fixture
def plan(database: Database, clinic: Clinic) -> Publish:
    """Stores a plan of a day: patients by nurse. Returns the ids of its visits in order."""

    def store(day: date, status: PlanStatus = PlanStatus.PUBLISHED, **patients: list[str]) -> list[int]:
        with database.begin() as tx:
            made: dict[str, Visit] = {}
            routes = {}
            for nurse, names in patients.items():
                for name in names:
                    if name not in made:
                        code = f"V{day:%d}{status}{name}"
                        made[name] = add_visit(tx, clinic, code, getattr(clinic, name), day)
                routes[getattr(clinic, nurse)] = [made[name] for name in names]
            add_plan(tx, clinic, day, routes, status=status)
            return [visit.id for visit in made.values()]

    return store


class TestShell:
    def test_it_holds_nobodys_data(self, nurse: Any, plan: Publish) -> None:
        plan(TODAY, ana=["mara"])
        page = nurse.get("/my/").text
        for private in (MARA, "Fictional", "Ana", "csrf"):
            assert private not in page
        assert page == nurse.application.test_client().get("/my/kept").text

    def test_it_is_for_nurses(self, client: Any, dispatcher: Any) -> None:
        assert client.get("/my/").headers["Location"] == "/login?next=/my/"
        assert dispatcher.get("/my/").status_code == 403

    def test_it_alone_may_ask_where_the_phone_is(self, nurse: Any) -> None:
        assert "geolocation=(self)" in nurse.get("/my/").headers["Permissions-Policy"]
        assert "geolocation=()" in nurse.get("/account").headers["Permissions-Policy"]

    def test_every_file_that_it_names_is_there(self, nurse: Any) -> None:
        named = re.findall(r'(?:href|src)="(/my/[^"]+)"', nurse.get("/my/").text)
        assert len(named) > 20
        assert [address for address in named if nurse.get(address).status_code != 200] == []

    @pytest.mark.parametrize("language", ["en", "es", "es-MX,es;q=0.9,en;q=0.5", "fr"])
    def test_it_speaks_the_browsers_language(self, nurse: Any, language: str) -> None:
        page = nurse.get("/my/", headers={"Accept-Language": language}).text
        is_spanish = language.startswith("es")
        assert f'<html lang="{"es" if is_spanish else "en"}">' in page
        assert ("Abriendo su día" in page) is is_spanish

    def test_her_own_choice_comes_before_the_browsers(self, nurse: Any) -> None:
        nurse.set_cookie("language", "es")
        assert '<html lang="es">' in nurse.get("/my/", headers={"Accept-Language": "en"}).text
        nurse.set_cookie("language", "xx")
        assert '<html lang="en">' in nurse.get("/my/", headers={"Accept-Language": "en"}).text


class TestFiles:
    def test_they_are_kept_for_a_year_and_sent_compressed(self, client: Any) -> None:
        address = f"/my/files/{release().version}/nurse/app.js"
        plain = client.get(address)
        packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert plain.headers.get("Content-Encoding") is None
        for answer in (plain, packed):
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert answer.mimetype == "text/javascript"

    @pytest.mark.parametrize("name", ["nurse/nope.js", "../security.py", "board/board.js"])
    def test_no_other_file_is_served(self, client: Any, name: str) -> None:
        assert client.get(f"/my/files/{release().version}/{name}").status_code == 404

    def test_a_file_of_another_release_is_none(self, client: Any) -> None:
        assert client.get("/my/files/0123456789abcdef/nurse/app.js").status_code == 404

    def test_the_release_changes_with_any_file(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        before = release().version
        monkeypatch.setattr("app.nurse.files.SHARED", ("tokens.css",))
        assert release().version != before

    def test_the_worker_names_the_release_and_all_its_files(self, client: Any) -> None:
        worker = client.get("/my/worker.js")
        assert worker.mimetype == "text/javascript"
        assert worker.headers["Cache-Control"] == "no-store"
        found = re.search(r"const ADDRESSES = (\[.*?\]);", worker.text)
        assert found is not None
        addresses = json.loads(found[1])
        assert len(addresses) == len(release().kept) + 1
        assert [address for address in addresses if client.get(address).status_code != 200] == []

    def test_the_manifest_can_be_installed(self, client: Any) -> None:
        told = json.loads(client.get("/my/manifest.webmanifest").data)
        assert (told["start_url"], told["scope"], told["display"]) == ("/my/", "/my/", "standalone")
        assert {icon["sizes"] for icon in told["icons"]} >= {"192x192", "512x512"}
        assert any(icon["purpose"] == "maskable" for icon in told["icons"])
        for icon in told["icons"]:
            picture = client.get(icon["src"])
            assert picture.mimetype == "image/png"
            width = int.from_bytes(picture.data[16:20])
            assert f"{width}x{width}" == icon["sizes"]


class TestSnapshot:
    def test_she_sees_nothing_of_other_nurses(self, nurse: Any, other_nurse: Any, plan: Publish) -> None:
        hers, other = plan(TODAY, ana=["mara"], ben=["theo"])
        told = nurse.get("/my/snapshot")
        assert list(told.json["visits"]) == [str(hers)]
        assert THEO not in told.text
        told = other_nurse.get("/my/snapshot")
        assert list(told.json["visits"]) == [str(other)]
        assert MARA not in told.text

    @pytest.mark.parametrize("status", [PlanStatus.DRAFT, PlanStatus.SUPERSEDED])
    def test_she_sees_only_published_plans(self, nurse: Any, plan: Publish, status: PlanStatus) -> None:
        plan(TODAY, status, ana=["mara"])
        told = nurse.get("/my/snapshot")
        assert told.json["visits"] == {}
        assert MARA not in told.text

    def test_a_new_plan_replaces_the_old_one(self, nurse: Any, database: Database, plan: Publish) -> None:
        plan(TODAY, ana=["mara"])
        with database.begin() as tx:
            tx.get_one(PlanRow, 1).status = PlanStatus.SUPERSEDED
        (new,) = plan(TODAY, ana=["theo"])
        told = nurse.get("/my/snapshot")
        assert list(told.json["visits"]) == [str(new)]
        assert MARA not in told.text

    def test_the_day_is_the_clinics(self, nurse: Any, plan: Publish) -> None:
        plan(TODAY, ana=["mara"])
        days = [each["day"] for each in nurse.get("/my/snapshot").json["days"] if each["steps"]]
        assert days == [TODAY.isoformat()]

    def test_every_patient_told_is_audited_and_no_other(
        self, nurse: Any, database: Database, clinic: Clinic, plan: Publish
    ) -> None:
        plan(TODAY, ana=["mara"], ben=["theo"])
        first = nurse.get("/my/snapshot")
        nurse.get("/my/snapshot", headers={"If-None-Match": first.headers["ETag"]})
        nurse.get("/my/")
        with database.begin() as tx:
            seen = [(row.action, row.subject_id) for row in entries(tx, subject="patients")]
        assert seen == [("read", str(clinic.mara))]

    def test_it_brings_the_token_for_what_she_sends(self, app: Flask, nurse: Any) -> None:
        first = nurse.get("/my/snapshot")
        again = nurse.get("/my/snapshot", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        nurse.token = again.headers["X-CSRFToken"]
        body = {
            "device": "0b9f3c0e-6f0f-4d0a-9a55-0d6f1d5f4c11",
            "sent_at": "2026-11-25T04:30:00Z",
            "events": [],
        }
        assert nurse.post("/my/events", json=body).status_code == 200
        nurse.token = "wrong"
        assert nurse.post("/my/events", json=body).status_code == 400
