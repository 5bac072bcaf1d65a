"""Log-in, log-out and the password."""

from app.auth import calendar, commands
from app.auth.views import blueprint

__all__ = ["blueprint", "calendar", "commands"]
