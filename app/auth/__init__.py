"""Log-in, log-out and the password."""

from app.auth.views import blueprint

__all__ = ["blueprint"]
