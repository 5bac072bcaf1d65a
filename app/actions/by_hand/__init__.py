"""A day's plan changed by hand: visits moved, left out and pinned, undone and done again.

Each change is judged by the referee before it is stored, makes (or changes) the day's draft, and is a step
that can be undone. What the published plan says stands until the draft is published.
"""

from app.actions.by_hand.asking import Answer, why
from app.actions.by_hand.moving import Asked, leave_out, move, weigh, weigh_everywhere
from app.actions.by_hand.pinning import pin
from app.actions.by_hand.seen import Seen, StaleError, publish
from app.actions.by_hand.steps import Keep
from app.actions.by_hand.undoing import discard, redo, undo, undoable
from app.actions.by_hand.verdict import Outcome, Verdict

__all__ = [
    "Answer",
    "Asked",
    "Keep",
    "Outcome",
    "Seen",
    "StaleError",
    "Verdict",
    "discard",
    "leave_out",
    "move",
    "pin",
    "publish",
    "redo",
    "undo",
    "undoable",
    "weigh",
    "weigh_everywhere",
    "why",
]
