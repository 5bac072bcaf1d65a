"""Why a visit found no place, in words. The only wording of the planner's findings."""

from scheduler.explain.why import Cause, NurseWhyNot, WhyNot, why_unassigned

__all__ = ["Cause", "NurseWhyNot", "WhyNot", "why_unassigned"]
