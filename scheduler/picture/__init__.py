"""A plan as one self-contained page: map, timeline, cost and bound."""

from scheduler.picture.material import Material, Search
from scheduler.picture.page import render
from scheduler.picture.view import view

__all__ = ["Material", "Search", "render", "view"]
