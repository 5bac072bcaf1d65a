"""Tables, one module per noun."""

from app.store.models.audit import AuditEntry
from app.store.models.base import Base
from app.store.models.by_hand import AcceptedExceptionRow, PlanStep
from app.store.models.course import Adult, AdultPresence, Agreement, ManiaCheck
from app.store.models.disruption import DisruptionRow, Replan
from app.store.models.field import FieldEvent
from app.store.models.horizon import DayMoveRow, HorizonResult
from app.store.models.nurse import AvailabilityException, Credential, Nurse, WeeklyShift
from app.store.models.order import Order
from app.store.models.patient import Patient, PatientNurse, PhaseMinimum
from app.store.models.phone import CalendarFeed, PushSubscription
from app.store.models.pickup import Pickup
from app.store.models.plan import PlanRow, RouteRow, StopRow, UnassignedRow
from app.store.models.prescriber import Prescriber, PrescriberException, PrescriberHours
from app.store.models.protocol import Protocol, ProtocolPhase, ProtocolVersion
from app.store.models.region import Region
from app.store.models.run import Night, Run
from app.store.models.user import User
from app.store.models.visit import Visit, VisitWindow
from app.store.models.writes import WriteCount

__all__ = [
    "AcceptedExceptionRow",
    "Adult",
    "AdultPresence",
    "Agreement",
    "AuditEntry",
    "AvailabilityException",
    "Base",
    "CalendarFeed",
    "Credential",
    "DayMoveRow",
    "DisruptionRow",
    "FieldEvent",
    "HorizonResult",
    "ManiaCheck",
    "Night",
    "Nurse",
    "Order",
    "Patient",
    "PatientNurse",
    "PhaseMinimum",
    "Pickup",
    "PlanRow",
    "PlanStep",
    "Prescriber",
    "PrescriberException",
    "PrescriberHours",
    "Protocol",
    "ProtocolPhase",
    "ProtocolVersion",
    "PushSubscription",
    "Region",
    "Replan",
    "RouteRow",
    "Run",
    "StopRow",
    "UnassignedRow",
    "User",
    "Visit",
    "VisitWindow",
    "WeeklyShift",
    "WriteCount",
]
