"""Files to be solved or checked: plain or gzipped JSON of any known format, told apart by content."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import NoReturn

from scheduler.io import hhcrsp, problem_json, uhhc
from scheduler.io.errors import FormatError
from scheduler.io.instance import Instance, RoundsInstance
from scheduler.io.node import Node
from scheduler.model import Plan
from scheduler.travel import GivenTimes

_GZIP = b"\x1f\x8b"


def read(path: str | Path) -> Instance:
    """The instance in the file. Raises FormatError, in one line that starts with the file's name."""
    try:
        return _instance(Node(_load(path)))
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error


def read_solution(instance: Instance, path: str | Path) -> Plan:
    """The plan in a solution file of the instance's family. Raises FormatError, as `read` does."""
    try:
        return instance.read_solution(_load(path))
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error


def _instance(document: Node) -> Instance:
    if document.get("format") is not None:
        problem = problem_json.from_dict(document.value)
        travel = problem_json.travel_from_dict(document.value)
        if isinstance(travel, GivenTimes):
            with document.building():
                travel.matrix(problem.places)
        return RoundsInstance(problem=problem, travel=travel, family="rounds")
    if hhcrsp.recognises(document):
        return hhcrsp.read_instance(document)
    if uhhc.recognises(document):
        return uhhc.read_instance(document)
    raise FormatError(
        'neither a problem of ours (it would have "format": "rounds/problem") '
        "nor a published instance (it would have patients, caregivers, distances, and central_offices "
        "or terminal_points)"
    )


def _load(path: str | Path) -> object:
    try:
        content = Path(path).read_bytes()
        if content.startswith(_GZIP):
            content = gzip.decompress(content)
        return json.loads(content, parse_constant=_refuse_constant)
    except FormatError:
        raise
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror or error}") from error
    except (EOFError, zlib.error) as error:
        raise FormatError(f"a damaged gzip file: {error}") from error
    except UnicodeDecodeError as error:
        raise FormatError(f"not text in UTF-8: {error.reason} at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise FormatError(f"line {error.lineno}, column {error.colno}: not JSON: {error.msg}") from error
    except ValueError as error:  # a whole number of thousands of digits
        raise FormatError(f"not an instance: {error}") from error
    except RecursionError as error:
        raise FormatError("not an instance: its lists and objects are nested too deep") from error


def _refuse_constant(name: str) -> NoReturn:
    raise FormatError(f"{name} is not a number that JSON knows; write a finite one")
