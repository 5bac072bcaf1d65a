"""The operator's command line: `flask --app wsgi COMMAND`."""

from __future__ import annotations

from flask import Flask

from app.cli import base_map, booking, clinic, horizon, notices, plans, series, sheets, verification
from app.cli.attention import attention
from app.cli.common import ENGINES, CommandError, region_of
from app.cli.disrupt import disrupt
from app.cli.plans import plan_day
from app.engines import ENGINES as DEFAULT_ENGINES
from app.planning import Engines

__all__ = ["CommandError", "plan_day", "region_of", "register"]

COMMANDS = (
    clinic.migrate,
    clinic.set_region,
    clinic.create_user,
    plans.plan_day,
    horizon.plan_several,
    plans.check_plan,
    plans.list_runs,
    booking.slots,
    booking.book,
    series.move_session,
    series.drop_session,
    disrupt,
    attention,
    base_map.base_map,
    verification.evv,
    notices.vapid_key,
    sheets.day_sheets,
)


def register(app: Flask, engines: Engines = DEFAULT_ENGINES) -> None:
    """Give the app its commands; `engines` is what they plan with."""
    app.extensions[ENGINES] = engines
    for command in COMMANDS:
        app.cli.add_command(command)
