"""The states in which credentials count, and where patients live."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = ["nurse_id", "kind", "valid_from"]


def upgrade() -> None:
    """No state is known of anybody: every credential goes on counting everywhere."""
    _add("regions", "state")
    _add("patients", "state")
    _add("credentials", "states")
    with op.batch_alter_table("credentials") as table:
        table.drop_constraint(op.f("uq_credentials_nurse_id_kind_valid_from"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_credentials_nurse_id_kind_valid_from_states"), [*KEY, "states"]
        )


def downgrade() -> None:
    """Earlier code takes every credential to count everywhere: those for some states only are deleted, so
    that no nurse is sent where she has no license."""
    op.execute("DELETE FROM credentials WHERE states <> ''")
    with op.batch_alter_table("credentials") as table:
        table.drop_constraint(op.f("uq_credentials_nurse_id_kind_valid_from_states"), type_="unique")
        table.create_unique_constraint(op.f("uq_credentials_nurse_id_kind_valid_from"), KEY)
        table.drop_column("states")
    for name in ("patients", "regions"):
        with op.batch_alter_table(name) as table:
            table.drop_column("state")


def _add(table_name: str, column: str) -> None:
    with op.batch_alter_table(table_name) as table:
        table.add_column(sa.Column(column, sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table(table_name) as table:
        table.alter_column(column, existing_type=sa.String(length=200), server_default=None)
