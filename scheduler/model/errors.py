"""The one error of the model: impossible input, named by record and field."""

from __future__ import annotations


class ModelError(ValueError):
    """A record that cannot be.

    `record` names it ("visit 'v12'"), `field` the field at fault, `reason` what is wrong and the cure.
    """

    def __init__(self, record: str, field: str, reason: str) -> None:
        super().__init__(f"{record}: {field}: {reason}")
        self.record = record
        self.field = field
        self.reason = reason
