"""Booking a new visit or series: the best slots of several days, and one of them taken safely."""

from app.actions.booking.asked import Asked, Choice, new_request
from app.actions.booking.book import Booked, SlotGoneError, book
from app.actions.booking.days import ClosedDay, OpenDay, Travel
from app.actions.booking.offers import Offer, change_cost, offer
from app.actions.booking.ordered import session_before, sessions_left
from app.actions.booking.words import SlotLine, line_of, why_no_series

__all__ = [
    "Asked",
    "Booked",
    "Choice",
    "ClosedDay",
    "Offer",
    "OpenDay",
    "SlotGoneError",
    "SlotLine",
    "Travel",
    "book",
    "change_cost",
    "line_of",
    "new_request",
    "offer",
    "session_before",
    "sessions_left",
    "why_no_series",
]
