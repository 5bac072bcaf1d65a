"""Slows down guessing: after too many failures from one place or for one account, the door stays shut."""

from __future__ import annotations

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

PER_ACCOUNT = parse("10 per 10 minutes")
PER_ADDRESS = parse("50 per 10 minutes")


class Throttle:
    """Counts failures only, so that a clinic behind one address may log in all at once.

    The counts are this process's own and gone when it ends: with N web processes a guesser has N times the
    tries.
    """

    def __init__(self) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def shut(self, address: str, account: str) -> bool:
        """Whether either has failed too often lately."""
        return not all(self._windows.test(limit, key) for limit, key in _keys(address, account))

    def failed(self, address: str, account: str) -> None:
        """Count one failure against both."""
        for limit, key in _keys(address, account):
            self._windows.hit(limit, key)


def _keys(address: str, account: str) -> tuple[tuple[RateLimitItem, str], ...]:
    return (PER_ADDRESS, f"address {address}"), (PER_ACCOUNT, f"account {account.strip().casefold()}")
