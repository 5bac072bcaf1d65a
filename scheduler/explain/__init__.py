"""Why a visit found no place, where it could go, what a new plan changes: found, and put in words."""

from scheduler.explain.by_hand import Desk
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
from scheduler.explain.cost_words import cost_lines, signed
from scheduler.explain.names import Names, days_planned, time_planned
from scheduler.explain.openings import Opening, openings
from scheduler.explain.predicates import lacks
from scheduler.explain.rule_words import Scene
from scheduler.explain.sessions import NoSeries, Series, SeriesRule, SeriesRules, cheapest_series
from scheduler.explain.slots import Moved, Slot, SlotDay, best_slots
from scheduler.explain.tried import Displaced, Late, Tried, Wish
from scheduler.explain.unkept import Unkept, UnkeptKind
from scheduler.explain.why import Cause, NurseWhyNot, WhyNot, why_unassigned
from scheduler.explain.words import Sentences, words

__all__ = [
    "Care",
    "Cause",
    "ChangeKind",
    "ChangeLine",
    "Changes",
    "Desk",
    "Displaced",
    "Late",
    "Moved",
    "Names",
    "NoSeries",
    "NurseNews",
    "NurseWhyNot",
    "Opening",
    "Scene",
    "Sentences",
    "Series",
    "SeriesContinuity",
    "SeriesRule",
    "SeriesRules",
    "Slot",
    "SlotDay",
    "Tried",
    "Unkept",
    "UnkeptKind",
    "VisitChange",
    "WhyNot",
    "Wish",
    "best_slots",
    "change_lines",
    "change_table",
    "changes_between",
    "changes_of",
    "cheapest_series",
    "continuity",
    "cost_lines",
    "days_planned",
    "lacks",
    "nurse_sentences",
    "openings",
    "patients_to_tell",
    "share_kept",
    "share_of_changes",
    "signed",
    "time_planned",
    "unkept_sentence",
    "why_unassigned",
    "words",
]
