"""Between the tables and the planner's model: a day's rows become a Problem, a Plan becomes rows."""

from app.store.mapping.credentials import state_of
from app.store.mapping.day import LoadedDay, load_day
from app.store.mapping.evidence import Evidence, evidence_of
from app.store.mapping.plan import draft_of, rows_agree
from app.store.mapping.promises import with_promises, with_worths
from app.store.mapping.reasons import names_of
from app.store.mapping.replanning import Midday, Upon, as_changed, midday_of, seen_again
from app.store.mapping.visits import LeftOut, Planned, visit_of

__all__ = [
    "Evidence",
    "LeftOut",
    "LoadedDay",
    "Midday",
    "Planned",
    "Upon",
    "as_changed",
    "draft_of",
    "evidence_of",
    "load_day",
    "midday_of",
    "names_of",
    "rows_agree",
    "seen_again",
    "state_of",
    "visit_of",
    "with_promises",
    "with_worths",
]
