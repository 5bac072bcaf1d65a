"""One form per kind of record, used by its page and by every row of its CSV file."""

from app.exchange.forms.base import RecordForm
from app.exchange.forms.nurses import CredentialForm, ExceptionForm, NurseForm, WeeklyShiftForm
from app.exchange.forms.orders import (
    AdultForm,
    OrderForm,
    PickupForm,
    PrescriberExceptionForm,
    PrescriberForm,
    PrescriberHoursForm,
)
from app.exchange.forms.patients import PatientForm, PatientNurseForm, PhaseMinimumForm
from app.exchange.forms.protocols import ProtocolForm
from app.exchange.forms.visits import VisitForm

__all__ = [
    "AdultForm",
    "CredentialForm",
    "ExceptionForm",
    "NurseForm",
    "OrderForm",
    "PatientForm",
    "PatientNurseForm",
    "PhaseMinimumForm",
    "PickupForm",
    "PrescriberExceptionForm",
    "PrescriberForm",
    "PrescriberHoursForm",
    "ProtocolForm",
    "RecordForm",
    "VisitForm",
    "WeeklyShiftForm",
]
