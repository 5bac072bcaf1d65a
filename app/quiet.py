"""Errors in logs without their messages, which may quote what a patient's record says."""

from __future__ import annotations

import traceback


def trace_of(error: BaseException) -> str:
    """The error's type, what caused it, and where it happened."""
    cause = error.__cause__ or error.__context__
    after = f" (after {type(cause).__name__})" if cause else ""
    where = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    return f"{type(error).__name__}{after}\n{where}"
