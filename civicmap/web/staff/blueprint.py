"""The staff's blueprint. Nothing here is for people without an account, and nothing of a city for
people who do not work for it: the guard below stands before every view, whatever its address."""

from __future__ import annotations

from flask import Blueprint, Response, g
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from civicmap.extensions import login_manager
from civicmap.foundation.errors import NotAllowed
from civicmap.foundation.locales import N_
from civicmap.web.shared.people import the_actor

blueprint = Blueprint("staff", __name__, url_prefix="/staff")


@blueprint.before_request
def require_staff() -> AnyResponse | None:
    """Sign-in for everyone; a role in the city for whatever belongs to a city."""
    if not current_user.is_authenticated:
        answer: AnyResponse = login_manager.unauthorized()
        return answer
    if not the_actor().grants:
        raise NotAllowed(N_("Your account has no role in any city yet. Ask your administrator."))
    city = g.get("city")
    if city is not None and not the_actor().may("see_worklist", jurisdiction_id=city.id):
        raise NotAllowed(N_("You do not work for this city."))
    return None


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Internal words stay out of every cache, the browser's own included."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
