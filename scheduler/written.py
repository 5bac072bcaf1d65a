"""Files that a command writes: refused before its work begins, written after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class UnusableFileError(ValueError):
    """A file that cannot be written, in one line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """The file that `option` names ("--output"), or None: nothing is written."""

    option: str
    path: Path | None

    def require_writable(self, others: Iterable[Path | None]) -> None:
        """Raise UnusableFileError where it could not be written, or is one of the command's other files. What
        stands in it stays as it is."""
        if self.path is None:
            return
        try:
            self._refuse(self.path, [path for path in others if path is not None])
        except OSError as error:
            raise self._not_written(error) from error

    def write(self, text: str) -> None:
        """Write the whole file. Raises UnusableFileError."""
        if self.path is None:
            return
        try:
            self.path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise self._not_written(error) from error

    def _refuse(self, path: Path, others: list[Path]) -> None:
        if path.is_dir():
            raise self._unusable("is a folder; name a file in it")
        if not path.parent.is_dir():
            raise self._unusable(f"there is no folder {path.parent}; make it first")
        if path.resolve() in {other.resolve() for other in others}:
            raise self._unusable("is another file of this command too; name one of its own")
        new = not path.exists()
        path.open("ab").close()
        if new:
            path.unlink()

    def _not_written(self, error: OSError) -> UnusableFileError:
        return self._unusable(f"cannot be written: {error.strerror}")

    def _unusable(self, why: str) -> UnusableFileError:
        return UnusableFileError(f"{self.option} {self.path}: {why}")
