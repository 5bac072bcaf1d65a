"""Protocols in versions, visits under one of them, and phases that last longer for a patient."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = ("arrival", "iv_start", "infusion", "monitoring", "discharge")
NOTE = "As it was before versions were kept."


def closed(name: str, *words: str) -> sa.Enum:
    """A column of a closed set of words, with a CHECK constraint."""
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    _create_versions()
    _create_minimums()
    op.execute(
        sa.text(
            "INSERT INTO protocol_versions (protocol_id, number, created_at, note, approved_by, staff, "
            "credentials, hand_over, overlap_minutes, adult_hours, discharge_criteria, follow_ups, kit, "
            "drug_units) "
            "SELECT id, 1, :now, :note, '', staff, credentials, :no, 10, 0, '[]', '[]', '[]', '[]' "
            "FROM protocols"
        ).bindparams(sa.bindparam("now", datetime.now(UTC), sa.DateTime(timezone=True)), note=NOTE, no=False)
    )
    _move_phases_to_versions()
    _move_visits_to_versions()
    with op.batch_alter_table("protocols") as table:
        table.drop_constraint(op.f("ck_protocols_staff"), type_="check")
        table.drop_column("staff")
        table.drop_column("credentials")


def downgrade() -> None:
    """Each protocol keeps its newest version only; visits and patients lose what was theirs alone."""
    with op.batch_alter_table("protocols") as table:
        table.add_column(sa.Column("staff", sa.Integer(), nullable=True))
        table.add_column(sa.Column("credentials", sa.JSON(), nullable=True))
    for column in ("staff", "credentials"):
        op.execute(
            f"UPDATE protocols SET {column} = (SELECT {column} FROM protocol_versions "  # noqa: S608
            "WHERE protocol_id = protocols.id ORDER BY number DESC LIMIT 1)"
        )
    with op.batch_alter_table("protocols") as table:
        table.alter_column("staff", existing_type=sa.Integer(), nullable=False)
        table.alter_column("credentials", existing_type=sa.JSON(), nullable=False)
        table.create_check_constraint(op.f("ck_protocols_staff"), "staff BETWEEN 1 AND 2")
    _move_visits_to_protocols()
    _move_phases_to_protocols()
    op.drop_table("phase_minimums")
    op.drop_table("protocol_versions")


def _create_versions() -> None:
    op.create_table(
        "protocol_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("protocol_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("credentials", sa.JSON(), nullable=False),
        sa.Column("hand_over", sa.Boolean(), nullable=False),
        sa.Column("overlap_minutes", sa.Integer(), nullable=False),
        sa.Column("vitals_infusion", sa.Integer(), nullable=True),
        sa.Column("vitals_monitoring", sa.Integer(), nullable=True),
        sa.Column("max_systolic", sa.Integer(), nullable=True),
        sa.Column("max_diastolic", sa.Integer(), nullable=True),
        sa.Column("adult_hours", sa.Integer(), nullable=False),
        sa.Column("discharge_criteria", sa.JSON(), nullable=False),
        sa.Column("follow_ups", sa.JSON(), nullable=False),
        sa.Column("kit", sa.JSON(), nullable=False),
        sa.Column("drug_units", sa.JSON(), nullable=False),
        sa.CheckConstraint("staff BETWEEN 1 AND 2", name=op.f("ck_protocol_versions_staff")),
        sa.CheckConstraint("staff = 1 OR NOT hand_over", name=op.f("ck_protocol_versions_hand_over")),
        sa.CheckConstraint("overlap_minutes >= 0", name=op.f("ck_protocol_versions_overlap_minutes")),
        sa.CheckConstraint("vitals_infusion > 0", name=op.f("ck_protocol_versions_vitals_infusion")),
        sa.CheckConstraint("vitals_monitoring > 0", name=op.f("ck_protocol_versions_vitals_monitoring")),
        sa.CheckConstraint("max_systolic > max_diastolic", name=op.f("ck_protocol_versions_limits")),
        sa.CheckConstraint("adult_hours >= 0", name=op.f("ck_protocol_versions_adult_hours")),
        sa.ForeignKeyConstraint(["protocol_id"], ["protocols.id"], name="fk_protocol_versions_protocol_id"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_protocol_versions_created_by"),
        sa.PrimaryKeyConstraint("id", name="pk_protocol_versions"),
        sa.UniqueConstraint("protocol_id", "number", name="uq_protocol_versions_protocol_id_number"),
    )


def _create_minimums() -> None:
    op.create_table(
        "phase_minimums",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("kind", closed("phasekind", *KINDS), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_phase_minimums_minutes")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_phase_minimums_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_phase_minimums"),
        sa.UniqueConstraint("patient_id", "kind", name="uq_phase_minimums_patient_id_kind"),
    )


def _move_phases_to_versions() -> None:
    with op.batch_alter_table("protocol_phases") as table:
        table.add_column(sa.Column("version_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("credentials", sa.JSON(), nullable=True))
    op.execute(
        "UPDATE protocol_phases SET credentials = '[]', version_id = (SELECT id FROM protocol_versions "
        "WHERE protocol_id = protocol_phases.protocol_id)"
    )
    with op.batch_alter_table("protocol_phases") as table:
        table.alter_column("version_id", existing_type=sa.Integer(), nullable=False)
        table.alter_column("credentials", existing_type=sa.JSON(), nullable=False)
        table.drop_constraint("uq_protocol_phases_protocol_id_position", type_="unique")
        table.drop_constraint("fk_protocol_phases_protocol_id", type_="foreignkey")
        table.drop_column("protocol_id")
        table.create_foreign_key("fk_protocol_phases_version_id", "protocol_versions", ["version_id"], ["id"])
        table.create_unique_constraint("uq_protocol_phases_version_id_position", ["version_id", "position"])


def _move_visits_to_versions() -> None:
    with op.batch_alter_table("visits") as table:
        table.add_column(sa.Column("protocol_version_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE visits SET protocol_version_id = (SELECT id FROM protocol_versions "
        "WHERE protocol_id = visits.protocol_id)"
    )
    with op.batch_alter_table("visits") as table:
        table.alter_column("protocol_version_id", existing_type=sa.Integer(), nullable=False)
        table.drop_constraint("fk_visits_protocol_id", type_="foreignkey")
        table.drop_column("protocol_id")
        table.create_foreign_key(
            "fk_visits_protocol_version_id", "protocol_versions", ["protocol_version_id"], ["id"]
        )
        table.create_index("ix_visits_protocol_version_id", ["protocol_version_id"])


def _move_visits_to_protocols() -> None:
    with op.batch_alter_table("visits") as table:
        table.add_column(sa.Column("protocol_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE visits SET protocol_id = (SELECT protocol_id FROM protocol_versions "
        "WHERE protocol_versions.id = visits.protocol_version_id)"
    )
    with op.batch_alter_table("visits") as table:
        table.alter_column("protocol_id", existing_type=sa.Integer(), nullable=False)
        table.drop_index("ix_visits_protocol_version_id")
        table.drop_constraint("fk_visits_protocol_version_id", type_="foreignkey")
        table.drop_column("protocol_version_id")
        table.create_foreign_key("fk_visits_protocol_id", "protocols", ["protocol_id"], ["id"])


def _move_phases_to_protocols() -> None:
    op.execute(
        "DELETE FROM protocol_phases WHERE version_id NOT IN (SELECT newest.id FROM protocol_versions newest "
        "WHERE newest.number = (SELECT max(number) FROM protocol_versions "
        "WHERE protocol_id = newest.protocol_id))"
    )
    with op.batch_alter_table("protocol_phases") as table:
        table.add_column(sa.Column("protocol_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE protocol_phases SET protocol_id = (SELECT protocol_id FROM protocol_versions "
        "WHERE protocol_versions.id = protocol_phases.version_id)"
    )
    with op.batch_alter_table("protocol_phases") as table:
        table.alter_column("protocol_id", existing_type=sa.Integer(), nullable=False)
        table.drop_constraint("uq_protocol_phases_version_id_position", type_="unique")
        table.drop_constraint("fk_protocol_phases_version_id", type_="foreignkey")
        table.drop_column("version_id")
        table.drop_column("credentials")
        table.create_foreign_key("fk_protocol_phases_protocol_id", "protocols", ["protocol_id"], ["id"])
        table.create_unique_constraint("uq_protocol_phases_protocol_id_position", ["protocol_id", "position"])
