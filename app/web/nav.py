"""The main menu, by role. The first entry is the role's first page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from app.store.models.user import Role


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: its words, the path it opens and below which it counts as current, and its icon."""

    label: str
    path: str
    icon: str


MENU: dict[Role, tuple[Item, ...]] = {
    Role.DISPATCHER: (
        Item("Board", "/board/", "board"),
        Item("Visits", "/records/visits", "visits"),
        Item("Patients", "/records/patients", "patients"),
        Item("Nurses", "/records/nurses", "nurses"),
        Item("Protocols", "/records/protocols", "protocols"),
    ),
    Role.NURSE: (Item("My day", "/my/", "visits"),),
}


def install(app: Flask) -> None:
    """Offer the menu to the layout."""
    app.jinja_env.globals["menu"] = MENU
