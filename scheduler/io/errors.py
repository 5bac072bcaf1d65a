"""The one error of reading: what a file says cannot be used."""

from __future__ import annotations


class FormatError(ValueError):
    """One line that names the field, its value and the cure; the file's name stands in front where known."""
