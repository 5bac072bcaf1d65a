"""Other people's solvers on our days: one module each, behind one method.

A peer's module is imported only when it is asked for; what they need beyond the product's own packages is
in `benchmarks/requirements.txt`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol

from scheduler.model import Plan, Problem
from scheduler.travel import TravelMatrix

FEATURES = ("breaks", "overtime")
"""What an infusion day may be made without, because not every peer can express it."""


class Peer(Protocol):
    """A solver."""

    def plan(self, problem: Problem, matrix: TravelMatrix, seconds: float, seed: int) -> Plan:
        """The best plan it finds in `seconds` of wall time on two cores; the time to put the problem into
        its own terms is not counted.

        Raises InexpressibleError for a problem that its model has no words for, UndrivableError if no answer
        of its can be driven in time.
        """
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """Where a peer is: the class `Adapter` in `module`. `package`: the name on PyPI of what it wraps ("":
    nothing). `cannot`: the features it cannot express."""

    module: str
    package: str = ""
    cannot: frozenset[str] = frozenset()

    @property
    def version(self) -> str | None:
        """The installed package's; None where it is not installed, "" where none is needed."""
        try:
            return version(self.package) if self.package else ""
        except PackageNotFoundError:
            return None

    def build(self) -> Peer:
        """The peer, ready to plan. Raises ModuleNotFoundError where its package is missing."""
        adapter: Peer = import_module(f"benchmarks.peers.{self.module}").Adapter()
        return adapter


PEERS: Mapping[str, Entry] = {
    "ours": Entry(module="ours"),
    "or-tools": Entry(module="or_tools", package="ortools"),
    "pyvrp": Entry(module="py_vrp", package="pyvrp", cannot=frozenset({"breaks"})),
    "vroom": Entry(module="py_vroom", package="pyvroom", cannot=frozenset({"overtime"})),
}
"""By name; the first is what the others are compared with."""
