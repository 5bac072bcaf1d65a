"""Why a visit found no place, in words. The only wording of the planner's findings."""

from scheduler.explain.names import Names
from scheduler.explain.openings import Opening, openings
from scheduler.explain.why import Cause, NurseWhyNot, WhyNot, why_unassigned
from scheduler.explain.words import Sentences, words

__all__ = [
    "Cause",
    "Names",
    "NurseWhyNot",
    "Opening",
    "Sentences",
    "WhyNot",
    "openings",
    "why_unassigned",
    "words",
]
