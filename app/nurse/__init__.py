"""The nurse's own days, on a phone: published plans only, and only hers."""

from app.nurse import calendar, push, shell, sync
from app.nurse.blueprint import blueprint

__all__ = ["blueprint", "calendar", "push", "shell", "sync"]
