"""A Plan as a versioned JSON document. docs/formats.md describes it field by field."""

from __future__ import annotations

from typing import Any

from scheduler.io.codec import decode, encode
from scheduler.io.document import body, head
from scheduler.model import Plan

FORMAT = "rounds/plan"
VERSION = 1


def to_dict(plan: Plan) -> dict[str, Any]:
    """The document."""
    return {**head(FORMAT, VERSION), **encode(plan)}


def from_dict(data: object) -> Plan:
    """The plan of a document. Raises FormatError."""
    return decode(Plan, body(data, FORMAT, VERSION))
