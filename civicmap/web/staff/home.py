"""Where staff arrive: their city's worklist, or a choice of cities."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from civicmap.domain.reports.queries.staff.worklist import count_tabs, default_tab
from civicmap.extensions import db
from civicmap.web.shared.people import the_actor
from civicmap.web.shared.request_context import all_cities
from civicmap.web.staff.blueprint import blueprint


@blueprint.get("/")
def home() -> str | Response:
    """The only city of this person, or all of theirs with what waits in each."""
    actor = the_actor()
    own = actor.city_ids()
    cities = [city for city in all_cities() if own is None or city.id in own]
    if len(cities) == 1:
        return redirect(url_for("staff.worklist", city_slug=cities[0].slug))
    rows = [
        (city, count_tabs(db.session, city, actor).get(default_tab(actor, city))) for city in cities
    ]
    return render_template("staff/home.html", rows=rows)
