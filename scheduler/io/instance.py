"""What a file to be solved holds, whatever its format."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from scheduler.io import plan_json
from scheduler.model import Plan, Problem
from scheduler.travel import TravelSource


@dataclass(frozen=True, kw_only=True, slots=True)
class Instance(ABC):
    """A problem with its travel times, and the solution format of its `family`.

    `seconds_per_minute`: how many of the problem's seconds make one minute as people read it.
    """

    problem: Problem
    travel: TravelSource
    family: str
    seconds_per_minute: int = 60

    @property
    def dated(self) -> bool:
        """The problem's origin is a real instant, not the stand-in of a published instance."""
        return self.family == "rounds"

    @abstractmethod
    def write_solution(self, plan: Plan) -> dict[str, Any]:
        """`plan` as the JSON document of the family's solution format."""

    @abstractmethod
    def read_solution(self, data: object) -> Plan:
        """The plan that a solution document of the family describes. Raises FormatError."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundsInstance(Instance):
    """Our own problem, solved by our own plan."""

    def write_solution(self, plan: Plan) -> dict[str, Any]:
        """The plan document of `plan_json`."""
        return plan_json.to_dict(plan)

    def read_solution(self, data: object) -> Plan:
        """The plan of a plan document. Raises FormatError."""
        return plan_json.from_dict(data)
