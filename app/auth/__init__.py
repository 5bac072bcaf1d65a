"""Log-in, log-out and the password."""

from app.auth import commands
from app.auth.views import blueprint

__all__ = ["blueprint", "commands"]
