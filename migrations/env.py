"""Runs the migrations on the connection it is given, or on the database that the environment names."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection

from app.store.engine import Database
from app.store.models import Base
from config import Settings


def plain_types(kind: str, value: Any, _: Any) -> str | bool:
    """Migrations name SQL's own types, so that they outlive changes of the models."""
    if kind == "type" and type(value).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def migrate(connection: Connection) -> None:
    """One transaction for all steps, opened by whoever opened the connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with Database(Settings.from_env().database_url).engine.begin() as own:
        migrate(own)
