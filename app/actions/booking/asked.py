"""What is to be booked, and the slot that was chosen."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import uuid4

from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.actions.records.content import VisitRecord, WindowContent
from app.store.models import Region
from app.store.models.user import Role
from app.store.models.visit import Priority, VisitStatus
from app.store.queries.directory import Directory
from scheduler.explain import Slot

_REQUEST = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A visit to be booked: patient and protocol by their codes, and when it may start, in local times that
    are the same on every day. `order`: the code of the order whose session it is, if any."""

    patient: str
    protocol: str
    windows: tuple[WindowContent, ...]
    priority: Priority = Priority.ROUTINE
    order: str = ""

    def record(self, code: str, day: date, pin: tuple[str, time] | None = None) -> VisitRecord:
        """The visit on `day`, pinned to a nurse (by code) and a start where `pin` says so."""
        nurse, start = pin or (None, None)
        return VisitRecord(
            code=code,
            patient=self.patient,
            protocol=self.protocol,
            day=day,
            windows=self.windows,
            priority=self.priority,
            status=VisitStatus.BOOKED,
            notes="",
            pinned_nurse=nurse,
            pinned_start=start,
        )

    def require_known(self, directory: Directory) -> None:
        """Raises ActionError where patient or protocol is unknown or inactive, or there is no window."""
        patient = directory.patients.get(self.patient)
        if patient is None:
            raise ActionError(f"There is no patient {self.patient!r}: give the code of the patient's record.")
        if not patient.active:
            raise ActionError(f"Patient {self.patient} is not active: make the record active first.")
        protocol = directory.protocols.get(self.protocol)
        if protocol is None:
            known = ", ".join(code for code, each in directory.protocols.items() if each.active) or "none yet"
            raise ActionError(f"There is no protocol {self.protocol!r}: give one of {known}.")
        if not protocol.active:
            raise ActionError(f"Protocol {self.protocol} is not active: choose another one.")
        if not self.windows:
            raise ActionError("There is no time window: say when the visit may start.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A slot as it was chosen: the nurses (by key) of the mode's tasks, and the visit's start, UTC."""

    day: date
    mode: str
    nurses: tuple[int, ...]
    start: datetime

    @classmethod
    def of(cls, slot: Slot) -> Choice:
        """The choice of an offered slot."""
        nurses = tuple(int(nurse[1:]) for nurse in slot.opening.nurses)
        return cls(day=slot.day, mode=slot.opening.mode, nurses=nurses, start=slot.start)

    @property
    def text(self) -> str:
        """As forms and the command line carry it; names nobody: "2026-11-24/throughout/12/1795000000"."""
        nurses = "-".join(map(str, self.nurses))
        return f"{self.day}/{self.mode}/{nurses}/{int(self.start.timestamp())}"

    @classmethod
    def parse(cls, text: str) -> Choice:
        """What `text` wrote. Raises ActionError for anything else."""
        try:
            day, mode, nurses, start = text.split("/")
            return cls(
                day=date.fromisoformat(day),
                mode=mode,
                nurses=tuple(map(int, nurses.split("-"))),
                start=datetime.fromtimestamp(int(start), UTC),
            )
        except (ValueError, OverflowError, OSError):
            raise ActionError(f"{text[:60]!r} is no slot: choose one of those that are offered.") from None


def require_may_book(actor: Actor | None, region: Region) -> None:
    """Raises ActionError unless a dispatcher of the region asks, or the command line (None)."""
    if actor is not None and (actor.role is not Role.DISPATCHER or actor.region_id != region.id):
        raise ActionError("Only a dispatcher of the region books visits: ask one.")


def new_request() -> str:
    """A new id for one booking; sent twice, it books once."""
    return uuid4().hex


def visit_codes(request: str, count: int) -> list[str]:
    """The codes of the visits of one booking: the same request always names the same visits.

    Raises ActionError for an id that `new_request` did not make.
    """
    if not _REQUEST.fullmatch(request):
        raise ActionError("This booking has no proper request id: open the page anew.")
    name = f"B-{base64.b32encode(bytes.fromhex(request)[:5]).decode()}"
    return [name] if count == 1 else [f"{name}-{number}" for number in range(1, count + 1)]
