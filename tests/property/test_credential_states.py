"""The planner's names of credentials say the same as the records: kind, days and states, one by one."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.states import STATES, state_in
from app.store.mapping.credentials import held_by, limited_kinds, name_in, note, parts_of, spoken
from app.store.models import Credential, Nurse

DAY = date(2030, 6, 11)
PLACES = ("OH", "KY", "IN")
KINDS = ("RN license", "ACLS")


@st.composite
def credentials(draw: st.DrawFn) -> Credential:
    first = DAY + timedelta(days=draw(st.integers(-3, 1)))
    last = draw(st.none() | st.integers(0, 4).map(lambda days: first + timedelta(days=days)))
    return Credential(
        kind=draw(st.sampled_from(KINDS)),
        valid_from=first,
        expires_on=last,
        states=" ".join(sorted(draw(st.sets(st.sampled_from(PLACES), max_size=2)))),
    )


def counts(credential: Credential, kind: str, state: str) -> bool:
    in_time = credential.valid_from <= DAY <= (credential.expires_on or date.max)
    in_place = credential.states == "" or (state != "" and state in credential.states.split(" "))
    return credential.kind == kind and in_time and in_place


@given(st.lists(credentials(), max_size=5), st.sampled_from(KINDS), st.sampled_from((*PLACES, "")))
def test_a_nurse_holds_a_name_where_one_of_her_credentials_counts(
    hers: list[Credential], kind: str, state: str
) -> None:
    nurse = Nurse(credentials=hers)
    name = name_in(kind, state)
    assert parts_of(name) == (kind, state)
    holds = any(counts(each, kind, state) for each in hers)
    assert (name in held_by(nurse, DAY, PLACES)) is holds
    if not holds:
        # Whatever she has of the kind, something is said of it.
        assert (note(nurse, name, DAY) is None) is all(each.kind != kind for each in hers)


@given(st.lists(credentials(), max_size=5), st.sampled_from(KINDS), st.sampled_from(PLACES))
def test_the_state_is_told_where_it_matters(hers: list[Credential], kind: str, state: str) -> None:
    limited = limited_kinds([Nurse(credentials=hers)])
    told = STATES[state] in spoken(name_in(kind, state), limited)
    assert told is any(each.kind == kind and each.states for each in hers)


@given(st.sampled_from(sorted(STATES)), st.integers(0, 99999))
def test_an_address_names_its_state(state: str, number: int) -> None:
    assert state_in(f"88 Larkspur Court, Bexley, {state} {number:05}") == state
    assert state_in(f"88 {state} Court, Bexley") is None
