"""One form per kind of record, used by its page and by every row of its CSV file."""

from app.exchange.forms.base import RecordForm
from app.exchange.forms.nurses import CredentialForm, ExceptionForm, NurseForm, WeeklyShiftForm
from app.exchange.forms.patients import PatientForm, PatientNurseForm, PhaseMinimumForm
from app.exchange.forms.protocols import ProtocolForm
from app.exchange.forms.visits import VisitForm

__all__ = [
    "CredentialForm",
    "ExceptionForm",
    "NurseForm",
    "PatientForm",
    "PatientNurseForm",
    "PhaseMinimumForm",
    "ProtocolForm",
    "RecordForm",
    "VisitForm",
    "WeeklyShiftForm",
]
