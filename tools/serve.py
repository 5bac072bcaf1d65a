"""The service and its worker side by side; when either ends, the other is stopped too.

usage: serve.py                     serve on 127.0.0.1:$PORT until Ctrl-C
       serve.py --check-port PORT   only say whether the port is free
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config import Settings, SettingsError  # noqa: E402  (the root must be on the path first)

HOST = "127.0.0.1"
STOP_SECONDS = 20.0


def main(arguments: list[str]) -> int:
    """Run as the usage says; the exit status is 1 when a part stopped by itself, 2 for bad settings."""
    if arguments[:1] == ["--check-port"]:
        return _check_port(int(arguments[1]))
    try:
        port = Settings.from_env().port
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    return _check_port(port) or _serve(port)


def _check_port(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            print(
                f"Port {port} on {HOST} is taken. Choose another: make demo PORT={port + 1}", file=sys.stderr
            )
            return 2
    return 0


def _serve(port: int) -> int:
    web = [sys.executable, "-m", "gunicorn", "--bind", f"{HOST}:{port}", "--workers", "2", "--threads", "4"]
    worker = [sys.executable, "-m", "app.worker"]
    parts = [
        subprocess.Popen(command, cwd=ROOT)  # noqa: S603  (our own commands)
        for command in ([*web, "--log-level", "warning", "wsgi:app"], worker)
    ]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"Rounds is on http://{HOST}:{port} (Ctrl-C stops it).", flush=True)
    try:
        while all(part.poll() is None for part in parts):
            time.sleep(0.3)
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(parts)
    print("A part of the service stopped; the rest was stopped too.", file=sys.stderr)
    return 1


def _stop(parts: list[subprocess.Popen[bytes]]) -> None:
    for part in parts:
        if part.poll() is None:
            part.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for part in parts:
        try:
            part.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            part.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
