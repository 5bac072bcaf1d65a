"""Runs of several days and what they came to; how many days a night plans together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ALIVE = sa.text("days > 1 AND status IN ('queued', 'running')")
SETTINGS = (("horizon_days", "10", "BETWEEN 1 AND 21"), ("horizon_seconds", "180", "> 0"))


def upgrade() -> None:
    for name, value, _ in SETTINGS:
        with op.batch_alter_table("regions") as table:
            table.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default=value))
    for name, _, possible in SETTINGS:
        with op.batch_alter_table("regions") as table:
            table.alter_column(name, existing_type=sa.Integer(), server_default=None)
            table.create_check_constraint(op.f(f"ck_regions_{name}"), f"{name} {possible}")
    with op.batch_alter_table("runs") as table:
        table.add_column(sa.Column("days", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("runs") as table:
        table.alter_column("days", existing_type=sa.Integer(), server_default=None)
        table.create_check_constraint(op.f("ck_runs_days"), "days BETWEEN 1 AND 21")
        table.create_index(
            "uq_runs_several_days_alive",
            ["region_id"],
            unique=True,
            sqlite_where=ALIVE,
            postgresql_where=ALIVE,
        )
    op.create_table(
        "horizon_results",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("served", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Double(), nullable=True),
        sa.Column("published", sa.JSON(), nullable=False),
        sa.Column("troubles", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_horizon_results_run_id")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_horizon_results")),
    )
    op.create_table(
        "day_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("after", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["horizon_results.run_id"], name=op.f("fk_day_moves_run_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_day_moves_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_moves")),
    )
    op.create_index(op.f("ix_day_moves_run_id"), "day_moves", ["run_id"])


def downgrade() -> None:
    """What runs of several days came to is lost, and they look like runs of one day; all plans stay."""
    op.drop_table("day_moves")
    op.drop_table("horizon_results")
    with op.batch_alter_table("runs") as table:
        table.drop_index("uq_runs_several_days_alive")
        table.drop_constraint(op.f("ck_runs_days"), type_="check")
        table.drop_column("days")
    for name, _, _ in SETTINGS:
        with op.batch_alter_table("regions") as table:
            table.drop_constraint(op.f(f"ck_regions_{name}"), type_="check")
            table.drop_column(name)
