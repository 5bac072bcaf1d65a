"""Why a visit found no place, where it could go, what a new plan changes: found, and put in words."""

from scheduler.explain.change_words import (
    ChangeLine,
    change_lines,
    change_table,
    nurse_sentences,
    patients_to_tell,
    share_of_changes,
    unkept_sentence,
)
from scheduler.explain.changes import (
    Care,
    ChangeKind,
    Changes,
    NurseNews,
    VisitChange,
    changes_between,
    changes_of,
)
from scheduler.explain.continuity import SeriesContinuity, continuity, share_kept
from scheduler.explain.names import Names, days_planned, time_planned
from scheduler.explain.openings import Opening, openings
from scheduler.explain.predicates import lacks
from scheduler.explain.sessions import NoSeries, Series, SeriesRule, SeriesRules, cheapest_series
from scheduler.explain.slots import Moved, Slot, SlotDay, best_slots
from scheduler.explain.unkept import Unkept, UnkeptKind
from scheduler.explain.why import Cause, NurseWhyNot, WhyNot, why_unassigned
from scheduler.explain.words import Sentences, words

__all__ = [
    "Care",
    "Cause",
    "ChangeKind",
    "ChangeLine",
    "Changes",
    "Moved",
    "Names",
    "NoSeries",
    "NurseNews",
    "NurseWhyNot",
    "Opening",
    "Sentences",
    "Series",
    "SeriesContinuity",
    "SeriesRule",
    "SeriesRules",
    "Slot",
    "SlotDay",
    "Unkept",
    "UnkeptKind",
    "VisitChange",
    "WhyNot",
    "best_slots",
    "change_lines",
    "change_table",
    "changes_between",
    "changes_of",
    "cheapest_series",
    "continuity",
    "days_planned",
    "lacks",
    "nurse_sentences",
    "openings",
    "patients_to_tell",
    "share_kept",
    "share_of_changes",
    "time_planned",
    "unkept_sentence",
    "why_unassigned",
    "words",
]
