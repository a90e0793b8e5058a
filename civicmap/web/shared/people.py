"""Who is signed in: Flask-Login's user, made from our own sign-ins.

The cookie (session and remember-me alike) holds the token of a sign-in; the database can end it at
any time, everywhere.
"""

from __future__ import annotations

from flask import redirect, request, url_for
from flask_login import UserMixin, current_user
from werkzeug.wrappers import Response

from civicmap.domain.accounts.queries import Actor, find_actor
from civicmap.extensions import db, login_manager


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
    return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))


def the_actor() -> Actor:
    """Who is signed in; only for views that require it."""
    actor: Actor = current_user.actor
    return actor
