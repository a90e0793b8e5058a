"""civicmap: residents pin a problem on a map, the right department answers, everyone sees it."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from civicmap import cli, web
from civicmap.config import CHECKOUT, Settings, read_secret, read_settings
from civicmap.domain.media.jobs import PHOTO_STORAGE, PHOTO_UPLOADS
from civicmap.domain.media.uploads import Uploads
from civicmap.domain.notifications.mailing import MAILING, Mailing
from civicmap.domain.notifications.texting import TEXTING
from civicmap.domain.publicmap.tiles.answer import Tiles
from civicmap.extensions import compress, csrf, db, limiter, login_manager
from civicmap.foundation import events, jobs
from civicmap.foundation.database import psycopg2_url
from civicmap.foundation.geocoders import make_geocoder
from civicmap.foundation.logs import set_up_logging
from civicmap.foundation.reading import Readings
from civicmap.foundation.storage import FileStorage
from civicmap.reactions import REACTIONS
from civicmap.schedule import SCHEDULE
from civicmap.web.public.quick_tiles import QuickTiles
from civicmap.web.public.ready_tiles import ReadyTiles
from civicmap.web.public.tile_answers import READY_TILES, TILES
from civicmap.web.public.view import READING
from civicmap.web.shared import assets
from civicmap.web.shared.bare import Application
from civicmap.web.shared.kiosk import REMEMBER_COOKIE


def create_app(settings: Settings | None = None) -> Flask:
    """The application: settings, then extensions, then doors (pages and commands)."""
    settings = settings or read_settings()
    set_up_logging(settings.log_level)
    app = Application(
        __name__,
        static_folder=None,
        template_folder=str(CHECKOUT / "templates"),
    )
    app.config.update(flask_configuration(settings))
    app.extensions["civicmap"] = settings
    app.extensions["photo_storage"] = storage = FileStorage(settings.state_folder / "photos")
    app.extensions["photo_uploads"] = uploads = Uploads(settings.state_folder / "uploads")

    app.extensions[READING] = readings = Readings(settings.database_url)
    app.extensions[TILES] = Tiles(readings)
    app.extensions[READY_TILES] = ReadyTiles()
    app.extensions["geocoder"] = make_geocoder(
        settings.geocoder_address, user_agent=settings.user_agent
    )
    for extension in (db, csrf, limiter, login_manager, compress):
        extension.init_app(app)
    with app.app_context():
        jobs.SESSIONS.bind(db.sessionmaker)
    PHOTO_STORAGE.bind(storage)
    PHOTO_UPLOADS.bind(uploads)
    TEXTING.bind(settings.sms_gateway)
    MAILING.bind(Mailing(settings.base_url, settings.mail_from, settings.mail_server))
    events.bind_reactions(REACTIONS)
    jobs.schedule(SCHEDULE)

    web.register(app)
    cli.register(app)

    assets.register(app, settings.state_folder)
    if settings.proxy_count:
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.wsgi_app = QuickTiles(app, app.wsgi_app)  # type: ignore[method-assign]
    return app


def flask_configuration(settings: Settings) -> dict[str, object]:
    """What Flask and its extensions read from `app.config`."""
    return {
        "SECRET_KEY": read_secret(settings),
        "SQLALCHEMY_ENGINES": {"default": psycopg2_url(settings.database_url)},
        "SESSION_COOKIE_NAME": "civicmap",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "REMEMBER_COOKIE_NAME": REMEMBER_COOKIE,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings.is_https,
        "REMEMBER_COOKIE_DURATION": timedelta(days=30),
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        # web/shared/forms.py checks, so that a form with an old token comes back filled.
        "WTF_CSRF_CHECK_DEFAULT": False,
        "MAX_CONTENT_LENGTH": settings.photo_count * settings.photo_bytes + 1_000_000,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "MAX_FORM_PARTS": 200,
        "RATELIMIT_STORAGE_URI": settings.limiter_storage,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 4,
        "COMPRESS_MIN_SIZE": 1000,
        "COMPRESS_MIMETYPES": [
            "text/html",
            "text/css",
            "text/javascript",
            "application/json",
            "application/geo+json",
            "image/svg+xml",
        ],
        "TEMPLATES_AUTO_RELOAD": False,
    }
