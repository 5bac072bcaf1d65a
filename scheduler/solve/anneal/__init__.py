"""Simulated annealing in compiled code. docs/engine-annealing.md says how it works and what was measured."""

from scheduler.solve.anneal.anneal import Annealed, Annealer, Watch
from scheduler.solve.anneal.pack import PackedProblem, pack
from scheduler.solve.anneal.tuning import Tuning

__all__ = ["Annealed", "Annealer", "PackedProblem", "Tuning", "Watch", "pack"]
