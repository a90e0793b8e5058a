"""Random tokens for cookies and links. The database keeps only their hash. Pure."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, safe in a URL and a cookie."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """SHA-256 in hex: enough, since a token has more entropy than any guessing could cover."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
