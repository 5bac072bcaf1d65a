"""The languages of the nurse's pages. English stands in the pages themselves, the others in `<language>.po`.

`python tools/messages.py` brings the catalogues up to date with the pages.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import request

FOLDER = Path(__file__).resolve().parent
LANGUAGES = ("en", "es")
"""The first is the language that the pages are written in."""

COOKIE = "language"
"""Holds the nurse's own choice on this phone; no cookie: what her browser asks for."""


def chosen() -> str:
    """The language of this request: the nurse's choice, else her browser's wish, else English."""
    own = request.cookies.get(COOKIE)
    return own if own in LANGUAGES else request.accept_languages.best_match(LANGUAGES, LANGUAGES[0])


def translate(text: str) -> str:
    """`text` in the language of this request; the English text where there is no other."""
    found = _texts(chosen()).get(text)
    return found if isinstance(found, str) else text


def catalogue_json(language: str) -> str:
    """All messages of a language by their English text, for the phone; of plurals a list, one and many."""
    return json.dumps(_texts(language), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(language: str) -> Catalog:
    """The catalogue of a language other than the first."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def _texts(language: str) -> dict[str, str | list[str]]:
    if language == LANGUAGES[0]:
        return {}
    return _read_texts(language, (FOLDER / f"{language}.po").stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read_texts(language: str, _changed: int) -> dict[str, str | list[str]]:
    texts: dict[str, str | list[str]] = {}
    for message in read(language):
        if message.id and message.string and not message.fuzzy:
            key = message.id if isinstance(message.id, str) else message.id[0]
            texts[key] = message.string if isinstance(message.string, str) else list(message.string)
    return texts
