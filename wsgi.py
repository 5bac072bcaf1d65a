"""What gunicorn and the flask command load."""

from __future__ import annotations

import sys

from app.web import logs
from app.wiring import create_app
from config import Settings, SettingsError

try:
    settings = Settings.from_env()
    logs.configure(settings.log_level)
    app = create_app(settings)
except SettingsError as error:
    sys.exit(f"Rounds cannot start. {error}")
