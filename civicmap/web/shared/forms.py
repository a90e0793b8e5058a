"""Reading forms: forged ones refused, expired ones given back filled, machine-made fields checked.

Every POST is checked for its CSRF token before its view runs, unless the view is marked
`keeps_draft`: then the view asks `token_is_good()` itself and shows the form again, filled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFError, validate_csrf
from wtforms import ValidationError

from civicmap.extensions import csrf

View = TypeVar("View", bound=Callable[..., object])

# A form that lay open over a long weekend was still written in this browser.
KEPT_SECONDS = 7 * 24 * 3600
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


# A form of words alone is read into memory whole; with files it is read in parts, each limited.
LARGEST_TEXT_FORM = 1_000_000


def register(app: Flask) -> None:
    app.before_request(limit_text_forms)
    app.before_request(check_token)


def limit_text_forms() -> None:
    """Only a form with files may be as large as its files; reading a larger one raises 413."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = LARGEST_TEXT_FORM


def keeps_draft(view: View) -> View:
    """Mark a view that checks the token itself, so as not to lose what was typed."""
    view.keeps_draft = True  # type: ignore[attr-defined]
    return view


def check_token() -> None:
    """Raises CSRFError (400) for a POST without a good token."""
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    view = current_app.view_functions[request.endpoint]
    if not getattr(view, "keeps_draft", False):
        csrf.protect()


def token_is_good(*, max_age: int | None = None) -> bool:
    """Whether the form's token belongs to this browser and is not too old.

    `max_age` in seconds; None takes the setting's.
    """
    token = request.form.get("csrf_token") or request.headers.get("X-CSRFToken")
    try:
        validate_csrf(token, time_limit=max_age)
    except (ValidationError, CSRFError):
        return False
    return True


def read_key(text: str | None) -> str:
    """A machine-made value (a key, a slug, a token) or nothing: never what a person typed."""
    return text if text and _KEY.fullmatch(text) else ""


def read_id(text: str | None) -> int:
    """The id of a row in a form; 0, which no row has, if it was tampered with."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else 0


def read_version(text: str | None) -> int:
    """The version of a report in a form; 0, which no report has, if it was tampered with."""
    return read_id(text)
