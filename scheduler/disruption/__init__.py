"""What happens in mid-day, and the day as it is then: ready to be planned again, with the past left alone."""

from scheduler.disruption.apply import Changed, apply
from scheduler.disruption.in_force import InForce
from scheduler.disruption.records import (
    NOTHING_SEEN,
    Disruption,
    NurseIll,
    NurseLate,
    RoadClosed,
    Seen,
    UrgentVisit,
    VisitCancelled,
    VisitOverruns,
)

__all__ = [
    "NOTHING_SEEN",
    "Changed",
    "Disruption",
    "InForce",
    "NurseIll",
    "NurseLate",
    "RoadClosed",
    "Seen",
    "UrgentVisit",
    "VisitCancelled",
    "VisitOverruns",
    "apply",
]
