"""The day on paper: to print from the browser, as a PDF and as a CSV file. Each reading is audited."""

from __future__ import annotations

from datetime import date

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from app.board.views import asked, blueprint
from app.clock import utc_now
from app.sheets import DaySheets, NoPlanError, as_csv, as_pdf, load_sheets
from app.store.models import Region
from app.store.models.user import Role
from app.web.access import allow
from app.web.context import actor, begin


@blueprint.get("/<date:day>/sheets")
@allow(Role.DISPATCHER)
def sheets(day: date) -> ResponseReturnValue:
    """All sheets on one page, or one nurse's (`?nurse=`); of the published plan unless `?plan=draft`."""
    try:
        found = _load(day, "day sheets on a page")
    except NoPlanError as nothing:
        return render_template("board/sheets.html", day=day, sheets=None, nothing=str(nothing))
    return render_template("board/sheets.html", day=day, sheets=found, asked=asked(), nurse=_nurse())


@blueprint.get("/<date:day>/sheets.pdf")
@allow(Role.DISPATCHER)
def sheets_pdf(day: date) -> ResponseReturnValue:
    """The sheets as a PDF."""
    return _file(day, "pdf")


@blueprint.get("/<date:day>/sheets.csv")
@allow(Role.DISPATCHER)
def sheets_csv(day: date) -> ResponseReturnValue:
    """The sheets as a CSV file."""
    return _file(day, "csv")


def _file(day: date, kind: str) -> Response:
    try:
        found = _load(day, f"day sheets as {kind.upper()}")
    except NoPlanError:
        abort(404)
    data, mimetype = (as_pdf(found), "application/pdf") if kind == "pdf" else (as_csv(found), "text/csv")
    one = f"-{found.nurses[0].code}" if _nurse() is not None else ""
    name = f"{found.region_code}-{day}{one}.{kind}"
    return Response(
        data, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _load(day: date, purpose: str) -> DaySheets:
    with begin() as tx:
        region = tx.get_one(Region, actor().region_id)
        return load_sheets(
            tx, actor(), region, day, utc_now(), asked=asked(), nurse_id=_nurse(), purpose=purpose
        )


def _nurse() -> int | None:
    return request.args.get("nurse", type=int)
