"""The dispatchers' board: a day's routes on a timeline and a map, re-planning and publishing, plans changed
by hand, what to do when something happens, and the coming days side by side."""

from app.board import by_hand, field_views, happenings, horizon, sheets, week_page
from app.board.views import blueprint

__all__ = ["blueprint", "by_hand", "field_views", "happenings", "horizon", "sheets", "week_page"]
