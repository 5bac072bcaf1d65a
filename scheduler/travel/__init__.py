"""Travel times between places: the TravelSource seam and its sources."""

from scheduler.travel.great_circle import GreatCircle
from scheduler.travel.matrix import TravelMatrix, TravelSource

__all__ = ["GreatCircle", "TravelMatrix", "TravelSource"]
