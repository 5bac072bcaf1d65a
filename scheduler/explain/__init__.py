"""Why a visit found no place, in words. The only wording of the planner's findings."""

from scheduler.explain.names import Names
from scheduler.explain.why import Cause, NurseWhyNot, WhyNot, why_unassigned
from scheduler.explain.words import Sentences, words

__all__ = ["Cause", "Names", "NurseWhyNot", "Sentences", "WhyNot", "why_unassigned", "words"]
