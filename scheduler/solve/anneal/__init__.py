"""Simulated annealing in compiled code. docs/engine-annealing.md says how it works and what was measured."""

from scheduler.solve.anneal.anneal import Annealed, Annealer, Watch
from scheduler.solve.anneal.pack import PackedProblem, pack
from scheduler.solve.anneal.tuning import Tuning
from scheduler.solve.anneal.warm import warm_up

__all__ = ["Annealed", "Annealer", "PackedProblem", "Tuning", "Watch", "pack", "warm_up"]
