"""Web extensions, unbound: `create_app` binds them."""

from __future__ import annotations

from flask import request
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


db = SQLAlchemy(engine_options=ENGINE_OPTIONS)
csrf = CSRFProtect()
login_manager = LoginManager()
limiter = Limiter(the_network, strategy="moving-window", headers_enabled=True)
compress = Compress()
