"""The next days planned together: a day for each free session of a series, and a draft of every day."""

from app.actions.horizon.asking import FEWEST_DAYS, LONGEST_S, MOST_DAYS, queue_days, request_days
from app.actions.horizon.loading import LoadedHorizon, load_horizon
from app.actions.horizon.storing import store_horizon

__all__ = [
    "FEWEST_DAYS",
    "LONGEST_S",
    "MOST_DAYS",
    "LoadedHorizon",
    "load_horizon",
    "queue_days",
    "request_days",
    "store_horizon",
]
