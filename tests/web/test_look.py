"""The look keeps its promises: contrast in light and dark, and icons that exist."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "app" / "web" / "static"
PHASES = ("arrival", "iv_start", "infusion", "monitoring", "discharge")

TEXT = [
    *(
        (ink, ground)
        for ink in ("ink", "ink-soft", "ink-faint", "accent", "accent-strong")
        for ground in ("paper", "surface", "surface-sunken")
    ),
    *((tone, f"{tone}-soft") for tone in ("ok", "warn", "danger", "info")),
    *((tone, "surface") for tone in ("ok", "warn", "danger", "info")),
    *(("ink", f"{tone}-soft") for tone in ("ok", "warn", "danger", "info", "accent")),
    ("accent-strong", "accent-soft"),
    ("ink-soft", "warn-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    *((f"on-phase-{phase}", f"phase-{phase}") for phase in PHASES),
    ("map-name", "map-land"),
    ("map-place", "map-land"),
]
PARTS = [("focus", "paper"), ("focus", "surface"), ("line-strong", "surface"), ("line-strong", "paper")]


def tokens(scheme: str) -> dict[str, str]:
    """The colours of one scheme: `#rrggbb` for both, or `var(--light, #rrggbb) var(--dark, #rrggbb)`."""
    text = (STATIC / "tokens.css").read_text()
    both = re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text)
    pairs = re.findall(r"--([\w-]+): var\(--light, (#[0-9a-f]{6})\) var\(--dark, (#[0-9a-f]{6})\);", text)
    return dict(both) | {name: dark if scheme == "dark" else light for name, light, dark in pairs}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_parts_have_the_contrast_of_wcag_aa(scheme: str) -> None:
    colours = tokens(scheme)
    poor = {
        f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 2)
        for pairs, least in ((TEXT, 4.5), (PARTS, 3.0))
        for ink, ground in pairs
        if contrast(colours[ink], colours[ground]) < least
    }
    assert poor == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_neighbouring_phases_differ_without_colour_vision(scheme: str) -> None:
    colours = tokens(scheme)
    greys = [luminance(colours[f"phase-{phase}"]) for phase in PHASES]
    # IV start stands beside arrival in yellow against blue, which every kind of colour vision tells apart.
    for one, other in pairwise(greys[1:]):
        light, dark = max(one, other), min(one, other)
        assert (light + 0.05) / (dark + 0.05) > 1.6


def test_every_icon_that_a_page_asks_for_exists() -> None:
    known = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    asked = {
        name
        for page in (STATIC.parents[1]).rglob("*.html")
        for name in re.findall(r'icon\("([\w-]+)"\)', page.read_text())
    }
    assert asked
    assert asked <= known
