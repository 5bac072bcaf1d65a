"""Every text of the nurse's pages has its Spanish, and none is missed by the collecting."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from app.nurse.languages import LANGUAGES, catalogue_json, read

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "app" / "web" / "static" / "nurse"
CALL = re.compile(r'(?<![\w$.])(?:_|ngettext)\(\s*"((?:[^"\\]|\\.)*)"')
PLACEHOLDER = re.compile(r"\{\w+\}")


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    """tools/messages.py, which is no package's."""
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_text_lacks_its_translation(messages: ModuleType, language: str) -> None:
    assert messages.faults(language) == []


def test_no_text_is_missed_by_the_collecting(messages: ModuleType) -> None:
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in messages.texts()}
    written = {text for path in SCRIPTS.rglob("*.js") for text in CALL.findall(path.read_text())}
    assert len(written) > 200
    assert written - known == set()


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_translations_keep_what_is_filled_in(language: str) -> None:
    wrong = []
    for message in read(language):
        if isinstance(message.id, str) and message.id:
            pairs = [(message.id, message.string)]
        else:
            pairs = list(zip(message.id or (), message.string or (), strict=False))
        wrong += [
            one for one in pairs if set(PLACEHOLDER.findall(one[0])) != set(PLACEHOLDER.findall(one[1]))
        ]
    assert wrong == []


def test_english_needs_no_catalogue() -> None:
    assert catalogue_json("en") == "{}"
