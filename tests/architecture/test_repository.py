"""The repository's own rules: import walls, and what no file may hold."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMPORT = re.compile(r"^\s*(?:from|import)\s+([\w.]+)", re.MULTILINE)


def tracked(*patterns: str) -> list[Path]:
    """The tracked files, so that a virtual environment or a build never counts."""
    listed = subprocess.run(
        ["git", "ls-files", "--", *patterns], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def importers(package: str, files: list[Path]) -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for path in files
        if any(name.split(".")[0] == package for name in IMPORT.findall(path.read_text()))
    }


def test_only_the_triggers_import_apscheduler() -> None:
    assert importers("apscheduler", tracked("app/*.py", "scheduler/*.py")) == {"scheduler/triggers.py"}


def test_only_the_store_imports_sqlalchemy() -> None:
    outside = [path for path in tracked("app/*.py") if "app/store/" not in str(path)]
    assert importers("sqlalchemy", outside) == set()


def test_only_config_reads_the_environment() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for path in tracked("app/*.py", "scheduler/*.py", "config.py", "wsgi.py")
        if re.search(r"os\.(environ|getenv)", path.read_text())
    }
    assert readers == {"config.py"}


def test_lock_files_name_no_registry() -> None:
    named = [
        path.name
        for path in tracked("*.txt", "*.json")
        if re.search(r"https?://[^\"\s]*(registry|pypi)", path.read_text())
    ]
    assert named == []


def test_pages_carry_no_inline_script_or_style() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=\"|\son[a-z]+=\"", re.IGNORECASE)
    found = [str(path.relative_to(ROOT)) for path in tracked("app/*.html") if inline.search(path.read_text())]
    assert found == []


def test_every_package_version_is_pinned() -> None:
    for path in tracked("requirements*.txt", "tools/requirements*.txt"):
        lines = [line for line in path.read_text().splitlines() if line and not line.startswith(("#", "-r"))]
        assert [line for line in lines if "==" not in line] == [], path.name


def test_the_architecture_names_every_package_and_module() -> None:
    words = (ROOT / "ARCHITECTURE.md").read_text()
    files = [path.relative_to(ROOT) for path in tracked("app/*.py", "scheduler/*.py")]
    packages = {str(path.parent) for path in files} - {"app", "scheduler"}
    modules = {path.name for path in files if len(path.parts) == 2} - {"__init__.py"}
    assert sorted(name for name in packages | modules if f"`{name}`" not in words) == []


def test_documents_link_to_what_is_there() -> None:
    links = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
    broken = [
        f"{path.relative_to(ROOT)}: {link}"
        for path in tracked("*.md")
        for link in links.findall(path.read_text())
        if not (path.parent / link).exists()
    ]
    assert broken == []
