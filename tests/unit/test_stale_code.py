"""Machine code of yesterday's sources is not run."""

from __future__ import annotations

from pathlib import Path

from scheduler.solve.stale import discard_stale_code


def a_folder(root: Path) -> Path:
    """A package with one module and kept machine code."""
    (root / "__pycache__").mkdir()
    (root / "kernel.py").write_text("x = 1\n")
    discard_stale_code(root)
    (root / "__pycache__" / "kernel.nbi").write_text("code")
    return root / "__pycache__" / "kernel.nbi"


def test_code_of_unchanged_sources_stays(tmp_path: Path) -> None:
    code = a_folder(tmp_path)
    discard_stale_code(tmp_path)
    assert code.exists()


def test_code_of_changed_sources_goes(tmp_path: Path) -> None:
    code = a_folder(tmp_path)
    (tmp_path / "kernel.py").write_text("x = 2\n")
    discard_stale_code(tmp_path)
    assert not code.exists()
