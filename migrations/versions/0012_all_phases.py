"""A version of a protocol has so many phases, and the database itself refuses one more.

Without it a row added past our own code would make booked visits longer: they keep their version.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WORDS = "protocol_phases is append-only: a version has all its phases from the start"

FULL = """(SELECT COUNT(*) FROM protocol_phases WHERE version_id = NEW.version_id)
    >= (SELECT phase_count FROM protocol_versions WHERE id = NEW.version_id)"""

SQLITE = (
    f"CREATE TRIGGER protocol_phases_no_more BEFORE INSERT ON protocol_phases FOR EACH ROW WHEN {FULL} "
    f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END",
    "CREATE TRIGGER protocol_versions_same_count BEFORE UPDATE OF phase_count ON protocol_versions "
    "FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'protocol_versions is append-only'); END",
)

POSTGRESQL = (
    f"""
    CREATE FUNCTION refuse_more_phases() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {FULL} THEN
            RAISE EXCEPTION '{WORDS}';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    "CREATE TRIGGER protocol_phases_no_more BEFORE INSERT ON protocol_phases "
    "FOR EACH ROW EXECUTE FUNCTION refuse_more_phases()",
    "CREATE TRIGGER protocol_versions_same_count BEFORE UPDATE OF phase_count ON protocol_versions "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_file()",
)


def upgrade() -> None:
    # Not as a batch: that would rebuild the table on SQLite, and lose its triggers.
    op.add_column(
        "protocol_versions", sa.Column("phase_count", sa.Integer(), nullable=False, server_default="0")
    )
    op.execute(
        "UPDATE protocol_versions SET phase_count = "
        "(SELECT COUNT(*) FROM protocol_phases WHERE version_id = protocol_versions.id)"
    )
    for statement in SQLITE if _on_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for trigger, table in (
        ("protocol_phases_no_more", "protocol_phases"),
        ("protocol_versions_same_count", "protocol_versions"),
    ):
        op.execute(f"DROP TRIGGER {trigger}" + ("" if _on_sqlite() else f" ON {table}"))
    if not _on_sqlite():
        op.execute("DROP FUNCTION refuse_more_phases()")
    op.drop_column("protocol_versions", "phase_count")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
