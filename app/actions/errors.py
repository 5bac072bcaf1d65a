"""What cannot be done, in words a person can be shown."""

from __future__ import annotations


class ActionError(Exception):
    """An action refused. The message is safe to show: it names the value and the cure, never a patient."""
