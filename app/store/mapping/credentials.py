"""Which credentials count for a visit: on its day, and in the state where the patient lives.

The planner compares names and knows no states. So each credential goes by a name for each state: a visit in
Kentucky asks for "RN license;KY", and a nurse's shift holds that where her license counts in Kentucky that
day. Where the patient's state is not on file, the bare name is asked for, which only a credential that counts
everywhere gives.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from app.days import day_text
from app.states import STATES, states_text
from app.store.models import Credential, Nurse, Patient, Region

_IN = ";"
"""No kind of credential has a semicolon in it."""


def state_of(patient: Patient, region: Region) -> str:
    """Where the patient lives: as her record says, or else in the region's state; empty: not on file."""
    return patient.state or region.state


def name_in(kind: str, state: str) -> str:
    """What the planner calls a credential of this kind that counts in the state."""
    return f"{kind}{_IN}{state}" if state else kind


def parts_of(name: str) -> tuple[str, str]:
    """The kind, and the state or nothing, of a planner's name."""
    kind, _, state = name.partition(_IN)
    return kind, state


def held_by(nurse: Nurse, day: date, states: Collection[str]) -> frozenset[str]:
    """The planner's names of all that the nurse holds on the very day, for patients in these states."""
    return frozenset(
        name for each in nurse.credentials if counts_on(each, day) for name in _names(each, states)
    )


def counts_on(credential: Credential, day: date) -> bool:
    """Whether it counts on the day."""
    return credential.valid_from <= day and (credential.expires_on is None or day <= credential.expires_on)


def counts_in(credential: Credential, state: str) -> bool:
    """Whether it counts in the state; where that is not on file, only one that counts everywhere does."""
    return not credential.states or state in credential.state_codes


def limited_kinds(nurses: Iterable[Nurse]) -> frozenset[str]:
    """The kinds that some nurse holds for some states only."""
    return frozenset(each.kind for nurse in nurses for each in nurse.credentials if each.states)


def spoken(name: str, limited: Collection[str]) -> str:
    """A planner's name as people call it; `limited`: the kinds of which the state is worth a word."""
    kind, state = parts_of(name)
    if kind not in limited:
        return kind
    where = STATES.get(state, state) if state else "the patient's state, which is not on file"
    return f"{kind} valid in {where}"


def note(nurse: Nurse, name: str, day: date, *, now: date | None = None) -> str | None:
    """What became of the nurse's credential of this name, which does not count on the day: "expired on
    Nov 20". None where she has none of that kind. `now`: the date on which it is said, if not the day."""
    kind, state = parts_of(name)
    hers = sorted((each for each in nurse.credentials if each.kind == kind), key=lambda row: row.valid_from)
    if not hers:
        return None
    here = [each for each in hers if counts_in(each, state)]
    # Of several the latest speaks.
    return (
        _dates(here[-1], day, now or day) if here else f"counts in {states_text(hers[-1].state_codes)} only"
    )


def _dates(credential: Credential, day: date, now: date) -> str:
    last = credential.expires_on
    if last is not None and last < day:
        return f"{'expired' if last < now else 'expires'} on {day_text(last)}"
    return f"counts from {day_text(credential.valid_from)} on"


def _names(credential: Credential, states: Collection[str]) -> Iterator[str]:
    if not credential.states:
        yield credential.kind
    for state in states:
        if counts_in(credential, state):
            yield name_in(credential.kind, state)
