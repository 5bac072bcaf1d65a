"""What nurses recorded, in the dispatcher's words."""

from __future__ import annotations

from collections.abc import Mapping

from app.field.events import Kind
from app.field.record import State

STATES: Mapping[State, tuple[str, str]] = {
    State.PLANNED: ("Not there yet", ""),
    State.ARRIVED: ("Checked in", "accent"),
    State.NO_GO: ("No-go", "warn"),
    State.UNDER_WAY: ("Under way", "accent"),
    State.MONITORING: ("Monitoring", "accent"),
    State.OVER: ("May leave", "ok"),
    State.DEPARTED: ("Done", "ok"),
}
"""Words and tone of a badge."""

FLAGS: Mapping[str, str] = {
    "clock_jump": "The phone's clock was set in between: look at the times",
    "discharge_incomplete": "Discharged with something left open",
    "early_departure": "Left before the earliest departure",
    "early_unexplained": "No reason given for leaving early",
    "far_off": "Checked in far from the address",
    "go_incomplete": "Began with questions open",
    "go_over_limit": "Began with vitals over the limit",
    "mania_signs": "Signs of mania",
    "no_arrival": "Never checked in",
    "no_discharge": "Left without a discharge",
    "no_place": "Checked in without a place",
    "out_of_order": "Phases out of order",
    "over_limit": "Vitals over the limit",
    "skipped_phase": "A phase was skipped",
    "unknown_phase": "A phase that the plan does not have",
}

NO_GO: Mapping[str, str] = {
    "order": "the order is not valid",
    "identity": "the identity is not sure",
    "fasting": "not fasting",
    "vitals": "vitals over the limit",
    "adult": "no responsible adult",
    "kit": "the kit is not complete",
    "patient_declines": "the patient declines",
    "not_home": "nobody at home",
    "other": "another reason",
}

KINDS: Mapping[str, str] = {
    Kind.ARRIVED: "Checked in",
    Kind.CHECKED: "Questions answered",
    Kind.VITALS: "Vitals",
    Kind.GO: "Go",
    Kind.NO_GO: "No-go",
    Kind.PHASE_BEGAN: "Phase began",
    Kind.NOTE: "Note",
    Kind.DISCHARGED: "Discharged",
    Kind.DEPARTED: "Left",
    Kind.AMENDED: "Amendment",
    Kind.PICKED_UP: "Picked up",
    Kind.USED: "Used",
    Kind.WASTED: "Wasted",
    Kind.RETURNED: "Returned",
    Kind.EXPLAINED: "Difference explained",
    Kind.SHIFT_CLOSED: "Shift closed",
    Kind.CHANGES_SEEN: "Changes seen",
}
