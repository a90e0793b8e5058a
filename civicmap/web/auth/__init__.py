"""Signing in and out, and setting a password by a mailed link."""

from civicmap.web.auth import (  # noqa: F401 - views register themselves on import
    passwords,
    sign_in,
)
