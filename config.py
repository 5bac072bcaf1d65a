"""Every setting of the service, read once from the environment. Nobody else reads os.environ."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent
DEMO_SECRET = "demo-secret-not-for-real-patients"


class SettingsError(ValueError):
    """A setting that cannot be; the message names the variable, its value and the cure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The service's settings; README.md lists the variables."""

    database_url: str
    secret_key: str = field(repr=False)
    demo: bool = False
    port: int = 8000
    cookie_secure: bool = True
    session_hours: int = 12
    geocoder: str = ""
    geocoder_options: str = ""
    solve_processes: int = 1
    log_level: str = "INFO"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Self:
        """Settings from `env` (default: the process's environment).

        Raises SettingsError for a value that cannot be, and outside the demo for a missing or default secret.
        """
        env = os.environ if env is None else env
        demo = _flag(env, "ROUNDS_DEMO", False)
        return cls(
            database_url=env.get("ROUNDS_DATABASE_URL", f"sqlite:///{ROOT / 'var' / 'rounds.sqlite'}"),
            secret_key=_secret(env, demo),
            demo=demo,
            port=_whole(env, "PORT", 8000, 1, 65535),
            cookie_secure=_flag(env, "ROUNDS_COOKIE_SECURE", not demo),
            session_hours=_whole(env, "ROUNDS_SESSION_HOURS", 12, 1, 168),
            geocoder=env.get("ROUNDS_GEOCODER", ""),
            geocoder_options=env.get("ROUNDS_GEOCODER_OPTIONS", ""),
            solve_processes=_whole(env, "ROUNDS_SOLVE_PROCESSES", 1, 1, 64),
            log_level=env.get("ROUNDS_LOG_LEVEL", "INFO"),
        )


def _secret(env: Mapping[str, str], demo: bool) -> str:
    secret = env.get("ROUNDS_SECRET_KEY", DEMO_SECRET if demo else "")
    if not demo and (secret == DEMO_SECRET or len(secret) < 32):
        raise SettingsError(
            "ROUNDS_SECRET_KEY is missing, shorter than 32 characters or the demo's: set it to a random secret, "
            "for instance the output of: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return secret


def _flag(env: Mapping[str, str], name: str, default: bool) -> bool:
    value = env.get(name, "")
    if value not in ("", "0", "1"):
        raise SettingsError(f"{name} is {value!r}: set it to 1 or 0")
    return default if value == "" else value == "1"


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = env.get(name, "") or str(default)
    if not value.isdecimal() or not low <= int(value) <= high:
        raise SettingsError(f"{name} is {value!r}: set it to a whole number from {low} to {high}")
    return int(value)
