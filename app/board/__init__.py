"""The dispatcher's board: a day's routes on a timeline and a map, re-planning and publishing."""

from app.board.views import blueprint

__all__ = ["blueprint"]
