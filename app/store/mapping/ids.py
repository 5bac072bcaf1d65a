"""The planner's ids of stored records, and back."""

from __future__ import annotations


def nurse_id(nurse: int) -> str:
    """Of a nurse; also of her home, as a place."""
    return f"n{nurse}"


def shift_id(nurse: int) -> str:
    """Of a nurse's shift of the day."""
    return f"s{nurse}"


def patient_place(patient: int) -> str:
    """Of a patient's home, as a place."""
    return f"p{patient}"


def visit_id(visit: int) -> str:
    """Of a visit."""
    return f"v{visit}"


def task_id(visit: int, number: int) -> str:
    """Of one of a visit's tasks; the numbers are those of `modes`. Before the dot stands the visit's id."""
    return f"v{visit}.{number}"


def key(id: str) -> int:
    """The stored record's key: 12 of "v12", "s12", "n12" or "p12". Raises ValueError for any other id."""
    return int(id[1:])
