"""Brings the catalogues of the nurse's pages up to date with their texts.

usage: messages.py            collect all texts into app/nurse/languages/*.po; new ones are to be translated
       messages.py --check    only say what is missing; exit status 1 when a text is untranslated, or not used
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from babel.messages.catalog import Catalog  # noqa: E402  (the root must be on the path first)
from babel.messages.extract import extract_from_dir  # noqa: E402
from babel.messages.pofile import write_po  # noqa: E402

from app.nurse.languages import FOLDER, LANGUAGES, read  # noqa: E402

PLACES = (
    (ROOT / "app" / "nurse", [("templates/**.html", "jinja2"), ("**.py", "python")], {}),
    (
        ROOT / "app" / "web" / "static" / "nurse",
        [("**.js", "javascript")],
        {"**.js": {"parse_template_string": "True"}},
    ),
)
KEYWORDS = {"_": None, "ngettext": (1, 2), "say": None, "translate": None}


def texts() -> Catalog:
    """Every text of the pages, with where it stands."""
    catalogue = Catalog(charset="utf-8")
    for folder, methods, options in PLACES:
        found = extract_from_dir(folder, methods, options, keywords=KEYWORDS, strip_comment_tags=True)
        for name, line, message, comments, _context in found:
            if message:
                place = (folder / name).relative_to(ROOT).as_posix()
                catalogue.add(message, locations=[(place, line)], auto_comments=comments)
    return catalogue


def faults(language: str) -> list[str]:
    """What is wrong with a catalogue: texts without a translation, or none of the pages' any more."""
    known, wanted = read(language), texts()
    empty = [
        f"not translated: {message.id!r}"
        for message in wanted
        if message.id and not _translated(known.get(message.id))
    ]
    stale = [f"not in use: {message.id!r}" for message in known if message.id and message.id not in wanted]
    return empty + stale


def _translated(message: object) -> bool:
    string = getattr(message, "string", "")
    parts = string if isinstance(string, list | tuple) else [string]
    return not getattr(message, "fuzzy", False) and all(parts)


def main(arguments: list[str]) -> int:
    """Run as the usage says."""
    languages = LANGUAGES[1:]
    if arguments == ["--check"]:
        found = [f"{language}: {fault}" for language in languages for fault in faults(language)]
        print("\n".join(found), file=sys.stderr, end="\n" if found else "")
        return 1 if found else 0
    for language in languages:
        path = FOLDER / f"{language}.po"
        catalogue = read(language) if path.exists() else Catalog(locale=language, charset="utf-8")
        catalogue.update(texts(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, sort_output=True, omit_header=False, include_lineno=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
