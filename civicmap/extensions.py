"""Web extensions, unbound: `create_app` binds them."""

from __future__ import annotations

from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf import CSRFProtect

from civicmap.foundation.database import ENGINE_OPTIONS

db = SQLAlchemy(engine_options=ENGINE_OPTIONS)
csrf = CSRFProtect()
login_manager = LoginManager()
limiter = Limiter(get_remote_address, strategy="moving-window", headers_enabled=True)
compress = Compress()
