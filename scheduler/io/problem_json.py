"""A Problem as a versioned JSON document. docs/formats.md describes it field by field."""

from __future__ import annotations

from typing import Any

from scheduler.io import travel_json
from scheduler.io.codec import decode, encode
from scheduler.io.document import body, head
from scheduler.io.node import Node
from scheduler.model import Problem
from scheduler.travel import GivenTimes, GreatCircle, TravelMatrix, TravelSource

FORMAT = "rounds/problem"
VERSION = 1


def to_dict(
    problem: Problem, travel: GreatCircle | GivenTimes | TravelMatrix | None = None
) -> dict[str, Any]:
    """The document; with `travel`, it also says where travel times come from, and can be solved as it is."""
    document = {**head(FORMAT, VERSION), **encode(problem)}
    if travel is not None:
        document["travel"] = travel_json.to_dict(travel)
    return document


def from_dict(data: object) -> Problem:
    """The problem of a document, whether or not it speaks of travel. Raises FormatError."""
    rest = body(data, FORMAT, VERSION)
    return decode(Problem, Node({name: value for name, value in rest.value.items() if name != "travel"}))


def travel_from_dict(data: object) -> TravelSource:
    """Where the document's travel times come from. Raises FormatError, also where it does not say."""
    return travel_json.from_node(body(data, FORMAT, VERSION)["travel"])
