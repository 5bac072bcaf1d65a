"""Route pricing: a proven bound, and plans from the routes that can still matter."""

from scheduler.solve.price.pricing import HASTY, STEADY, Pace, Polish, Priced, Rival, price, warm_up

__all__ = ["HASTY", "STEADY", "Pace", "Polish", "Priced", "Rival", "price", "warm_up"]
