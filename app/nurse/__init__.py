"""The nurse's own days, on a phone: published plans only, and only hers."""

from app.nurse.views import blueprint

__all__ = ["blueprint"]
