"""All tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


TABLES = (
    "regions",
    "nurses",
    "patients",
    "protocols",
    "availability_exceptions",
    "credentials",
    "patient_nurses",
    "protocol_phases",
    "users",
    "visits",
    "weekly_shifts",
    "audit_entries",
    "runs",
    "visit_windows",
    "nights",
    "plans",
    "routes",
    "unassigned",
    "stops",
)
"""In the order they are made: each refers only to earlier ones."""


def closed(name: str, *words: str) -> sa.Enum:
    """A column of a closed set of words, with a CHECK constraint."""
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "regions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=200), nullable=False),
        sa.Column("plan_hour", sa.Integer(), nullable=False),
        sa.Column("working_days", sa.String(length=200), nullable=False),
        sa.Column("solve_seconds", sa.Integer(), nullable=False),
        sa.Column("detour_factor", sa.Double(), nullable=False),
        sa.Column("speed_kmh", sa.Double(), nullable=False),
        sa.Column("travel_rate", sa.Integer(), nullable=False),
        sa.Column("overtime_rate", sa.Integer(), nullable=False),
        sa.Column("not_preferred_price", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.CheckConstraint("detour_factor >= 1", name=op.f("ck_regions_detour_factor")),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_regions_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_regions_longitude")),
        sa.CheckConstraint("not_preferred_price >= 0", name=op.f("ck_regions_not_preferred_price")),
        sa.CheckConstraint("overtime_rate >= 0", name=op.f("ck_regions_overtime_rate")),
        sa.CheckConstraint("plan_hour BETWEEN 0 AND 23", name=op.f("ck_regions_plan_hour")),
        sa.CheckConstraint("solve_seconds > 0", name=op.f("ck_regions_solve_seconds")),
        sa.CheckConstraint("speed_kmh > 0", name=op.f("ck_regions_speed_kmh")),
        sa.CheckConstraint("travel_rate >= 0", name=op.f("ck_regions_travel_rate")),
        sa.PrimaryKeyConstraint("id", name="pk_regions"),
        sa.UniqueConstraint("code", name="uq_regions_code"),
    )
    op.create_table(
        "nurses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("max_visits", sa.Integer(), nullable=True),
        sa.Column("max_overtime_min", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_nurses_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_nurses_longitude")),
        sa.CheckConstraint("max_overtime_min >= 0", name=op.f("ck_nurses_max_overtime_min")),
        sa.CheckConstraint("max_visits >= 0", name=op.f("ck_nurses_max_visits")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name="fk_nurses_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_nurses"),
        sa.UniqueConstraint("region_id", "code", name="uq_nurses_region_id_code"),
    )
    op.create_table(
        "patients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("access_notes", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_patients_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_patients_longitude")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name="fk_patients_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_patients"),
        sa.UniqueConstraint("region_id", "code", name="uq_patients_region_id_code"),
    )
    op.create_table(
        "protocols",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("credentials", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("staff BETWEEN 1 AND 2", name=op.f("ck_protocols_staff")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name="fk_protocols_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_protocols"),
        sa.UniqueConstraint("region_id", "code", name="uq_protocols_region_id_code"),
    )
    op.create_table(
        "availability_exceptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nurse_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", closed("availability", "off", "hours"), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=True),
        sa.Column("end_time", sa.Time(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "kind = 'off' OR (start_time IS NOT NULL AND end_time IS NOT NULL AND end_time > start_time)",
            name=op.f("ck_availability_exceptions_hours"),
        ),
        sa.ForeignKeyConstraint(["nurse_id"], ["nurses.id"], name="fk_availability_exceptions_nurse_id"),
        sa.PrimaryKeyConstraint("id", name="pk_availability_exceptions"),
        sa.UniqueConstraint("nurse_id", "day", name="uq_availability_exceptions_nurse_id_day"),
    )
    op.create_table(
        "credentials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nurse_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "expires_on IS NULL OR expires_on >= valid_from", name=op.f("ck_credentials_validity")
        ),
        sa.ForeignKeyConstraint(["nurse_id"], ["nurses.id"], name="fk_credentials_nurse_id"),
        sa.PrimaryKeyConstraint("id", name="pk_credentials"),
        sa.UniqueConstraint("nurse_id", "kind", "valid_from", name="uq_credentials_nurse_id_kind_valid_from"),
    )
    op.create_table(
        "patient_nurses",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("nurse_id", sa.Integer(), nullable=False),
        sa.Column("standing", closed("standing", "preferred", "barred"), nullable=False),
        sa.ForeignKeyConstraint(["nurse_id"], ["nurses.id"], name="fk_patient_nurses_nurse_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_patient_nurses_patient_id"),
        sa.PrimaryKeyConstraint("patient_id", "nurse_id", name="pk_patient_nurses"),
    )
    op.create_table(
        "protocol_phases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("protocol_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            closed("phasekind", "arrival", "iv_start", "infusion", "monitoring", "discharge"),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_protocol_phases_minutes")),
        sa.ForeignKeyConstraint(["protocol_id"], ["protocols.id"], name="fk_protocol_phases_protocol_id"),
        sa.PrimaryKeyConstraint("id", name="pk_protocol_phases"),
        sa.UniqueConstraint("protocol_id", "position", name="uq_protocol_phases_protocol_id_position"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("session_key", sa.String(length=200), nullable=False),
        sa.Column("role", closed("role", "dispatcher", "nurse"), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("nurse_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role != 'nurse' OR nurse_id IS NOT NULL", name=op.f("ck_users_nurse_has_record")),
        sa.ForeignKeyConstraint(["nurse_id"], ["nurses.id"], name="fk_users_nurse_id"),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name="fk_users_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
        sa.UniqueConstraint("nurse_id", name="uq_users_nurse_id"),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("protocol_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=200), nullable=False),
        sa.Column("priority", closed("priority", "routine", "important", "urgent"), nullable=False),
        sa.Column("status", closed("visitstatus", "booked", "cancelled"), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("pinned_nurse_id", sa.Integer(), nullable=True),
        sa.Column("pinned_start", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("pinned_start IS NULL OR pinned_nurse_id IS NOT NULL", name=op.f("ck_visits_pin")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_visits_patient_id"),
        sa.ForeignKeyConstraint(["pinned_nurse_id"], ["nurses.id"], name="fk_visits_pinned_nurse_id"),
        sa.ForeignKeyConstraint(["protocol_id"], ["protocols.id"], name="fk_visits_protocol_id"),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name="fk_visits_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
        sa.UniqueConstraint("region_id", "code", name="uq_visits_region_id_code"),
    )
    op.create_index("ix_visits_patient_id", "visits", ["patient_id"])
    op.create_index("ix_visits_region_id_day", "visits", ["region_id", "day"])

    op.create_table(
        "weekly_shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nurse_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=False),
        sa.Column("end_time", sa.Time(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("break_earliest", sa.Time(), nullable=True),
        sa.Column("break_latest", sa.Time(), nullable=True),
        sa.CheckConstraint("break_minutes >= 0", name=op.f("ck_weekly_shifts_break_minutes")),
        sa.CheckConstraint("end_time > start_time", name=op.f("ck_weekly_shifts_hours")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_weekly_shifts_weekday")),
        sa.ForeignKeyConstraint(["nurse_id"], ["nurses.id"], name="fk_weekly_shifts_nurse_id"),
        sa.PrimaryKeyConstraint("id", name="pk_weekly_shifts"),
        sa.UniqueConstraint("nurse_id", "weekday", name="uq_weekly_shifts_nurse_id_weekday"),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("subject_id", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_audit_entries_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"])
    op.create_index("ix_audit_entries_subject_subject_id", "audit_entries", ["subject", "subject_id"])

    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("trigger", closed("runtrigger", "nightly", "replan", "command"), nullable=False),
        sa.Column("status", closed("runstatus", "queued", "running", "succeeded", "failed"), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=200), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=200), nullable=False),
        sa.Column("elapsed", sa.Double(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("bound", sa.BigInteger(), nullable=True),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name="fk_runs_region_id"),
        sa.ForeignKeyConstraint(["requested_by"], ["users.id"], name="fk_runs_requested_by"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_region_id_day", "runs", ["region_id", "day"])
    op.create_index("ix_runs_status", "runs", ["status"])
    op.create_index(
        "uq_runs_alive",
        "runs",
        ["region_id", "day"],
        unique=True,
        sqlite_where=sa.text("status IN ('queued', 'running')"),
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )

    op.create_table(
        "visit_windows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("earliest_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest_end", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "latest_end IS NULL OR latest_end > earliest_start", name=op.f("ck_visit_windows_room")
        ),
        sa.CheckConstraint("latest_start >= earliest_start", name=op.f("ck_visit_windows_order")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_visit_windows_visit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_visit_windows"),
    )
    op.create_index("ix_visit_windows_visit_id", "visit_windows", ["visit_id"])

    op.create_table(
        "nights",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name="fk_nights_region_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_nights_run_id"),
        sa.PrimaryKeyConstraint("region_id", "day", name="pk_nights"),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=200), nullable=False),
        sa.Column("status", closed("planstatus", "draft", "published", "superseded"), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("travel_seconds", sa.JSON(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("bound", sa.BigInteger(), nullable=True),
        sa.Column("visits_served", sa.Integer(), nullable=False),
        sa.Column("travel_total", sa.Integer(), nullable=False),
        sa.Column("overtime_total", sa.Integer(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["published_by"], ["users.id"], name="fk_plans_published_by"),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name="fk_plans_region_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_plans_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
    )
    op.create_index("ix_plans_region_id_day", "plans", ["region_id", "day"])
    op.create_index(
        "uq_plans_draft",
        "plans",
        ["region_id", "day"],
        unique=True,
        sqlite_where=sa.text("status = 'draft'"),
        postgresql_where=sa.text("status = 'draft'"),
    )
    op.create_index(
        "uq_plans_published",
        "plans",
        ["region_id", "day"],
        unique=True,
        sqlite_where=sa.text("status = 'published'"),
        postgresql_where=sa.text("status = 'published'"),
    )

    op.create_table(
        "routes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("nurse_id", sa.Integer(), nullable=False),
        sa.Column("shift_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shift_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("departure", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finish", sa.DateTime(timezone=True), nullable=True),
        sa.Column("break_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("travel_seconds", sa.Integer(), nullable=False),
        sa.Column("home_latitude", sa.Double(), nullable=False),
        sa.Column("home_longitude", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["nurse_id"], ["nurses.id"], name="fk_routes_nurse_id"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_routes_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_routes"),
        sa.UniqueConstraint("plan_id", "nurse_id", name="uq_routes_plan_id_nurse_id"),
    )
    op.create_index("ix_routes_nurse_id", "routes", ["nurse_id"])
    op.create_index("ix_routes_plan_id", "routes", ["plan_id"])

    op.create_table(
        "unassigned",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_unassigned_plan_id"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_unassigned_visit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_unassigned"),
    )
    op.create_index("ix_unassigned_plan_id", "unassigned", ["plan_id"])
    op.create_index("ix_unassigned_visit_id", "unassigned", ["visit_id"])

    op.create_table(
        "stops",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("route_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("arrival", sa.DateTime(timezone=True), nullable=False),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("travel_seconds", sa.Integer(), nullable=False),
        sa.Column("phases", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["route_id"], ["routes.id"], name="fk_stops_route_id"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_stops_visit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stops"),
        sa.UniqueConstraint("route_id", "position", name="uq_stops_route_id_position"),
    )
    op.create_index("ix_stops_route_id", "stops", ["route_id"])
    op.create_index("ix_stops_visit_id", "stops", ["visit_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
