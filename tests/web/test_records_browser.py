"""The record forms in a real browser: the pin on the map, finding patients, moving phases, checking files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from app.exchange.nouns import NOUNS
from app.store.engine import Database
from app.store.models import Patient, Protocol, Visit
from app.store.queries import records
from tests.support.clinic import DISPATCHER, Clinic
from tests.support.waiting import until

Open = Callable[..., Page]


def degrees(page: Page) -> tuple[float, float]:
    return float(page.get_by_label("Latitude").input_value()), float(
        page.get_by_label("Longitude").input_value()
    )


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pin_sets_the_degrees_and_the_degrees_set_the_pin(open_page: Open, width: int) -> None:
    page = open_page("/records/patients/new", email=DISPATCHER, width=width)
    place, pin = page.locator("[data-place-map][aria-busy=false]"), page.locator(".place-pin")
    expect(page.locator(".landmark")).to_have_count(4)  # the middle of the region and three nurses' homes
    expect(page.locator(".grid-line").nth(4)).to_be_attached()
    expect(pin).to_have_count(0)

    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    place.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(pin).to_have_count(1)
    assert degrees(page) == pytest.approx((39.96, -83.0), abs=0.01)

    start = pin.bounding_box()
    assert start is not None
    page.mouse.move(start["x"] + 14, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + 74, start["y"] + 20, steps=5)
    page.mouse.up()
    latitude, longitude = degrees(page)
    assert latitude == pytest.approx(39.96, abs=0.01)
    assert longitude > -82.99

    page.get_by_label("Latitude").fill("40.0201")
    page.get_by_label("Longitude").fill("-83.05")
    moved = pin.bounding_box()
    box = place.bounding_box()
    assert moved is not None
    assert box is not None
    assert moved["x"] + 14 == pytest.approx(box["x"] + box["width"] / 2, abs=3)


def test_a_click_before_the_map_is_on_the_region_sets_no_pin(open_page: Open) -> None:
    page = open_page("/records/patients", email=DISPATCHER)
    held: list[Route] = []
    page.route("**/records/landmarks", lambda route: held.append(route))
    page.get_by_role("link", name="Add patient").click()
    page.locator("[data-place-map][aria-busy=true]").click(position={"x": 200, "y": 120})
    expect(page.get_by_label("Latitude")).to_have_value("")
    until(page, lambda: held)
    held[0].continue_()
    page.locator("[data-place-map][aria-busy=false]").click(position={"x": 200, "y": 120})
    assert degrees(page) == pytest.approx((39.96, -83.0), abs=0.3)


def test_a_patient_is_added_corrected_and_changed(
    open_page: Open, database: Database, clinic: Clinic
) -> None:
    page = open_page("/records/patients", email=DISPATCHER)
    page.get_by_role("link", name="Add patient").click()
    page.get_by_label("Name").fill("Nia Voss")
    page.get_by_label("Phone").fill("call me")
    page.get_by_label("Address").fill("1 Wren Hollow, Columbus, OH 43215")
    page.locator("[data-place-map][aria-busy=false]").click(position={"x": 200, "y": 120})
    page.get_by_role("button", name="Add patient").click()

    expect(page.get_by_text('"call me" is not a telephone number')).to_be_visible()
    expect(page.get_by_label("Phone")).to_be_focused()
    expect(page.get_by_label("Name")).to_have_value("Nia Voss")
    expect(page.locator(".place-pin")).to_have_count(1)
    page.get_by_label("Phone").fill("614-555-0123")
    page.get_by_role("button", name="Add patient").click()
    expect(page.get_by_text("The patient is added.")).to_be_visible()

    page.get_by_label("Access notes").fill("Ring twice.\nThen wait.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    with database.begin() as tx:
        (patient,) = (row for row in records.every(tx, Patient, clinic.region) if row.name == "Nia Voss")
        assert patient.access_notes == "Ring twice.\nThen wait."
        assert patient.phone == "614-555-0123"


def test_a_visit_is_booked_for_a_patient_found_by_name(
    open_page: Open, database: Database, clinic: Clinic
) -> None:
    page = open_page("/records/visits/new", email=DISPATCHER)
    page.get_by_label("Code").fill("V77")
    patient = page.get_by_label("Patient")
    patient.press_sequentially("brandt")
    option = page.locator("#patients-found option")
    expect(option).to_have_count(1)
    expect(option).to_have_attribute("value", "P02")
    patient.fill("P02")  # as choosing it from the browser's list does
    expect(page.locator("[data-found-name]")).to_contain_text("Theo Brandt")
    page.get_by_label("Protocol").select_option("K40")
    page.get_by_label("Day", exact=True).fill("2099-03-16")
    page.get_by_label("Earliest start, window 1").fill("08:00")
    page.get_by_label("Latest start, window 1").fill("10:30")
    page.get_by_label("Pinned to nurse").select_option("N01")
    page.get_by_role("button", name="Add visit").click()
    expect(page.get_by_text("The visit is added.")).to_be_visible()
    expect(page.get_by_role("row", name="Theo Brandt")).to_contain_text("Ana Ortiz")
    with database.begin() as tx:
        assert records.by_codes(tx, Visit, clinic.region, ["V77"])["V77"].patient_id == clinic.theo
    assert "brandt" not in page.url.lower()

    page.get_by_role("link", name="Theo Brandt").click()
    page.get_by_role("button", name="Cancel this visit").click()
    expect(page.get_by_text("Visit V77 is cancelled.")).to_be_visible()


def test_phases_are_moved_added_and_taken_away(open_page: Open, database: Database, clinic: Clinic) -> None:
    page = open_page(f"/records/protocols/{clinic.protocol}", email=DISPATCHER)
    total = page.locator("[data-phase-total]")
    expect(total).to_have_text("The whole visit lasts 135 min.")
    rows = page.locator(".phase-row")
    rows.nth(4).get_by_role("button", name="Move up").click()
    rows.nth(0).get_by_role("button", name="Take away").click()
    page.get_by_role("button", name="Add a phase").click()
    rows.last.locator("select").select_option("arrival")
    rows.last.get_by_role("spinbutton").fill("5")
    expect(total).to_have_text("The whole visit lasts 125 min.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    with database.begin() as tx:
        protocol = records.one(tx, Protocol, clinic.region, clinic.protocol)
        assert protocol is not None
        assert [(phase.kind.value, phase.minutes) for phase in protocol.newest.phases] == [
            ("iv_start", 10),
            ("infusion", 40),
            ("discharge", 10),
            ("monitoring", 60),
            ("arrival", 5),
        ]


def test_a_file_is_checked_on_the_page_and_then_imported(
    open_page: Open, tmp_path: Path, database: Database, clinic: Clinic
) -> None:
    columns = ",".join(NOUNS["patients"].columns)
    file = tmp_path / "patients.csv"
    file.write_text(f"{columns}\nP03,Nia Voss,,1 Elm St,,north,-83,,,yes\n")
    page = open_page("/records/patients/import", email=DISPATCHER, width=390, height=844)
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Check only").click()
    expect(page.get_by_role("cell", name='"north" cannot be')).to_be_visible()
    expect(page.get_by_text("Nothing was imported: one thing is wrong")).to_be_visible()

    file.write_text(f"{columns}\nP03,Nia Voss,,1 Elm St,,39.96,-83,,,yes\n")
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Check only").click()
    expect(page.get_by_text("The file is right. Nothing is stored yet.")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Patients: 1 added, 0 changed, 0 as they were.")).to_be_visible()
    with database.begin() as tx:
        assert "P03" in records.by_codes(tx, Patient, clinic.region, ["P03"])


def test_pages_fit_a_phone(open_page: Open, clinic: Clinic) -> None:
    page = open_page("/records/patients", email=DISPATCHER, width=390, height=844)
    for address in (
        "patients",
        f"patients/{clinic.mara}",
        f"nurses/{clinic.ana}",
        "visits/new",
        "visits/import",
    ):
        page.goto(f"/records/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
