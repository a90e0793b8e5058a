"""Web extensions, unbound: `create_app` binds them."""

from __future__ import annotations

from inspect import iscoroutinefunction

from flask import request
from flask.sansio.app import App
from flask_compress import Compress
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf import CSRFProtect

from civicmap.foundation.database import ENGINE_OPTIONS
from civicmap.foundation.networks import network_of


def the_network() -> str:
    """Who sent this request, for limits; behind proxies see `CIVICMAP_TRUSTED_PROXIES`."""
    return network_of(request.remote_addr or "")


class Database(SQLAlchemy):
    """The database of the web, without asynchronous sessions.

    Flask-SQLAlchemy-Lite closes those, which we never open, in an event loop of their own with
    every request: a millisecond for nothing.
    """

    def init_app(self, app: App) -> None:
        super().init_app(app)
        app.teardown_appcontext_funcs[:] = [
            function
            for function in app.teardown_appcontext_funcs
            if not iscoroutinefunction(function)
        ]


db = Database(engine_options=ENGINE_OPTIONS)
csrf = CSRFProtect()
login_manager = LoginManager()
limiter = Limiter(the_network, strategy="moving-window", headers_enabled=True)
compress = Compress()
