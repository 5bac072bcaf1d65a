"""What happens in mid-day, plans made upon published ones, and how soon visits are frozen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KINDS = ("nurse_ill", "nurse_late", "visit_overruns", "visit_cancelled", "urgent_visit", "road_closed")
STATUSES = ("proposed", "accepted", "discarded")


def closed(name: str, *words: str) -> sa.Enum:
    """A column of a closed set of words, with a CHECK constraint."""
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    with op.batch_alter_table("regions") as table:
        table.add_column(sa.Column("freeze_minutes", sa.Integer(), nullable=True))
    op.execute("UPDATE regions SET freeze_minutes = 120")
    with op.batch_alter_table("regions") as table:
        table.alter_column("freeze_minutes", existing_type=sa.Integer(), nullable=False)
        table.create_check_constraint(op.f("ck_regions_freeze_minutes"), "freeze_minutes >= 0")
    op.create_table(
        "disruptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", closed("disruptionkind", *KINDS), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("status", closed("disruptionstatus", *STATUSES), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("reported_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_disruptions_region_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_disruptions_run_id")),
        sa.ForeignKeyConstraint(["reported_by"], ["users.id"], name=op.f("fk_disruptions_reported_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_disruptions_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disruptions")),
        sa.UniqueConstraint("run_id", name=op.f("uq_disruptions_run_id")),
    )
    op.create_index(op.f("ix_disruptions_region_id_day"), "disruptions", ["region_id", "day"])
    op.create_table(
        "replans",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_replans_plan_id")),
        sa.ForeignKeyConstraint(["base_id"], ["plans.id"], name=op.f("fk_replans_base_id")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_replans")),
    )
    op.create_index(op.f("ix_replans_base_id"), "replans", ["base_id"])


def downgrade() -> None:
    """What was reported is lost; the plans stay."""
    op.drop_table("replans")
    op.drop_table("disruptions")
    with op.batch_alter_table("regions") as table:
        table.drop_constraint(op.f("ck_regions_freeze_minutes"), type_="check")
        table.drop_column("freeze_minutes")
