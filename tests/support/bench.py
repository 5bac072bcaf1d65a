"""The published instances, where this machine has them: beside the project, in shared/bench."""

from __future__ import annotations

from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[3] / "shared" / "bench"

needs_bench = pytest.mark.skipif(
    not (BENCH / "README.md").is_file(), reason="the published instances are not beside the project"
)


def instance_files(family: str) -> list[Path]:
    """The family's instances; none where they are missing."""
    return sorted((BENCH / family).glob("*.json.gz"))
