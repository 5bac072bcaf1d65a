"""The day as it is being carried out, as JSON for a board that looks again and again. No patient is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from app.board.field_alerts import field_alerts
from app.board.field_words import FLAGS, STATES
from app.board.payload import instant
from app.field.record import VisitRecord
from app.store.mapping.field_day import FieldDay, Stay
from app.store.models import StopRow


def live_payload(day: FieldDay) -> dict[str, Any]:
    """The whole day; the shape is described at `field_views.live`."""
    return {
        "day": day.day.isoformat(),
        "in_use": day.in_use,
        "stops": [_stop(day, stay, record) for stay, record in sorted(day.records.items(), key=_order(day))],
        "custody": [
            {
                "nurse": {"id": nurse, "name": day.nurses[nurse].name},
                "closed": custody.closed,
                "missing": [gap.to_json() for gap in custody.missing],
            }
            for nurse, custody in day.custody.items()
        ],
        "set_aside": sum(bool(row.set_aside) for row in day.rows),
        "alerts": [
            {"tone": alert.tone, "lead": alert.lead, "text": alert.text} for alert in field_alerts(day)
        ],
    }


def _order(day: FieldDay) -> Any:
    def key(item: tuple[Stay, VisitRecord]) -> tuple[str, int, datetime]:
        (_, nurse), _ = item
        return (day.nurses[nurse].name, nurse, day.stops[item[0]].start)

    return key


def _stop(day: FieldDay, stay: Stay, record: VisitRecord) -> dict[str, Any]:
    stop = day.stops[stay]
    expected = day.expected.get(stay)
    words, tone = STATES[record.state]
    return {
        "visit": stop.visit_id,
        "code": stop.visit.code,
        "nurse": {"id": stay[1], "name": day.nurses[stay[1]].name},
        "position": stop.position + 1,
        "in_force": stay in day.current,
        "booked": stop.visit.status.value,
        "state": {"code": record.state.value, "words": words, "tone": tone},
        "planned": _instants(day, arrival=stop.arrival, start=stop.start, end=stop.end),
        "actual": _instants(day, arrived=record.arrived_at, began=record.began, departed=record.departed_at),
        "expected": expected
        and _instants(day, arrival=expected.arrival, start=expected.start, end=expected.end),
        "late_minutes": round(expected.late.total_seconds() / 60) if expected else 0,
        "phase": _phase(day, stop, record),
        "minutes": list(_minutes(day, stop, record)),
        "clock": _instants(
            day,
            infusion_ended=record.infusion_ended,
            earliest_departure=record.earliest_departure,
            vitals_due_at=record.vitals_due_at,
        ),
        "flags": [{"code": code, "words": FLAGS.get(code, code)} for code in record.flags],
    }


def _instants(day: FieldDay, **moments: datetime | None) -> dict[str, Any]:
    return {name: None if at is None else instant(at, day.zone) for name, at in moments.items()}


def _minutes(day: FieldDay, stop: StopRow, record: VisitRecord) -> Iterator[float]:
    """How long each phase has taken, or will by the plan; the running one at least as long as it runs."""
    for phase, planned in zip(record.phases, stop.phases, strict=True):
        lasts = timedelta(minutes=planned["minutes"])
        if phase.began is not None:
            lasts = (phase.ended or max(day.now, phase.began + lasts)) - phase.began
        yield round(max(lasts, timedelta()).total_seconds() / 60, 1)


def _phase(day: FieldDay, stop: StopRow, record: VisitRecord) -> dict[str, Any] | None:
    """The phase that runs."""
    running = [
        (phase, planned)
        for phase, planned in zip(record.phases, stop.phases, strict=True)
        if phase.began is not None and phase.ended is None
    ]
    if not running:
        return None
    phase, planned = running[-1]
    return {"kind": planned["kind"], "minutes": planned["minutes"], **_instants(day, began=phase.began)}
