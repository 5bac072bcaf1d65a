"""The dispatcher's board: a day's routes on a timeline and a map, re-planning and publishing, and what to do
when something happens."""

from app.board import happenings
from app.board.views import blueprint

__all__ = ["blueprint", "happenings"]
