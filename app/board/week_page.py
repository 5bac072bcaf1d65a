"""The week's address. It shows counts and sums, and no patient."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from app.board.views import FIRST_DAY, LAST_DAY, blueprint
from app.board.week import DAYS, load_week, monday_of
from app.clock import utc_now
from app.days import local_date, zone_of
from app.store.models import Region
from app.store.models.user import Role
from app.web.access import allow
from app.web.context import actor, begin


@blueprint.get("/week/<date:day>")
@allow(Role.DISPATCHER)
def week(day: date) -> ResponseReturnValue:
    """Monday to Sunday around `day`."""
    monday, step = monday_of(day), timedelta(days=DAYS)
    with begin() as tx:
        region = tx.get_one(Region, actor().region_id)
        today = local_date(utc_now(), zone_of(region.zone))
        return render_template(
            "board/week.html",
            week=load_week(tx, region, monday),
            region=region,
            day=day,
            today=today,
            previous=monday - step if monday - step >= FIRST_DAY else None,
            next=monday + step if monday + step <= LAST_DAY else None,
        )
