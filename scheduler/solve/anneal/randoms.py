"""Random numbers for compiled code: xorshift64* (Vigna 2016), one state per chain, quick and reproducible."""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scheduler.solve.anneal.compiled import inlined

Random = npt.NDArray[np.uint64]

_A, _B, _C = np.uint64(12), np.uint64(25), np.uint64(27)
_MULTIPLIER = np.uint64(2685821657736338717)
_HALF, _LOW = np.uint64(32), np.uint64(11)
_UNIT = 2.0**-53


def seeded(seed: int, chain: int) -> Random:
    """The state of one chain's generator; never all zero."""
    state = np.random.SeedSequence((seed, chain)).generate_state(1, np.uint64)
    return state | np.uint64(1)


@inlined
def draw(random: Random) -> Any:
    """64 random bits."""
    x: Any = random[0]
    x ^= x >> _A
    x ^= x << _B
    x ^= x >> _C
    random[0] = x
    return x * _MULTIPLIER


@inlined
def below(random: Random, n: int) -> int:
    """A whole number in [0, n)."""
    bits: Any = ((draw(random) >> _HALF) * np.uint64(n)) >> _HALF
    return np.int64(bits)  # type: ignore[return-value]  # to numba, an int is an int64


@inlined
def fraction(random: Random) -> float:
    """A number in [0, 1)."""
    return np.float64(draw(random) >> _LOW) * _UNIT
