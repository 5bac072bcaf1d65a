"""Who acts."""

from __future__ import annotations

from dataclasses import dataclass

from app.store.models.user import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """A logged-in user as the actions see her. `nurse_id` is set for nurses only."""

    user_id: int
    name: str
    role: Role
    region_id: int
    nurse_id: int | None = None
