"""A pin may fix both nurses of a hand-over: who takes over, beside who begins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CHECK = "pinned_taker_id IS NULL OR pinned_nurse_id IS NOT NULL"


def upgrade() -> None:
    with op.batch_alter_table("visits") as table:
        table.add_column(sa.Column("pinned_taker_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_visits_pinned_taker_id"), "nurses", ["pinned_taker_id"], ["id"])
        table.create_check_constraint(op.f("ck_visits_taker"), CHECK)


def downgrade() -> None:
    """Pins of hand-overs become pins of the nurse who begins."""
    with op.batch_alter_table("visits") as table:
        table.drop_constraint(op.f("ck_visits_taker"), type_="check")
        table.drop_constraint(op.f("fk_visits_pinned_taker_id"), type_="foreignkey")
        table.drop_column("pinned_taker_id")
