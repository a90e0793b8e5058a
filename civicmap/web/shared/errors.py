"""Error pages: a sentence in the person's language, one thing to do, a reference; never a trace."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from civicmap.extensions import db
from civicmap.foundation import errors
from civicmap.foundation.database import DATABASE_AWAY
from civicmap.foundation.locales import gettext

log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., object])

STATUS_CODES: dict[type[errors.CivicmapError], int] = {
    errors.InvalidInput: 400,
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.Conflict: 409,
    errors.TooMany: 429,
}
RETRY_AFTER_SECONDS = 5
PASSWORD_FIELDS = {"password", "repeated"}


def register(app: Flask) -> None:
    app.register_error_handler(errors.CivicmapError, answer_own)
    app.register_error_handler(CSRFError, answer_expired_form)
    app.register_error_handler(HTTPException, answer_http)
    for away in DATABASE_AWAY:
        app.register_error_handler(away, answer_database_away)
    app.register_error_handler(Exception, answer_unexpected)


def status_code_of(error: errors.CivicmapError) -> int:
    for kind, status_code in STATUS_CODES.items():
        if isinstance(error, kind):
            return status_code
    return 400


def answer_own(error: errors.CivicmapError) -> Response:
    return answer(status_code_of(error), str(error))


def answer_expired_form(error: CSRFError) -> Response:
    sentence = gettext("This form has expired. Go back, reload the page and send it again.")
    if wants_json():
        # A script takes a fresh token (`public.form_token`) and asks again.
        answered = jsonify({"error": sentence, "expired": True})
        answered.headers["Cache-Control"] = "no-store"
        return make_response(answered, 400)
    return answer(400, sentence)


def answer_http(error: HTTPException) -> Response:
    sentences = {
        400: gettext("The request could not be understood."),
        404: gettext("There is no page at this address."),
        405: gettext("There is no page at this address."),
        413: gettext("What you sent is too large. Send fewer or smaller photos."),
        415: gettext("The request could not be understood."),
        429: gettext("Too many requests from your network. Wait a while and try again."),
    }
    status_code = error.code or 500
    if error.response is not None or status_code < 400:
        return make_response(error.get_response())
    sentence = sentences.get(status_code, gettext("Something went wrong on our side."))
    response = answer(status_code, sentence, retry=status_code == 429)
    for name, value in error.get_response().headers:
        if name in {"Retry-After", "Allow"}:
            response.headers[name] = value
    return response


def answer_database_away(error: Exception) -> Response:
    reference = _reference()
    # A statement that was ended for its length is told by its name, QueryCanceled.
    cause = getattr(error, "orig", None) or error
    log.error("no answer from the database, reference %s: %s", reference, type(cause).__name__)
    db.session.invalidate()
    response = answer(
        503,
        gettext("civicmap is catching its breath and will be back in a moment."),
        reference=reference,
        retry=True,
    )
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def answer_unexpected(error: Exception) -> Response:
    reference = _reference()
    log.error("unexpected, reference %s", reference, exc_info=error)
    return answer(500, gettext("Something went wrong on our side."), reference=reference)


def answer(
    status_code: int, sentence: str, *, reference: str | None = None, retry: bool = False
) -> Response:
    """The error as a page, or as JSON for a script that asked for it."""
    if wants_json():
        body: dict[str, Any] = {"error": sentence}
        if reference:
            body["reference"] = reference
        response = jsonify(body)
    else:
        g.setdefault("city", None)
        again = fields_to_send_again() if retry else None
        try:
            page = render_template(
                "shared/error.html",
                status_code=status_code,
                sentence=sentence,
                reference=reference,
                retry=retry,
                again=again,
            )
        except DATABASE_AWAY:
            # The header asks who is signed in; with the database away, the sentence alone will do.
            page = render_template(
                "shared/plain_error.html", sentence=sentence, reference=reference, again=again
            )
        response = make_response(page)
    response.status_code = status_code
    response.headers["Cache-Control"] = "no-store"
    return response


def fields_to_send_again() -> list[tuple[str, str]] | None:
    """What was typed into a form that met an error which will pass: the page carries it, so that a
    press sends it once more. None without a form, or with a password, which no page repeats."""
    if request.method != "POST":
        return None
    try:
        fields = list(request.form.items(multi=True))
    except HTTPException:
        return None
    return None if PASSWORD_FIELDS & {name for name, _ in fields} else fields


def answers_json(view: View) -> View:
    """Mark a view that speaks JSON only: its errors are JSON too, whatever was asked for."""
    view.answers_json = True  # type: ignore[attr-defined]
    return view


def wants_json() -> bool:
    """Whether the answer goes to a script: it asked for JSON, or the view gives nothing else."""
    view = current_app.view_functions.get(request.endpoint or "")
    offered = ["text/html", "application/json"]
    return (
        getattr(view, "answers_json", False)
        or request.accept_mimetypes.best_match(offered) == "application/json"
    )


def _reference() -> str:
    return secrets.token_hex(4).upper()
