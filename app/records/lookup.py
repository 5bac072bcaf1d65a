"""What the scripts of the forms ask for: the place of an address, patients by name, landmarks."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from app.records.blueprint import blueprint
from app.store.audit import record as audit
from app.store.models import Nurse, Region
from app.store.models.user import Role
from app.store.queries import record_lists, records
from app.web.access import allow
from app.web.context import actor, begin, geocoder


@blueprint.post("/locate")
@allow(Role.DISPATCHER)
def locate() -> ResponseReturnValue:
    """The coordinates of an address, by the configured geocoder; the person confirms what it found."""
    address = request.form.get("address", "").strip()[:200]
    if not address:
        return jsonify(error="Type the address first."), 400
    found = geocoder().locate(address)
    if found is None:
        return jsonify(error="The geocoder does not know this address: set the pin on the map."), 404
    return jsonify(
        latitude=round(found.latitude, 6),
        longitude=round(found.longitude, 6),
        matched=found.matched_address,
        kind=found.kind,
    )


@blueprint.post("/patients/find")
@allow(Role.DISPATCHER)
def find_patients() -> ResponseReturnValue:
    """The first active patients whose name or code has the words in it."""
    words = request.form.get("q", "").strip()[:80]
    with begin() as tx:
        found = record_lists.patients_like(tx, actor().region_id, words) if words else ()
        audit(tx, actor(), action="read", subject="patients", detail=f"search: {len(found)}")
        return jsonify([{"code": each.code, "name": each.name, "address": each.address} for each in found])


@blueprint.get("/landmarks")
@allow(Role.DISPATCHER)
def landmarks() -> ResponseReturnValue:
    """The middle of the region and the homes of its nurses: the map has no roads to find one's way by."""
    with begin() as tx:
        region = tx.get_one(Region, actor().region_id)
        nurses = records.every(tx, Nurse, region.id)
        audit(tx, actor(), action="read", subject="nurses", detail=f"homes of {len(nurses)}")
        return jsonify(
            centre={"name": region.name, "latitude": region.latitude, "longitude": region.longitude},
            homes=[
                {"name": nurse.name, "latitude": nurse.latitude, "longitude": nurse.longitude}
                for nurse in nurses
                if nurse.active
            ],
        )
