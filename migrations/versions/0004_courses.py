"""Orders and their series, prescribers, what must be on file, pickups, weekly hours and rest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "prescribers",
    "prescriber_hours",
    "prescriber_exceptions",
    "orders",
    "adults",
    "adult_presences",
    "agreements",
    "mania_checks",
    "pickups",
)
"""In the order they are made: each refers only to earlier ones."""

KINDS = ("session", "follow_up", "call")
FOLLOWS = (
    "kind = 'session' OR (follows_visit_id IS NOT NULL AND follows_min IS NOT NULL "
    "AND follows_max >= follows_min AND follow_up_minutes > 0)"
)


def closed(name: str, *words: str) -> sa.Enum:
    """A column of a closed set of words, with a CHECK constraint."""
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    _create_prescribers()
    _create_orders()
    _create_course_files()
    _create_pickups()
    with op.batch_alter_table("regions") as table:
        table.add_column(sa.Column("rest_hours", sa.Integer(), nullable=False, server_default="11"))
        table.create_check_constraint(op.f("ck_regions_rest_hours"), "rest_hours BETWEEN 0 AND 24")
    with op.batch_alter_table("regions") as table:
        table.alter_column("rest_hours", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("nurses") as table:
        table.add_column(sa.Column("weekly_hours", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f("ck_nurses_weekly_hours"), "weekly_hours >= 0")
    with op.batch_alter_table("patients") as table:
        table.add_column(sa.Column("bipolar", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("patients") as table:
        table.alter_column("bipolar", existing_type=sa.Boolean(), server_default=None)
    _widen_visits()


def downgrade() -> None:
    """Follow-ups are deleted, and missed visits become cancelled ones: earlier code knows neither."""
    for table in ("stops", "unassigned", "visit_windows"):
        op.execute(
            f"DELETE FROM {table} WHERE visit_id IN (SELECT id FROM visits WHERE kind <> 'session')"  # noqa: S608
        )
    op.execute("DELETE FROM visits WHERE kind <> 'session'")
    op.execute("UPDATE visits SET status = 'cancelled' WHERE status = 'missed'")
    _narrow_visits()
    for name in ("adult_presences", "mania_checks", "agreements", "adults", "pickups"):
        op.drop_table(name)
    for name in ("orders", "prescriber_exceptions", "prescriber_hours", "prescribers"):
        op.drop_table(name)
    with op.batch_alter_table("patients") as table:
        table.drop_column("bipolar")
    with op.batch_alter_table("nurses") as table:
        table.drop_constraint(op.f("ck_nurses_weekly_hours"), type_="check")
        table.drop_column("weekly_hours")
    with op.batch_alter_table("regions") as table:
        table.drop_constraint(op.f("ck_regions_rest_hours"), type_="check")
        table.drop_column("rest_hours")


def _create_prescribers() -> None:
    op.create_table(
        "prescribers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name="fk_prescribers_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_prescribers"),
        sa.UniqueConstraint("region_id", "code", name="uq_prescribers_region_id_code"),
    )
    op.create_table(
        "prescriber_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("prescriber_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=False),
        sa.Column("end_time", sa.Time(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_prescriber_hours_weekday")),
        sa.CheckConstraint("end_time > start_time", name=op.f("ck_prescriber_hours_hours")),
        sa.ForeignKeyConstraint(
            ["prescriber_id"], ["prescribers.id"], name="fk_prescriber_hours_prescriber_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_prescriber_hours"),
        sa.UniqueConstraint(
            "prescriber_id",
            "weekday",
            "start_time",
            name="uq_prescriber_hours_prescriber_id_weekday_start_time",
        ),
    )
    op.create_table(
        "prescriber_exceptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("prescriber_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", closed("availability", "off", "hours"), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=True),
        sa.Column("end_time", sa.Time(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "kind = 'off' OR (start_time IS NOT NULL AND end_time IS NOT NULL AND end_time > start_time)",
            name=op.f("ck_prescriber_exceptions_hours"),
        ),
        sa.ForeignKeyConstraint(
            ["prescriber_id"], ["prescribers.id"], name="fk_prescriber_exceptions_prescriber_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_prescriber_exceptions"),
        sa.UniqueConstraint("prescriber_id", "day", name="uq_prescriber_exceptions_prescriber_id_day"),
    )


def _create_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("prescriber_id", sa.Integer(), nullable=False),
        sa.Column("protocol_id", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("not_after", sa.Date(), nullable=True),
        sa.Column("min_hours", sa.Integer(), nullable=False),
        sa.Column("max_hours", sa.Integer(), nullable=True),
        sa.Column("weekdays", sa.String(length=200), nullable=False),
        sa.Column("earliest_start", sa.Time(), nullable=False),
        sa.Column("latest_start", sa.Time(), nullable=False),
        sa.Column("latest_end", sa.Time(), nullable=True),
        sa.Column("status", closed("orderstatus", "active", "held", "ended"), nullable=False),
        sa.CheckConstraint("sessions BETWEEN 1 AND 60", name=op.f("ck_orders_sessions")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_orders_validity")),
        sa.CheckConstraint("min_hours >= 0", name=op.f("ck_orders_min_hours")),
        sa.CheckConstraint("max_hours IS NULL OR max_hours >= min_hours", name=op.f("ck_orders_max_hours")),
        sa.CheckConstraint("latest_start >= earliest_start", name=op.f("ck_orders_window")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name="fk_orders_region_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_orders_patient_id"),
        sa.ForeignKeyConstraint(["prescriber_id"], ["prescribers.id"], name="fk_orders_prescriber_id"),
        sa.ForeignKeyConstraint(["protocol_id"], ["protocols.id"], name="fk_orders_protocol_id"),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.UniqueConstraint("region_id", "code", name="uq_orders_region_id_code"),
    )
    op.create_index("ix_orders_patient_id", "orders", ["patient_id"])


def _create_course_files() -> None:
    op.create_table(
        "adults",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_adults_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_adults"),
        sa.UniqueConstraint("patient_id", "code", name="uq_adults_patient_id_code"),
    )
    op.create_table(
        "adult_presences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("adult_id", sa.Integer(), nullable=False),
        sa.Column("present_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("present_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        *_recorded("adult_presences"),
        sa.CheckConstraint("present_until > present_from", name=op.f("ck_adult_presences_presence")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_adult_presences_visit_id"),
        sa.ForeignKeyConstraint(["adult_id"], ["adults.id"], name="fk_adult_presences_adult_id"),
        sa.PrimaryKeyConstraint("id", name="pk_adult_presences"),
    )
    op.create_index("ix_adult_presences_visit_id", "adult_presences", ["visit_id"])
    op.create_table(
        "agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("psychiatrist", sa.String(length=200), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        *_recorded("agreements"),
        sa.CheckConstraint(
            "expires_on IS NULL OR expires_on >= agreed_on", name=op.f("ck_agreements_validity")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_agreements_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_agreements"),
    )
    op.create_index("ix_agreements_patient_id", "agreements", ["patient_id"])
    op.create_table(
        "mania_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("checked_by", sa.String(length=200), nullable=False),
        sa.Column("clear", sa.Boolean(), nullable=False),
        *_recorded("mania_checks"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_mania_checks_visit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mania_checks"),
    )
    op.create_index("ix_mania_checks_visit_id", "mania_checks", ["visit_id"])


def _recorded(table: str) -> tuple[sa.Column, sa.Column, sa.ForeignKeyConstraint]:
    return (
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=f"fk_{table}_recorded_by"),
    )


def _create_pickups() -> None:
    op.create_table(
        "pickups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nurse_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.CheckConstraint("units >= 0", name=op.f("ck_pickups_units")),
        sa.ForeignKeyConstraint(["nurse_id"], ["nurses.id"], name="fk_pickups_nurse_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pickups"),
        sa.UniqueConstraint("nurse_id", "day", "item", name="uq_pickups_nurse_id_day_item"),
    )


def _widen_visits() -> None:
    with op.batch_alter_table("visits") as table:
        table.add_column(
            sa.Column("kind", closed("visitkind", *KINDS), nullable=False, server_default="session")
        )
        table.add_column(sa.Column("order_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("session", sa.Integer(), nullable=True))
        table.add_column(sa.Column("fixed_day", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("earliest_day", sa.Date(), nullable=True))
        table.add_column(sa.Column("latest_day", sa.Date(), nullable=True))
        for name in ("follows_visit_id", "follows_min", "follows_max", "follow_up_minutes"):
            table.add_column(sa.Column(name, sa.Integer(), nullable=True))
        table.drop_constraint(op.f("ck_visits_visitstatus"), type_="check")
        table.create_check_constraint(
            op.f("ck_visits_visitstatus"), "status IN ('booked', 'cancelled', 'missed')"
        )
        table.create_check_constraint(op.f("ck_visits_session"), "order_id IS NULL OR session IS NOT NULL")
        table.create_check_constraint(op.f("ck_visits_follows"), FOLLOWS)
        table.create_check_constraint(op.f("ck_visits_days"), "earliest_day <= latest_day")
        table.create_foreign_key("fk_visits_order_id", "orders", ["order_id"], ["id"])
        table.create_foreign_key("fk_visits_follows_visit_id", "visits", ["follows_visit_id"], ["id"])
        table.create_index("ix_visits_order_id", ["order_id"])
        table.create_index("ix_visits_follows_visit_id", ["follows_visit_id"])
    with op.batch_alter_table("visits") as table:
        table.alter_column("kind", existing_type=sa.String(length=24), server_default=None)
        table.alter_column("fixed_day", existing_type=sa.Boolean(), server_default=None)


def _narrow_visits() -> None:
    with op.batch_alter_table("visits") as table:
        table.drop_index("ix_visits_order_id")
        table.drop_index("ix_visits_follows_visit_id")
        table.drop_constraint(op.f("fk_visits_order_id"), type_="foreignkey")
        table.drop_constraint(op.f("fk_visits_follows_visit_id"), type_="foreignkey")
        for name in ("visitkind", "session", "follows", "days", "visitstatus"):
            table.drop_constraint(op.f(f"ck_visits_{name}"), type_="check")
        table.create_check_constraint(op.f("ck_visits_visitstatus"), "status IN ('booked', 'cancelled')")
        for name in (
            "kind",
            "order_id",
            "session",
            "fixed_day",
            "earliest_day",
            "latest_day",
            "follows_visit_id",
            "follows_min",
            "follows_max",
            "follow_up_minutes",
        ):
            table.drop_column(name)
