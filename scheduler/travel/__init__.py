"""Travel times between places: the TravelSource seam and its sources."""

from scheduler.travel.given import GivenTimes
from scheduler.travel.great_circle import GreatCircle
from scheduler.travel.matrix import TravelMatrix, TravelSource

__all__ = ["GivenTimes", "GreatCircle", "TravelMatrix", "TravelSource"]
