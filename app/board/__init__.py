"""The dispatchers' board: a day's routes on a timeline and a map, re-planning and publishing, what to do when
something happens, and the coming days side by side."""

from app.board import field_views, happenings, horizon, sheets, week_page
from app.board.views import blueprint

__all__ = ["blueprint", "field_views", "happenings", "horizon", "sheets", "week_page"]
