"""The head of our own documents: which format, which version."""

from __future__ import annotations

from typing import Any

from scheduler.io.node import Node


def head(name: str, version: int) -> dict[str, Any]:
    """The first two fields of a document."""
    return {"format": name, "version": version}


def body(data: object, name: str, version: int) -> Node:
    """The document without its head. Raises FormatError where it is of another format or version."""
    node = Node(data)
    found = node["format"].text()
    if found != name:
        raise node["format"].fail(f"must be {name!r} here, not {found!r}")
    number = node["version"].whole()
    if number != version:
        raise node["version"].fail(f"this program reads version {version} of {name}, not {number}")
    rest = {key: member.value for key, member in node.members().items() if key not in ("format", "version")}
    return Node(rest)
