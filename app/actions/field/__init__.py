"""What nurses record on the way is accepted, kept, and takes effect."""

from app.actions.field.accept import Outcome, Status, WrongNurseError, accept

__all__ = ["Outcome", "Status", "WrongNurseError", "accept"]
