"""The day in the field: live, as visit verification, and one visit's record. All read-only."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from flask import Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.board.field_story import lines_of
from app.board.field_words import FLAGS, NO_GO, STATES
from app.board.live import live_payload
from app.board.views import blueprint
from app.clock import utc_now
from app.exchange import verification_csv
from app.store.audit import record
from app.store.engine import Tx
from app.store.mapping.field_day import FieldDay, field_day
from app.store.mapping.verification import verifications
from app.store.models import Region, Visit
from app.store.models.user import Role
from app.store.queries import field as queries
from app.web.access import allow
from app.web.context import actor, begin


@blueprint.get("/<date:day>/live")
@allow(Role.DISPATCHER)
def live(day: date) -> ResponseReturnValue:
    """The published day as it is being carried out; no patient is named. An instant I is as in `day_data`.

    {"day", "in_use" (somebody in the region records visits at all), "version" (also the ETag),
     "now": I-less ISO instant,
     "stops": [{"visit", "code", "nurse": {"id", "name"}, "position" (from 1), "in_force", "booked" (status),
       "state": {"code", "words", "tone"}, "planned": {"arrival", "start", "end"}: I,
       "actual": {"arrived", "began", "departed"}: I or null,
       "expected": {"arrival", "start", "end"}: I, or null,
       "late_minutes", "phase": {"kind", "minutes", "began": I} or null,
       "minutes": [of each phase, as recorded, else as planned],
       "clock": {"infusion_ended", "earliest_departure", "vitals_due_at"}: I or null,
       "flags": [{"code", "words"}]}],
     "custody": [{"nurse": {"id", "name"}, "closed", "missing": [{"item", "code", "units" or "event"}]}],
     "set_aside" (how many events), "alerts": [{"tone", "lead", "text"}]}
    """
    now = utc_now()
    with begin() as tx:
        found = _day(tx, day)
        content = live_payload(found)
        version = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]
        if request.if_none_match.contains(version):
            answer = Response(status=304)
        else:
            _audit(tx, "field_events", f"live board of {day}: states of {len(content['stops'])} visits")
            answer = jsonify({**content, "version": version, "now": now.isoformat()})
    answer.set_etag(version)
    return answer


@blueprint.get("/<date:day>/field")
@allow(Role.DISPATCHER)
def field(day: date) -> ResponseReturnValue:
    """The day's visit verification, custody, and events that are set aside."""
    with begin() as tx:
        found = _day(tx, day)
        rows = verifications(found)
        _audit(tx, "patients", f"visit verification of {day}: {len(rows)} names and places")
        return render_template(
            "board/field.html",
            day=day,
            found=found,
            rows=rows,
            states=STATES,
            flags=FLAGS,
            no_go=NO_GO,
            late=_lateness(found),
            aside=lines_of([row for row in found.rows if row.set_aside]),
            now=found.now,
        )


@blueprint.get("/<date:day>/field.csv")
@allow(Role.DISPATCHER)
def field_csv(day: date) -> ResponseReturnValue:
    """The day's visit verification as a file."""
    with begin() as tx:
        rows = verifications(_day(tx, day))
        _audit(tx, "patients", f"visit verification of {day}: {len(rows)} names and places, as CSV", "export")
    answer = Response(verification_csv.write(rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="visits-{day}.csv"'
    return answer


@blueprint.get("/<date:day>/field/<int:visit_id>")
@allow(Role.DISPATCHER)
def field_record(day: date, visit_id: int) -> ResponseReturnValue:
    """One visit as it was recorded, by every nurse who was there."""
    with begin() as tx:
        visit = tx.get(Visit, visit_id)
        if visit is None or visit.region_id != actor().region_id:
            abort(404)
        found = _day(tx, day)
        rows = queries.of_visits(tx, {visit_id})
        stays = {stay: each for stay, each in found.records.items() if stay[0] == visit_id}
        if not rows and not stays:
            abort(404)
        _audit(tx, "visits", "record in the field, with vitals and notes", key=str(visit_id))
        return render_template(
            "board/field_record.html",
            day=day,
            visit=visit,
            stays=[(found.nurses[stay[1]], found.stops[stay], each) for stay, each in stays.items()],
            lines=lines_of(rows, _phases(found, visit_id)),
            states=STATES,
            flags=FLAGS,
            no_go=NO_GO,
            zone=found.zone,
            back=url_for("board.field", day=day),
        )


def _day(tx: Tx, day: date) -> FieldDay:
    return field_day(tx, tx.get_one(Region, actor().region_id), day, utc_now())


def _phases(found: FieldDay, visit_id: int) -> dict[int, str]:
    """The kinds of the visit's phases by position, of all who come to it."""
    return {
        times.position: planned["kind"]
        for stay, each in found.records.items()
        if stay[0] == visit_id
        for times, planned in zip(each.phases, found.stops[stay].phases, strict=True)
    }


def _audit(tx: Tx, subject: str, detail: str, action: str = "read", key: str = "") -> None:
    record(tx, actor(), action=action, subject=subject, subject_id=key, detail=detail)


def _lateness(found: FieldDay) -> dict[tuple[int, int], int]:
    """Minutes by which nurses are, or were, later than planned."""
    return {stay: round(each.late.total_seconds() / 60) for stay, each in found.expected.items()}
