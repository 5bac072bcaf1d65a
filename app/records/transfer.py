"""CSV files of records: template, export, check and import."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.exchange import exporting, importing
from app.exchange.csv_text import BadFileError, Fault
from app.exchange.importing import Checked
from app.exchange.nouns import NOUNS, Noun
from app.records.blueprint import NOUN, blueprint
from app.records.lists import tabs_of
from app.store.models.user import Role
from app.web.access import allow
from app.web.context import actor, begin
from app.web.replies import wants_json


@blueprint.get(f"/{NOUN}/template.csv")
@allow(Role.DISPATCHER)
def template(noun: str) -> ResponseReturnValue:
    """The columns with one example row."""
    return _file(exporting.template(NOUNS[noun]), f"{noun}-template.csv")


@blueprint.get(f"/{NOUN}/export.csv")
@allow(Role.DISPATCHER)
def export(noun: str) -> ResponseReturnValue:
    """All records of the region."""
    with begin() as tx:
        data = exporting.export(tx, actor(), actor().region_id, NOUNS[noun])
    return _file(data, f"{noun}.csv")


@blueprint.route(f"/{NOUN}/import", methods=["GET", "POST"], endpoint="import_")
@allow(Role.DISPATCHER)
def import_(noun: str) -> ResponseReturnValue:
    """Check a file ("check" is sent with it), or check and store it. To a script only the result is sent."""
    kind = NOUNS[noun]
    if request.method == "GET":
        return _page(kind)
    only_check = "check" in request.form
    try:
        with begin() as tx:
            checked = importing.check(tx, actor(), actor().region_id, kind, _uploaded())
            if not only_check:
                importing.store(tx, actor(), actor().region_id, kind, checked)
    except BadFileError as error:
        return _page(kind, refused=error), 422
    if only_check:
        return _page(kind, checked=checked)
    counts = checked.counts
    flash(
        f"{kind.title}: {counts.new} added, {counts.changed} changed, {counts.unchanged} as they were.",
        "success",
    )
    if noun == "protocols" and counts.changed:
        flash("Booked visits stay under their versions: a protocol's page moves them to the newest.", "info")
    elif counts.new or counts.changed:
        flash("Days that are planned already do not know of this: re-plan them on the board.", "warning")
    return redirect(url_for("records.list_", noun=noun))


def _uploaded() -> bytes:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise BadFileError([Fault(line=0, column="", message="No file was chosen: choose one first.")])
    data: bytes = file.read()
    return data


def _page(kind: Noun, *, checked: Checked | None = None, refused: BadFileError | None = None) -> str:
    name = "records/_result.html" if wants_json() else "records/import.html"
    return render_template(
        name, noun=kind, nouns=NOUNS, tabs=tabs_of(kind.name), checked=checked, refused=refused
    )


def _file(data: bytes, name: str) -> Response:
    return Response(
        data,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
