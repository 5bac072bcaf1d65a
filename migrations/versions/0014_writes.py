"""How many transactions have written: what a process keeps of the records holds until there are more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    writes = op.create_table(
        "writes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_writes_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_writes")),
    )
    op.bulk_insert(writes, [{"id": 1, "count": 0}])


def downgrade() -> None:
    """Nothing is lost: the count starts again with nothing kept."""
    op.drop_table("writes")
