"""Settings: right ones are taken, wrong ones are refused by name, value and cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import DEMO_SECRET, Settings, SettingsError

SECRET = "s" * 40


def test_a_secret_is_all_that_must_be_set() -> None:
    settings = Settings.from_env({"ROUNDS_SECRET_KEY": SECRET})
    assert settings.database_url.startswith("sqlite:///")
    assert (settings.port, settings.session_hours, settings.trusted_proxies) == (8000, 12, 0)
    assert settings.cookie_secure
    assert not settings.demo
    assert settings.geocoder == ""


def test_every_setting_is_read() -> None:
    settings = Settings.from_env(
        {
            "ROUNDS_SECRET_KEY": SECRET,
            "ROUNDS_DATABASE_URL": "postgresql+psycopg://rounds@/rounds",
            "PORT": "8001",
            "ROUNDS_COOKIE_SECURE": "0",
            "ROUNDS_SESSION_HOURS": "8",
            "ROUNDS_TRUSTED_PROXIES": "1",
            "ROUNDS_GEOCODER": "nominatim",
            "ROUNDS_GEOCODER_OPTIONS": "{}",
            "ROUNDS_SOLVE_PROCESSES": "2",
            "ROUNDS_LOG_LEVEL": "DEBUG",
            "ROUNDS_BASE_MAP": "/srv/map.pmtiles",
            "ROUNDS_TILE_URL": "https://{s}.tile.example/{z}/{x}/{y}.png?key=abc",
            "ROUNDS_TILE_ATTRIBUTION": "© Tile Example",
        }
    )
    assert settings == Settings(
        secret_key=SECRET,
        database_url="postgresql+psycopg://rounds@/rounds",
        port=8001,
        cookie_secure=False,
        session_hours=8,
        trusted_proxies=1,
        geocoder="nominatim",
        geocoder_options="{}",
        solve_processes=2,
        log_level="DEBUG",
        base_map=Path("/srv/map.pmtiles"),
        tile_url="https://{s}.tile.example/{z}/{x}/{y}.png?key=abc",
        tile_attribution="© Tile Example",
    )


def test_the_demo_has_a_secret_of_its_own_and_cookies_over_http() -> None:
    settings = Settings.from_env({"ROUNDS_DEMO": "1"})
    assert settings.secret_key == DEMO_SECRET
    assert not settings.cookie_secure


@pytest.mark.parametrize("secret", [None, "", "short", DEMO_SECRET])
def test_outside_the_demo_it_refuses_to_start_without_a_real_secret(secret: str | None) -> None:
    env = {} if secret is None else {"ROUNDS_SECRET_KEY": secret}
    with pytest.raises(SettingsError, match=r"ROUNDS_SECRET_KEY.*token_urlsafe"):
        Settings.from_env(env)


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("PORT", "http", "whole number from 1 to 65535"),
        ("PORT", "70000", "whole number from 1 to 65535"),
        ("PORT", "-1", "whole number from 1 to 65535"),
        ("ROUNDS_SESSION_HOURS", "0", "whole number from 1 to 168"),
        ("ROUNDS_SESSION_HOURS", "1.5", "whole number from 1 to 168"),
        ("ROUNDS_TRUSTED_PROXIES", "10", "whole number from 0 to 9"),
        ("ROUNDS_COOKIE_SECURE", "yes", "1 or 0"),
        ("ROUNDS_DEMO", "true", "1 or 0"),
        ("ROUNDS_LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING, ERROR"),
        ("ROUNDS_DATABASE_URL", "mysql://x", "sqlite://, postgresql://, postgresql+psycopg://"),
        ("ROUNDS_DATABASE_URL", "rounds.db", "sqlite://, postgresql://, postgresql+psycopg://"),
    ],
)
def test_a_wrong_value_is_named_with_its_cure(name: str, value: str, cure: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"ROUNDS_SECRET_KEY": SECRET, name: value})
    message = str(caught.value)
    assert message.startswith(name)
    assert repr(value.partition("://")[0]) in message
    assert cure in message


def test_secrets_are_not_in_what_is_printed() -> None:
    settings = Settings.from_env(
        {
            "ROUNDS_SECRET_KEY": SECRET,
            "ROUNDS_DATABASE_URL": "postgresql://rounds:hunter2@/rounds",
            "ROUNDS_GEOCODER_OPTIONS": '{"api_key": "k3y"}',
        }
    )
    assert SECRET not in repr(settings)
    assert "hunter2" not in repr(settings)
    assert "k3y" not in repr(settings)


def test_a_wrong_database_address_does_not_show_its_password() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(
            {"ROUNDS_SECRET_KEY": SECRET, "ROUNDS_DATABASE_URL": "oracle://rounds:hunter2@host/x"}
        )
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["https://tile.example/map.png", "tile.example/{z}/{x}/{y}.png", "https://a.example *; {z}/{x}/{y}"],
)
def test_an_address_of_map_pictures_that_cannot_be_is_named_without_its_key(address: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"ROUNDS_SECRET_KEY": SECRET, "ROUNDS_TILE_URL": f"{address}?key=hunter2"})
    message = str(caught.value)
    assert message.startswith(f"ROUNDS_TILE_URL is {address!r}")
    assert "https://tile.example/{z}/{x}/{y}.png" in message
    assert "hunter2" not in message
