"""Files: plain or gzipped, known or not, whole or damaged."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from scheduler.io import FormatError, plan_json, problem_json, read, read_solution
from scheduler.travel import GreatCircle
from tests.support.problems import street, street_matrix, street_plan

DOCUMENT = json.dumps(problem_json.to_dict(street(), GreatCircle())).encode()


def test_our_own_problem_is_read(tmp_path: Path) -> None:
    path = tmp_path / "street.json"
    path.write_bytes(DOCUMENT)
    instance = read(path)
    assert (instance.family, instance.problem, instance.travel) == ("rounds", street(), GreatCircle())
    assert instance.write_solution(street_plan()) == plan_json.to_dict(street_plan())


def test_gzip_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    path = tmp_path / "street.json"
    path.write_bytes(gzip.compress(DOCUMENT))
    assert read(path).problem == street()
    plain = tmp_path / "street.json.gz"
    plain.write_bytes(DOCUMENT)
    assert read(str(plain)).problem == street()


def test_a_plan_file_of_ours_is_read(tmp_path: Path) -> None:
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_bytes(DOCUMENT)
    plan.write_text(json.dumps(plan_json.to_dict(street_plan())))
    assert read_solution(read(problem), plan) == street_plan()


def test_a_problem_with_given_times_is_read(tmp_path: Path) -> None:
    path = tmp_path / "street.json"
    path.write_text(json.dumps(problem_json.to_dict(street(), street_matrix(street()))))
    instance = read(path)
    times = instance.travel.matrix(instance.problem.places)
    assert (times.seconds == street_matrix(street()).seconds).all()


def test_given_times_that_lack_a_place_are_refused(tmp_path: Path) -> None:
    document = problem_json.to_dict(street(), street_matrix(street()))
    document["travel"]["places"][3] = "elsewhere"
    path = tmp_path / "street.json"
    path.write_text(json.dumps(document))
    with pytest.raises(FormatError, match="no times for place 'p1'; add its row and column"):
        read(path)


BAD_FILES = [
    ("line 1, column 1: not JSON: Expecting value", b""),
    ("line 2, column 1: not JSON", b'{"a": 1,\n}'),
    ("not text in UTF-8", b'"\xff\xfe"'),
    ("a damaged gzip file", gzip.compress(DOCUMENT)[:-20]),
    ("cannot be read", gzip.compress(DOCUMENT)[:-8] + b"00000000"),
    ("nested too deep", b"[" * 100_000),
    ("the document: must be an object {...}, not [1, 2]", b"[1, 2]"),
    ("NaN is not a number that JSON knows", b'{"format": NaN}'),
    ("neither a problem of ours", b'{"patients": []}'),
    ("format: must be 'rounds/problem' here, not 'rounds/plan'", b'{"format": "rounds/plan"}'),
    ("the document: lacks the field 'travel'; add it", json.dumps(problem_json.to_dict(street())).encode()),
    ("not an instance: ", b'{"format": ' + b"9" * 5000 + b"}"),
    ("must be a number of sensible size", DOCUMENT.replace(b'"longitude": 0.06', b'"longitude": 1e999')),
]


@pytest.mark.parametrize(("message", "content"), BAD_FILES, ids=[message for message, _ in BAD_FILES])
def test_a_bad_file_is_one_clear_line(message: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(FormatError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"none\.json: cannot be read: No such file or directory"):
        read(tmp_path / "none.json")
    with pytest.raises(FormatError, match="cannot be read: Is a directory"):
        read(tmp_path)
