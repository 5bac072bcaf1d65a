"""Solve a mixed-integer programme by HiGHS in a process of its own, which can be stopped at any moment.

HiGHS looks at its clock now and then only (it overran 60 s by 200 on a crowded machine), can neither be
cancelled nor be told how much memory it may take; a process can. Run as a script, this file is that process:
a model comes in, an answer goes out, both as protocol buffers; nothing of this project is imported. HiGHS
sometimes prints on the standard output, whatever it is told; that must not get into the answer.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from google.protobuf.message import DecodeError
from ortools.math_opt import result_pb2
from ortools.math_opt.python import mathopt

MEMORY = 3 * 2**30
"""Bytes of address space; a solver that wants more gives up."""
GRACE = 0.5
"""Seconds by which HiGHS is told to end earlier than the process will be ended."""
SMALL = 300
"""Variables of a model that is solved in this process."""
STEP = 0.02
"""Seconds between two looks at the clock."""


def solve(model: mathopt.Model, seconds: float, stopped: Callable[[], bool]) -> mathopt.SolveResult | None:
    """What HiGHS found in `seconds`; None if it had to be stopped, or failed. Small models are solved here:
    a process takes longer to start than they take."""
    if model.get_num_variables() <= SMALL:
        return _solve(model, seconds)
    until = time.monotonic() + seconds
    command = [sys.executable, __file__, str(until - GRACE)]
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(model.export_model().SerializeToString())
        given.seek(0)
        process = subprocess.Popen(  # noqa: S603 - runs this very file
            command, stdin=given, stdout=answer, stderr=subprocess.DEVNULL
        )
        try:
            while process.poll() is None and time.monotonic() < until and not stopped():
                time.sleep(STEP)
        finally:
            process.kill()
            process.wait()
        if process.returncode != 0:
            return None
        answer.seek(0)
        try:
            result = result_pb2.SolveResultProto.FromString(answer.read())
        except DecodeError:
            return None
        return mathopt.parse_solve_result(result, model)


def _solve(model: mathopt.Model, seconds: float) -> mathopt.SolveResult:
    params = mathopt.SolveParameters(
        time_limit=timedelta(seconds=max(0.05, seconds)),
        relative_gap_tolerance=0.0,
        absolute_gap_tolerance=0.5,
    )
    try:
        return mathopt.solve(model, mathopt.SolverType.HIGHS, params=params)
    except (AttributeError, mathopt.InternalMathOptError):
        # On a few small programmes HiGHS' presolve ends in an internal error, which OR-Tools 9.15 reports as
        # an AttributeError of its own; without presolve it solves them at once.
        plain = replace(params, presolve=mathopt.Emphasis.OFF)
        return mathopt.solve(model, mathopt.SolverType.HIGHS, params=plain)


def main(until: float) -> None:
    """Read a model, solve it by `until` on the machine's monotonic clock, write the result."""
    from ortools.math_opt import model_pb2

    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends a process whose parent is gone
    signal.alarm(int(max(0.0, until - time.monotonic())) + 10)
    model = mathopt.Model.from_model_proto(model_pb2.ModelProto.FromString(sys.stdin.buffer.read()))
    result = _solve(model, until - time.monotonic())
    with contextlib.suppress(BrokenPipeError):
        answer.write(result.to_proto().SerializeToString())
        answer.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]))
