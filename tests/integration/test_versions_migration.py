"""Protocols from before versions: each becomes its version 1, and a way back."""

from __future__ import annotations

from typing import Any

import pytest

from app.store.engine import Database
from app.store.migrate import downgrade, upgrade
from app.store.models import Protocol, Visit

REGION = (
    "INSERT INTO regions (id, code, name, zone, plan_hour, working_days, solve_seconds, detour_factor, "
    "speed_kmh, travel_rate, overtime_rate, not_preferred_price, latitude, longitude) VALUES "
    "(1, 'columbus', 'Columbus', 'America/New_York', 3, 'Mon', 60, 1.3, 40, 45, 90, 20, 40, -83)"
)
PATIENT = (
    "INSERT INTO patients (id, region_id, code, name, phone, address, latitude, longitude, access_notes, "
    "active) VALUES (1, 1, 'P1', 'Mara Quill', '', '2 Invented Street', 40, -83, '', true)"
)


def protocol(id: int, staff: int, credentials: str) -> str:
    return (
        "INSERT INTO protocols (id, region_id, code, name, staff, credentials, active) VALUES "
        f"({id}, 1, 'K{id}', 'Infusion', {staff}, '{credentials}', true)"
    )


def phase(protocol: int, position: int, kind: str, minutes: int) -> str:
    return (
        "INSERT INTO protocol_phases (protocol_id, position, kind, minutes) VALUES "
        f"({protocol}, {position}, '{kind}', {minutes})"
    )


def visit(id: int, protocol: int) -> str:
    return (
        "INSERT INTO visits (id, region_id, code, patient_id, protocol_id, day, zone, priority, status, "
        f"notes) VALUES ({id}, 1, 'V{id}', 1, {protocol}, '2030-06-11', 'America/New_York', 'routine', "
        "'booked', '')"
    )


OLD = (
    REGION,
    PATIENT,
    protocol(3, 1, '["iv", "ACLS"]'),
    protocol(7, 2, "[]"),
    phase(7, 0, "arrival", 10),
    phase(3, 1, "monitoring", 60),
    phase(3, 0, "infusion", 40),
    visit(1, 7),
    visit(2, 3),
    visit(3, 3),
)


@pytest.fixture
def old(empty_database: Database) -> Database:
    upgrade(empty_database, "0002")
    with empty_database.engine.begin() as connection:
        for statement in OLD:
            connection.exec_driver_sql(statement)
    return empty_database


def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.engine.begin() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_protocols_become_version_1_and_visits_are_booked_under_it(old: Database) -> None:
    upgrade(old)
    with old.begin() as tx:
        (version,) = tx.get_one(Protocol, 3).versions
        assert (version.number, version.staff, version.credentials) == (1, 1, ["iv", "ACLS"])
        assert [(each.kind.value, each.minutes, each.credentials) for each in version.phases] == [
            ("infusion", 40, []),
            ("monitoring", 60, []),
        ]
        assert not version.hand_over
        assert (version.follow_ups, version.kit, version.drug_units) == ((), [], ())
        assert [tx.get_one(Visit, id).protocol.code for id in (1, 2, 3)] == ["K7", "K3", "K3"]


def test_the_way_back_keeps_the_newest_version(old: Database) -> None:
    upgrade(old)
    with old.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO protocol_versions (id, protocol_id, number, created_at, note, approved_by, staff, "
            "credentials, hand_over, overlap_minutes, adult_hours, discharge_criteria, follow_ups, kit, "
            "drug_units, phase_count) VALUES (90, 3, 2, '2030-01-01 00:00:00+00:00', '', '', 2, '[\"RN\"]', "
            "false, 10, 0, '[]', '[]', '[]', '[]', 1)"
        )
        connection.exec_driver_sql(
            "INSERT INTO protocol_phases (version_id, position, kind, minutes, credentials) VALUES "
            "(90, 0, 'discharge', 5, '[\"RN\"]')"
        )
    downgrade(old, "0002")
    assert rows(old, "SELECT id, staff FROM protocols ORDER BY id") == [(3, 2), (7, 2)]
    phases = "SELECT protocol_id, position, kind, minutes FROM protocol_phases ORDER BY protocol_id, position"
    assert rows(old, phases) == [(3, 0, "discharge", 5), (7, 0, "arrival", 10)]
    assert rows(old, "SELECT id, protocol_id FROM visits ORDER BY id") == [(1, 7), (2, 3), (3, 3)]
    upgrade(old)
    with old.begin() as tx:
        assert tx.get_one(Protocol, 3).newest.credentials == ["RN"]
