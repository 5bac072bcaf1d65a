"""Route pricing: a proven bound, and plans from the routes that can still matter."""

from scheduler.solve.price.pricing import Priced, price, warm_up

__all__ = ["Priced", "price", "warm_up"]
