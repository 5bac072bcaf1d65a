"""Drafts changed by hand, step by step, and rules of operation broken with a reason."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KINDS = ("move", "leave_out", "pin")
RULES = (
    *("too_early", "too_late", "ends_too_late", "barred_nurse", "most_visits"),
    *("shift_start", "shift_end", "break_missing", "break_window"),
)


def closed(name: str, *words: str) -> sa.Enum:
    """A column of a closed set of words, with a CHECK constraint."""
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    with op.batch_alter_table("plans") as table:
        table.add_column(sa.Column("revision", sa.String(length=200), nullable=True))
    _number_plans()
    with op.batch_alter_table("plans") as table:
        table.alter_column("revision", existing_type=sa.String(length=200), nullable=False)
    op.create_table(
        "plan_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.String(length=200), nullable=False),
        sa.Column("kind", closed("stepkind", *KINDS), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_revision", sa.String(length=200), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_steps_plan_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_plan_steps_visit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_plan_steps_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_steps")),
    )
    op.create_index(op.f("ix_plan_steps_plan_id_id"), "plan_steps", ["plan_id", "id"])
    op.create_table(
        "accepted_exceptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rule", closed("operationrule", *RULES), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("nurse_id", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_by", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "visit_id IS NOT NULL OR nurse_id IS NOT NULL", name=op.f("ck_accepted_exceptions_subject")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_accepted_exceptions_amount")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_accepted_exceptions_reason")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_accepted_exceptions_region_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_accepted_exceptions_visit_id")),
        sa.ForeignKeyConstraint(["nurse_id"], ["nurses.id"], name=op.f("fk_accepted_exceptions_nurse_id")),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["users.id"], name=op.f("fk_accepted_exceptions_accepted_by")
        ),
        sa.ForeignKeyConstraint(["step_id"], ["plan_steps.id"], name=op.f("fk_accepted_exceptions_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accepted_exceptions")),
    )
    op.create_index(op.f("ix_accepted_exceptions_region_id_day"), "accepted_exceptions", ["region_id", "day"])
    op.create_index(op.f("ix_accepted_exceptions_step_id"), "accepted_exceptions", ["step_id"])


def _number_plans() -> None:
    plans = sa.table("plans", sa.column("id", sa.Integer), sa.column("revision", sa.String))
    connection = op.get_bind()
    for (plan,) in connection.execute(sa.select(plans.c.id)).all():
        connection.execute(plans.update().where(plans.c.id == plan).values(revision=str(uuid4())))


def downgrade() -> None:
    """The steps and the reasons are lost; the plans stay."""
    op.drop_table("accepted_exceptions")
    op.drop_table("plan_steps")
    with op.batch_alter_table("plans") as table:
        table.drop_column("revision")
