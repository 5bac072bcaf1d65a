"""What nurses' phones record; the database itself refuses to change or delete it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WORDS = "what was recorded in the field is append-only"

POSTGRESQL_FUNCTION = f"""
CREATE FUNCTION refuse_change_of_field_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{WORDS}';
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "field_events",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("nurse_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offset_ms", sa.BigInteger(), nullable=True),
        sa.Column("reckoned_ms", sa.BigInteger(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("set_aside", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_field_events_region_id")),
        sa.ForeignKeyConstraint(["nurse_id"], ["nurses.id"], name=op.f("fk_field_events_nurse_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_field_events_user_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_field_events_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_events")),
    )
    op.create_index(op.f("ix_field_events_nurse_id_day"), "field_events", ["nurse_id", "day"])
    op.create_index(op.f("ix_field_events_region_id_day"), "field_events", ["region_id", "day"])
    op.create_index(op.f("ix_field_events_visit_id"), "field_events", ["visit_id"])
    _refuse_changes()


def downgrade() -> None:
    """What was recorded is lost."""
    op.drop_table("field_events")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_change_of_field_event()")


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER field_events_no_{change.lower()} BEFORE {change} ON field_events "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
        return
    op.execute(POSTGRESQL_FUNCTION)
    op.execute(
        "CREATE TRIGGER field_events_append_only BEFORE UPDATE OR DELETE ON field_events "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_field_event()"
    )
