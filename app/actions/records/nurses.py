"""Nurses, and what belongs to each: weekly hours, exceptions, credentials."""

from __future__ import annotations

from collections.abc import Iterable

from app.actions.records.content import CredentialRecord, ExceptionRecord, NurseRecord, WeeklyShiftRecord
from app.actions.records.keeper import Key
from app.actions.records.shapes import CodedKeeper, OwnedKeeper
from app.store.engine import Tx
from app.store.models import AvailabilityException, Credential, Nurse, WeeklyShift
from app.store.queries.directory import Directory


class NurseKeeper(CodedKeeper[NurseRecord, Nurse]):
    """Nurses, by code."""

    subject = "nurses"
    table = Nurse
    record_type = NurseRecord


class WeeklyShiftKeeper(OwnedKeeper[WeeklyShiftRecord, WeeklyShift]):
    """Weekly hours, by nurse and weekday."""

    subject = "weekly_shifts"
    table = WeeklyShift
    record_type = WeeklyShiftRecord
    keys = ("nurse", "weekday")


class ExceptionKeeper(OwnedKeeper[ExceptionRecord, AvailabilityException]):
    """Exceptions, by nurse and day."""

    subject = "availability_exceptions"
    table = AvailabilityException
    record_type = ExceptionRecord
    keys = ("nurse", "day")


class CredentialKeeper(OwnedKeeper[CredentialRecord, Credential]):
    """Credentials, by nurse, kind, first day and states.

    A credential that counts everywhere is the same as one that begins on that day and counts in some states:
    who gives it its states, by form or file, does not leave it valid everywhere beside.
    """

    subject = "credentials"
    table = Credential
    record_type = CredentialRecord
    keys = ("nurse", "kind", "valid_from", "states")
    lists = ("states",)

    def stored(self, tx: Tx, directory: Directory, some: Iterable[CredentialRecord]) -> dict[Key, Credential]:
        wanted = list(some)
        found = super().stored(tx, directory, wanted)
        keys = [self.key(record) for record in wanted]
        for key in keys:
            everywhere = (*key[:3], ())
            if key not in found and everywhere in found and everywhere not in keys:
                found[key] = found.pop(everywhere)
        return found
