"""The model's records as JSON and back, by their annotations: one field of JSON for each field of a record.

Tuples and sets are lists (sets sorted), instants ISO 8601 in UTC, and a trailing underscore of a name is
dropped. A field that has a default may be missing; an unknown field is refused.
"""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from enum import StrEnum
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from scheduler.io.errors import FormatError
from scheduler.io.node import Node
from scheduler.model.record import Record

R = TypeVar("R", bound=Record)

_HINTS: dict[type[Record], dict[str, Any]] = {}
"""The annotations of each kind of record read so far: looking them up takes longer than all the rest."""


def encode(value: Any) -> Any:
    """`value`, a record or a part of one, as JSON's dicts, lists and scalars."""
    if isinstance(value, Record):
        fields = dataclasses.fields(value)
        return {_json_name(field.name): encode(getattr(value, field.name)) for field in fields}
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value


def decode(record: type[R], node: Node) -> R:
    """The record that `node` spells out. Raises FormatError for what is missing, misspelt or impossible."""
    hints, fields = _hints(record), {_json_name(field.name): field for field in dataclasses.fields(record)}
    node.only(*fields)
    found = node.members()
    for name, field in fields.items():
        if name not in found and _required(field):
            raise node.fail(f"lacks the field {name!r}; add it")
    values = {fields[name].name: _decode(hints[fields[name].name], child) for name, child in found.items()}
    with node.building():
        return record(**values)


def _hints(record: type[Record]) -> dict[str, Any]:
    if record not in _HINTS:
        _HINTS[record] = get_type_hints(record)
    return _HINTS[record]


def _decode(hint: Any, node: Node) -> Any:
    if get_args(hint) and NoneType in get_args(hint):
        (kind,) = (arg for arg in get_args(hint) if arg is not NoneType)
        return None if node.value is None else _decode(kind, node)
    if get_origin(hint) is tuple:
        return tuple(_decode(get_args(hint)[0], item) for item in node.items())
    if get_origin(hint) is frozenset:
        return _names(node)
    if issubclass(hint, Record):
        return decode(hint, node)
    if issubclass(hint, StrEnum):
        return _word(hint, node)
    return _SCALARS[hint](node)


def _word(kind: type[StrEnum], node: Node) -> StrEnum:
    try:
        return kind(node.text())
    except ValueError as error:
        words = ", ".join(repr(word.value) for word in kind)
        raise node.fail(f"must be one of {words}, not {node.value!r}") from error


def _names(node: Node) -> frozenset[str]:
    names = [item.text() for item in node.items()]
    if len(set(names)) != len(names):
        raise node.fail("names something twice; list each once")
    return frozenset(names)


def _instant(node: Node) -> datetime:
    try:
        instant = datetime.fromisoformat(node.text())
    except ValueError as error:
        raise _not_an_instant(node) from error
    if instant.tzinfo is None:
        raise _not_an_instant(node)
    return instant.astimezone(UTC)


def _not_an_instant(node: Node) -> FormatError:
    return node.fail(f"must be an instant with its zone, such as 2026-11-23T05:00:00Z, not {node.value!r}")


_SCALARS = {
    str: Node.text,
    int: Node.whole,
    float: Node.number,
    bool: Node.flag,
    datetime: _instant,
}


def _json_name(name: str) -> str:
    return name.removesuffix("_")


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
