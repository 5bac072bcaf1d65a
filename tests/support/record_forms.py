"""Records as their forms send them, and what the database and the audit trail then say."""

from __future__ import annotations

from datetime import date

from app.store import audit
from app.store.engine import Database
from app.store.queries import records

FAR = date(2099, 3, 16)

NURSE = {
    "code": "N90",
    "name": "Imani Voss",
    "phone": "614-555-0190",
    "address": "1 Wren Hollow, Columbus, OH 43215",
    "latitude": "39.97",
    "longitude": "-83.01",
    "max_visits": "",
    "max_overtime_min": "30",
    "active": "yes",
}
VISIT = {
    "code": "V90",
    "patient": "P01",
    "protocol": "K40",
    "day": FAR.isoformat(),
    "windows": ["08:00", "10:30", "", "", "", "", "", "", ""],
    "priority": "routine",
    "status": "booked",
    "notes": "",
    "pinned_nurse": "",
    "pinned_start": "",
}


def row_of(database: Database, table: type, region: int, code: str) -> object:
    """The region's record of this code."""
    with database.begin() as tx:
        return records.by_codes(tx, table, region, [code]).get(code)


def details(database: Database, subject: str, action: str = "write") -> list[str]:
    """What the audit trail says of each such action, the newest first."""
    with database.begin() as tx:
        return [entry.detail for entry in audit.entries(tx, subject=subject) if entry.action == action]
