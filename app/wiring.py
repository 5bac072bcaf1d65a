"""The composition root: the only place that picks concrete engines. Tests pass fakes."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import auth, board, cli, geocoding, nurse, push, records
from app.demo import cli as demo_cli
from app.exchange import cli as exchange_cli
from app.geocoding import Geocoder
from app.push import Pusher
from app.store.engine import Database
from app.web import (
    access,
    assets,
    base_map,
    context,
    errors,
    logs,
    nav,
    pages,
    security,
    sessions,
    theme,
    times,
)
from app.web.converters import DateConverter
from config import Settings

SLICES = (auth, board, nurse, records)


def create_app(
    settings: Settings,
    *,
    database: Database | None = None,
    geocoder: Geocoder | None = None,
    pusher: Pusher | None = None,
) -> Flask:
    """The web service. Opens no connection, so it is cheap, and safe to build before a server forks.

    Raises SettingsError for settings that cannot be.
    """
    app = Flask("app.web", static_url_path="/static")
    app.url_map.converters["date"] = DateConverter
    database = database or Database(settings.database_url)
    chosen = context.Services(
        settings=settings,
        database=database,
        geocoder=geocoder or geocoding.from_settings(settings),
        pusher=pusher or push.from_settings(settings, database),
    )
    context.install(app, chosen)
    _install_web(app, settings)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(base_map.blueprint)
    for part in SLICES:
        app.register_blueprint(part.blueprint)
    cli.register(app)
    demo_cli.register(app)
    exchange_cli.register(app)
    return app


def _install_web(app: Flask, settings: Settings) -> None:
    # In this order: a request gets its id first, then the right to its page, then its CSRF check.
    security.configure(app, settings)
    logs.install(app)
    sessions.install(app)
    access.install(app)
    security.install(app, settings)
    assets.install(app)
    errors.install(app)
    times.install(app)
    nav.install(app)
    theme.install(app)
    base_map.install(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
