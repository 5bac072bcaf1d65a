"""The database itself refuses to change or delete what is on file for a patient, and what a protocol said.

A later migration that rebuilds one of these tables on SQLite (`batch_alter_table`) must make its triggers
anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ON_FILE = ("adult_presences", "agreements", "mania_checks", "protocol_phases")
"""Rows that stay exactly as they were stored."""

SAYS = (
    "id",
    "protocol_id",
    "number",
    "created_at",
    "created_by",
    "note",
    "staff",
    "credentials",
    "hand_over",
    "overlap_minutes",
    "vitals_infusion",
    "vitals_monitoring",
    "max_systolic",
    "max_diastolic",
    "adult_hours",
    "discharge_criteria",
    "follow_ups",
    "kit",
    "drug_units",
)
"""The columns of a protocol's version that stay; its approval is noted later, once."""

POSTGRESQL_FUNCTION = """
CREATE FUNCTION refuse_change_of_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$
"""


class Refusal(NamedTuple):
    """What is refused on a table: the trigger's `name`, the `event`, and `when`, if not always."""

    name: str
    table: str
    event: str
    when: str = ""

    def sqlite(self) -> str:
        """The statement that makes it."""
        when = f" WHEN {self.when}" if self.when else ""
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH ROW{when} "
            f"BEGIN SELECT RAISE(ABORT, '{self.table} is append-only'); END"
        )

    def postgresql(self) -> str:
        """The statement that makes it."""
        when = f" WHEN ({self.when})" if self.when else ""
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH ROW{when} "
            "EXECUTE FUNCTION refuse_change_of_file()"
        )


def refusals() -> Iterator[Refusal]:
    """All that is refused."""
    for table in ON_FILE:
        yield Refusal(name=f"{table}_no_update", table=table, event="UPDATE")
        yield Refusal(name=f"{table}_no_delete", table=table, event="DELETE")
    table = "protocol_versions"
    yield Refusal(name=f"{table}_no_delete", table=table, event="DELETE")
    yield Refusal(name=f"{table}_no_update", table=table, event=f"UPDATE OF {', '.join(SAYS)}")
    yield Refusal(
        name=f"{table}_approved_once",
        table=table,
        event="UPDATE OF approved_at, approved_by",
        when="OLD.approved_at IS NOT NULL",
    )


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if not on_sqlite:
        op.execute(POSTGRESQL_FUNCTION)
    for refusal in refusals():
        op.execute(refusal.sqlite() if on_sqlite else refusal.postgresql())


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for refusal in refusals():
        op.execute(f"DROP TRIGGER {refusal.name}" + ("" if on_sqlite else f" ON {refusal.table}"))
    if not on_sqlite:
        op.execute("DROP FUNCTION refuse_change_of_file()")
