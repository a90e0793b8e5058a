"""Who is signed in: Flask-Login's user, made from our own sign-ins.

The cookie (session and remember-me alike) holds the token of a sign-in; the database can end it at
any time, everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import make_response, redirect, render_template, request, url_for
from flask_login import UserMixin, current_user
from werkzeug.wrappers import Response

from civicmap.domain.accounts.queries import Actor, find_actor
from civicmap.extensions import db, login_manager
from civicmap.foundation.locales import gettext
from civicmap.web.shared.errors import answer, wants_json
from civicmap.web.shared.forms import KEPT_SECONDS, token_is_good


class SignedInPerson(UserMixin):  # type: ignore[misc]
    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        return self.token

    @property
    def name(self) -> str:
        return self.actor.name

    @property
    def is_staff(self) -> bool:
        return bool(self.actor.grants)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_signed_in(token: str) -> SignedInPerson | None:
    actor = find_actor(db.session, token) if isinstance(token, str) else None
    return SignedInPerson(token, actor) if actor else None


@login_manager.unauthorized_handler  # type: ignore[untyped-decorator]
def ask_to_sign_in() -> Response:
    """Sign in first, then go on. What was typed into a form meanwhile is not lost: it waits in the
    sign-in form, provided that the form came from this browser."""
    if wants_json():
        return answer(401, gettext("Your sign-in has ended. Sign in again."))
    if request.method != "POST":
        return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))
    kept = list(typed_fields()) if token_is_good(max_age=KEPT_SECONDS) else []
    page = render_template(
        "auth/sign_in.html", onward=request.path, email="", error="", kept=kept, is_ended=True
    )
    response = make_response(page, 401)
    response.headers["Cache-Control"] = "no-store"
    return response


def typed_fields() -> Iterable[tuple[str, str]]:
    """Names and values of the form in this request, its token left out."""
    return ((name, text) for name, text in request.form.items(multi=True) if name != "csrf_token")


def the_actor() -> Actor:
    """Who is signed in; only for views that require it."""
    actor: Actor = current_user.actor
    return actor
