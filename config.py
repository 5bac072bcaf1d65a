"""Every setting of the service, read once from the environment. Nobody else reads os.environ."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent
DEMO_SECRET = "demo-secret-not-for-real-patients"  # noqa: S105  (known on purpose)
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
OPENSTREETMAP = "© OpenStreetMap contributors"
TILE_URL = re.compile(r"https?://(\{s\}\.)?[\w.-]+(:\d+)?/[\x21-\x7e]*")


class SettingsError(ValueError):
    """A setting that cannot be; the message names the variable, its value and the cure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The service's settings; README.md lists the variables.

    `geocoder` names a geopy geocoder ("": none) and `geocoder_options` its options as JSON
    (app/geocoding.py). `base_map`: where the base map's file lies, if there is one; `tile_url`: where pages
    fetch map pictures while there is none ("": nowhere). `trusted_proxies` is the number of proxies before
    the service whose X-Forwarded headers count. In the demo a known secret and cookies over plain HTTP are
    allowed. `vapid_private_key` and `vapid_subject` are for notices to phones ("": none are sent).
    """

    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    demo: bool = False
    port: int = 8000
    cookie_secure: bool = True
    session_hours: int = 12
    trusted_proxies: int = 0
    geocoder: str = ""
    geocoder_options: str = field(default="", repr=False)
    solve_processes: int = 1
    log_level: str = "INFO"
    base_map: Path = ROOT / "var" / "base-map.pmtiles"
    tile_url: str = ""
    tile_attribution: str = OPENSTREETMAP
    vapid_private_key: str = field(default="", repr=False)
    vapid_subject: str = ""

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Self:
        """Settings from `env` (default: the process's environment).

        Raises SettingsError for a value that cannot be, and outside the demo for a missing or default secret.
        """
        env = os.environ if env is None else env
        demo = _flag(env, "ROUNDS_DEMO", False)
        return cls(
            database_url=_database_url(env),
            secret_key=_secret(env, demo),
            demo=demo,
            port=_whole(env, "PORT", 8000, 1, 65535),
            cookie_secure=_flag(env, "ROUNDS_COOKIE_SECURE", not demo),
            session_hours=_whole(env, "ROUNDS_SESSION_HOURS", 12, 1, 168),
            trusted_proxies=_whole(env, "ROUNDS_TRUSTED_PROXIES", 0, 0, 9),
            geocoder=env.get("ROUNDS_GEOCODER", ""),
            geocoder_options=env.get("ROUNDS_GEOCODER_OPTIONS", ""),
            solve_processes=_whole(env, "ROUNDS_SOLVE_PROCESSES", 1, 1, 64),
            log_level=_one_of(env, "ROUNDS_LOG_LEVEL", "INFO", LOG_LEVELS),
            base_map=Path(env.get("ROUNDS_BASE_MAP", "") or ROOT / "var" / "base-map.pmtiles"),
            tile_url=_tile_url(env),
            tile_attribution=env.get("ROUNDS_TILE_ATTRIBUTION", "") or OPENSTREETMAP,
            vapid_private_key=_vapid_key(env),
            vapid_subject=_vapid_subject(env),
        )


def _database_url(env: Mapping[str, str]) -> str:
    url = env.get("ROUNDS_DATABASE_URL", "") or f"sqlite:///{ROOT / 'var' / 'rounds.sqlite'}"
    kind, found, _ = url.partition("://")
    if not found or kind not in DATABASES:
        # Only the kind is named: the rest may hold a password.
        raise SettingsError(
            f"ROUNDS_DATABASE_URL begins with {kind[:40]!r}: begin it with one of "
            f"{', '.join(f'{name}://' for name in DATABASES)}"
        )
    return url


def _secret(env: Mapping[str, str], demo: bool) -> str:
    secret = env.get("ROUNDS_SECRET_KEY", "") or (DEMO_SECRET if demo else "")
    if not demo and (secret == DEMO_SECRET or len(secret) < 32):
        raise SettingsError(
            "ROUNDS_SECRET_KEY is missing, shorter than 32 characters or the demo's: set it to a random "
            "secret, for instance the output of: "
            "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return secret


def _tile_url(env: Mapping[str, str]) -> str:
    url = env.get("ROUNDS_TILE_URL", "")
    if url and not (TILE_URL.fullmatch(url) and all(part in url for part in ("{z}", "{x}", "{y}"))):
        # Without what follows the question mark: that may hold a key.
        raise SettingsError(
            f"ROUNDS_TILE_URL is {url.partition('?')[0]!r}: set it to an address with {{z}}, {{x}} and "
            "{y} in it, as in https://tile.example/{z}/{x}/{y}.png"
        )
    return url


def _vapid_key(env: Mapping[str, str]) -> str:
    key = env.get("ROUNDS_VAPID_PRIVATE_KEY", "")
    # 32 bytes, base64url without padding; its value is not told.
    if key and not re.fullmatch(r"[A-Za-z0-9_-]{43}", key):
        raise SettingsError(
            f"ROUNDS_VAPID_PRIVATE_KEY has {len(key)} characters: set it to the 43 that "
            "flask --app wsgi vapid-key prints, or to nothing"
        )
    return key


def _vapid_subject(env: Mapping[str, str]) -> str:
    subject = env.get("ROUNDS_VAPID_SUBJECT", "")
    if env.get("ROUNDS_VAPID_PRIVATE_KEY", "") and not subject.startswith(("mailto:", "https://")):
        raise SettingsError(
            f"ROUNDS_VAPID_SUBJECT is {subject!r}: set it to whom push services may write to, as in "
            "mailto:it@clinic.example"
        )
    return subject


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


def _one_of(env: Mapping[str, str], name: str, default: str, words: tuple[str, ...]) -> str:
    value = env.get(name, "") or default
    if value not in words:
        raise SettingsError(f"{name} is {value!r}: set it to one of {', '.join(words)}")
    return value
