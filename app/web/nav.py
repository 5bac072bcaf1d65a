"""The main menu, by role. The first entry is the role's first page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from app.store.models.user import Role


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: its words, the path it opens, its icon, and further paths whose pages belong to it."""

    label: str
    path: str
    icon: str
    also: tuple[str, ...] = ()

    def is_current(self, path: str) -> bool:
        """Whether the page at `path` belongs to this entry."""
        return any(path == own or path.startswith(own.rstrip("/") + "/") for own in (self.path, *self.also))


MENU: dict[Role, tuple[Item, ...]] = {
    Role.DISPATCHER: (
        Item("Board", "/board/", "board", also=("/records/attention",)),
        Item("Visits", "/records/visits", "visits"),
        Item(
            "Patients",
            "/records/patients",
            "patients",
            also=("/records/patient-nurses", "/records/phase-minimums", "/records/adults"),
        ),
        Item(
            "Orders",
            "/records/orders",
            "edit",
            also=("/records/prescribers", "/records/prescriber-hours", "/records/prescriber-exceptions"),
        ),
        Item(
            "Nurses",
            "/records/nurses",
            "nurses",
            also=(
                "/records/weekly-shifts",
                "/records/exceptions",
                "/records/credentials",
                "/records/pickups",
            ),
        ),
        Item("Protocols", "/records/protocols", "protocols"),
    ),
    Role.NURSE: (Item("My day", "/my/", "visits"),),
}


def install(app: Flask) -> None:
    """Offer the menu to the layout."""
    app.jinja_env.globals["menu"] = MENU
