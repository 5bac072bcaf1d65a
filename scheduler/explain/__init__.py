"""Why a visit found no place, in words, the only wording of the planner's findings; and where it could go."""

from scheduler.explain.names import Names
from scheduler.explain.openings import Opening, openings
from scheduler.explain.sessions import NoSeries, Series, SeriesRule, SeriesRules, cheapest_series
from scheduler.explain.slots import Moved, Slot, SlotDay, best_slots
from scheduler.explain.why import Cause, NurseWhyNot, WhyNot, why_unassigned
from scheduler.explain.words import Sentences, words

__all__ = [
    "Cause",
    "Moved",
    "Names",
    "NoSeries",
    "NurseWhyNot",
    "Opening",
    "Sentences",
    "Series",
    "SeriesRule",
    "SeriesRules",
    "Slot",
    "SlotDay",
    "WhyNot",
    "best_slots",
    "cheapest_series",
    "openings",
    "why_unassigned",
    "words",
]
