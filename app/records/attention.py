"""What needs attention before coming visits: one list, with where each thing is mended; also as a file."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.actions.courses.attention import DAYS_AHEAD, MOST_DAYS, Item, Mend, attention
from app.clock import utc_now
from app.exchange import attention_csv
from app.records.blueprint import blueprint
from app.store.audit import record as audit
from app.store.engine import Tx
from app.store.models import Region
from app.store.models.user import Role
from app.web.access import allow
from app.web.context import actor, begin, zone

CHOICES = (3, 7, DAYS_AHEAD, 30, MOST_DAYS)
"""How many days ahead the page offers to look."""


@blueprint.get("/attention")
@allow(Role.DISPATCHER)
def needs_attention() -> ResponseReturnValue:
    """The list; `?days=7` says how far ahead."""
    with begin() as tx:
        now = utc_now()
        items = _read(tx)
        return render_template(
            "records/attention.html",
            items=[(item, _link(item.mend), item.bites < now) for item in items],
            days=_days(),
            choices=CHOICES,
        )


@blueprint.get("/attention.csv")
@allow(Role.DISPATCHER)
def attention_file() -> ResponseReturnValue:
    """The same as a CSV file."""
    with begin() as tx:
        data = attention_csv.write(_read(tx), zone())
    return Response(
        data,
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="needs-attention.csv"'},
    )


def _read(tx: Tx) -> list[Item]:
    items = attention(tx, tx.get_one(Region, actor().region_id), utc_now(), _days())
    audit(tx, actor(), action="read", subject="visits", detail=f"list: {len(items)} in need of attention")
    return items


def _days() -> int:
    days = request.args.get("days", DAYS_AHEAD, type=int)
    return min(max(days, 1), MOST_DAYS)


def _link(mend: Mend) -> str:
    if mend.key is None:
        return url_for("records.list_", noun=mend.noun)
    if mend.noun == "course":
        return url_for("records.course", key=mend.key)
    return url_for("records.edit", noun=mend.noun, ident=mend.key, next=request.full_path.rstrip("?"))
