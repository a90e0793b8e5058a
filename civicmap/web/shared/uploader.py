"""Whose an unsent photo is: the browser's that sent it up, and nobody else sees it."""

from __future__ import annotations

import secrets

from flask import session

from civicmap.domain.accounts.tokens import hash_token
from civicmap.web.shared.device import device_token, ensure_device_token

_KEPT_AS = "uploader"


def uploader_mark() -> str:
    """What an upload of this browser is marked with. A browser without a token of its own gets one;
    a kiosk, which keeps none, is known for as long as its session lasts."""
    token = ensure_device_token() or session.setdefault(_KEPT_AS, secrets.token_urlsafe(24))
    return hash_token(token)


def uploader_marks() -> list[str]:
    """The marks of the uploads that this browser may see."""
    tokens = (device_token(), session.get(_KEPT_AS, ""))
    return [hash_token(token) for token in tokens if token]
