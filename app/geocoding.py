"""Addresses to coordinates, through a geopy geocoder where the settings name one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Protocol

from geopy.exc import ConfigurationError, GeocoderNotFound, GeopyError
from geopy.geocoders import get_geocoder_for_service

from app.actions.errors import ActionError
from config import Settings, SettingsError

TIMEOUT_SECONDS = 5

_EXAMPLE = (
    'set it to an object such as {"domain": "127.0.0.1:8080", "scheme": "http", "user_agent": "rounds"}'
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Located:
    """What a geocoder made of an address, in degrees (WGS 84). A person confirms it: geocoders can be
    confidently wrong, so `matched_address` and `kind` ("house", "road", "school"; empty: not told) are
    shown with it."""

    latitude: float
    longitude: float
    matched_address: str
    kind: str = ""


class Geocoder(Protocol):
    """Where coordinates come from."""

    available: bool
    """Whether there is a geocoder at all; pages offer the look-up only then."""

    def locate(self, address: str) -> Located | None:
        """The best match, or None. Raises ActionError when the geocoder cannot be asked just now."""
        ...


class NoGeocoder:
    """No outside geocoder: coordinates are typed, or set on the map. The default: addresses stay here."""

    available = False

    def locate(self, address: str) -> Located | None:
        """None for every address."""
        return None


class GeopyGeocoder:
    """Any geocoder of geopy's, by service name and options. Raises SettingsError for one that cannot be."""

    available = True

    def __init__(self, service: str, options: dict[str, Any]) -> None:
        try:
            kind = get_geocoder_for_service(service)
            self._geocoder = kind(**{"timeout": TIMEOUT_SECONDS} | options)
        except GeocoderNotFound:
            raise SettingsError(
                f"ROUNDS_GEOCODER is {service!r}: geopy has no such geocoder; take one of its names, "
                "such as nominatim"
            ) from None
        except (TypeError, ValueError, ConfigurationError) as error:
            raise SettingsError(f"ROUNDS_GEOCODER_OPTIONS do not suit {service}: {error}") from None

    def locate(self, address: str) -> Located | None:
        """The service's best match, or None. Raises ActionError when it does not answer, or refuses."""
        try:
            found = self._geocoder.geocode(address)
        except GeopyError as error:
            raise ActionError(
                f"The geocoder did not answer ({type(error).__name__}): try again, or set the place on the "
                "map or by its coordinates."
            ) from None
        if found is None:
            return None
        raw = found.raw if isinstance(found.raw, dict) else {}
        return Located(
            latitude=float(found.latitude),
            longitude=float(found.longitude),
            matched_address=str(found.address),
            kind=str(raw.get("addresstype") or raw.get("type") or ""),
        )


def from_settings(settings: Settings) -> Geocoder:
    """The geocoder the settings name. Raises SettingsError for an unknown one, or options that are wrong."""
    if not settings.geocoder:
        return NoGeocoder()
    try:
        options = json.loads(settings.geocoder_options or "{}")
    except json.JSONDecodeError as error:
        raise SettingsError(f"ROUNDS_GEOCODER_OPTIONS is not JSON ({error}): {_EXAMPLE}") from None
    if not isinstance(options, dict):
        raise SettingsError(f"ROUNDS_GEOCODER_OPTIONS is not a JSON object: {_EXAMPLE}")
    return GeopyGeocoder(settings.geocoder, options)
