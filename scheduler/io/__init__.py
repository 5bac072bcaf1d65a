"""Files: our own versioned JSON, and published research instances."""

from scheduler.io.errors import FormatError
from scheduler.io.files import read, read_solution
from scheduler.io.instance import Instance

__all__ = ["FormatError", "Instance", "read", "read_solution"]
