"""The dispatchers' records: patients and their courses, nurses, protocols, visits; forms, lists, files."""

from app.records import (
    attention,
    booking,
    course,
    course_steps,
    editing,
    lists,
    lookup,
    moving,
    transfer,
    versions,
)
from app.records.blueprint import blueprint

__all__ = [
    "attention",
    "blueprint",
    "booking",
    "course",
    "course_steps",
    "editing",
    "lists",
    "lookup",
    "moving",
    "transfer",
    "versions",
]
