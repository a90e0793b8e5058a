"""The mailbox's blueprint, and who may enter: staff of a demo city, while nothing is sent."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from civicmap.extensions import login_manager
from civicmap.foundation.errors import NotFound
from civicmap.foundation.locales import N_
from civicmap.web.shared.people import the_actor
from civicmap.web.shared.request_context import all_cities, settings

blueprint = Blueprint("mailbox", __name__, url_prefix="/staff/mailbox")


def open_city_ids() -> list[int]:
    """The demo cities whose letters the person who is signed in may read."""
    return [
        city.id
        for city in all_cities()
        if city.is_demo and the_actor().may("read_demo_mailbox", jurisdiction_id=city.id)
    ]


@blueprint.before_request
def require_demo_staff() -> AnyResponse | None:
    """Where letters are sent there is no mailbox: other people's mail is not for staff."""
    if not current_user.is_authenticated:
        answer: AnyResponse = login_manager.unauthorized()
        return answer
    if settings().mail_server is not None or not open_city_ids():
        raise NotFound(N_("There is no page at this address."))
    return None


@blueprint.after_request
def keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
