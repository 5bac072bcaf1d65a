"""A value inside a JSON document that knows where it stands, so that every error can name the field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from scheduler.io.errors import FormatError
from scheduler.model import ModelError

_LONGEST_VALUE_SHOWN = 40
_LARGEST_NUMBER = 1e12


@dataclass(frozen=True, slots=True)
class Node:
    """`value` stands at `path`: "visits[3].modes[0].id"; the document itself has the empty path."""

    value: Any
    path: str = ""

    def fail(self, reason: str) -> FormatError:
        """The error to raise about this value."""
        return FormatError(f"{self.path or 'the document'}: {reason}")

    def __getitem__(self, name: str) -> Node:
        """The field `name`. Raises FormatError where it is missing or this is no object."""
        found = self.get(name)
        if found is None:
            raise self.fail(f"lacks the field {name!r}; add it")
        return found

    def get(self, name: str) -> Node | None:
        """The field `name`, or None where it is missing. Raises FormatError where this is no object."""
        members = self.members()
        return members.get(name)

    def members(self) -> dict[str, Node]:
        """The fields of an object, by name."""
        if not isinstance(self.value, dict):
            raise self._unlike("an object {...}")
        prefix = f"{self.path}." if self.path else ""
        return {name: Node(value, f"{prefix}{name}") for name, value in self.value.items()}

    def items(self) -> list[Node]:
        """The elements of a list."""
        if not isinstance(self.value, list):
            raise self._unlike("a list [...]")
        return [Node(value, f"{self.path}[{index}]") for index, value in enumerate(self.value)]

    def text(self) -> str:
        """A string."""
        if not isinstance(self.value, str):
            raise self._unlike('a string in "quotes"')
        return self.value

    def whole(self) -> int:
        """A whole number, written without a fraction."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self._unlike("a whole number")
        return self.value

    def number(self) -> float:
        """A number, neither infinite nor huge."""
        if not isinstance(self.value, int | float) or isinstance(self.value, bool):
            raise self._unlike("a number")
        if not -_LARGEST_NUMBER <= self.value <= _LARGEST_NUMBER:
            raise self._unlike("a number of sensible size")
        return self.value

    def numbers(self) -> list[float]:
        """The elements of a list, all of them numbers."""
        if isinstance(self.value, list) and all(type(value) in (int, float) for value in self.value):
            low, high = min(self.value, default=0), max(self.value, default=0)
            if low >= -_LARGEST_NUMBER and high <= _LARGEST_NUMBER:
                return self.value
        return [item.number() for item in self.items()]

    def wholes(self) -> list[int]:
        """The elements of a list, all of them whole numbers."""
        if isinstance(self.value, list) and all(type(value) is int for value in self.value):
            return self.value
        return [item.whole() for item in self.items()]

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self._unlike("true or false")
        return self.value

    def only(self, *names: str) -> None:
        """Raise FormatError where the object has a field beside `names`: most often a misspelt one."""
        unknown = [name for name in self.members() if name not in names]
        if unknown:
            raise self.fail(f"has no field {unknown[0]!r}; its fields are {', '.join(names)}")

    @contextmanager
    def building(self) -> Iterator[None]:
        """While a record is built from this value, the model's refusal is an error of this place."""
        try:
            yield
        except ModelError as error:
            raise self.fail(str(error)) from error

    def _unlike(self, wanted: str) -> FormatError:
        shown = repr(self.value)
        if len(shown) > _LONGEST_VALUE_SHOWN:
            shown = f"{shown[:_LONGEST_VALUE_SHOWN]}..."
        return self.fail(f"must be {wanted}, not {shown}")
