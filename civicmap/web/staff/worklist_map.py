"""The worklist as a map: the same reports under the same filters, held ones included."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, render_template, request, url_for

from civicmap.domain.publicmap.tiles.worklist import read_worklist_tile
from civicmap.extensions import db
from civicmap.web.shared.errors import answers_json
from civicmap.web.shared.map_ground import read_ground
from civicmap.web.shared.people import the_actor
from civicmap.web.shared.request_context import the_city
from civicmap.web.staff.blueprint import blueprint
from civicmap.web.staff.filters import read_worklist_filters, write_worklist_filters
from civicmap.web.staff.worklist import worklist_frame


@blueprint.get("/<city_slug>/map")
def worklist_map(city_slug: str) -> str:
    """The map page; its script asks for tiles under the same filters."""
    city, actor = the_city(), the_actor()
    filters = replace(read_worklist_filters(request.args, city, actor), ground=None)
    tile = url_for("staff.tile", city_slug=city_slug, z="Z", x="X", y="Y")
    return render_template(
        "staff/worklist_map.html",
        tiles_url=tile.replace("Z/X/Y", "{z}/{x}/{y}"),
        tile_filters=dict(write_worklist_filters(filters)),
        **worklist_frame(city, actor, filters),
    )


@blueprint.get("/<city_slug>/tiles/<z>/<x>/<y>")
@answers_json
def tile(city_slug: str, z: str, x: str, y: str) -> Response:
    """What lies in a tile, in the form of the public ones; 204 when nothing."""
    city, actor = the_city(), the_actor()
    filters = read_worklist_filters(request.args, city, actor)
    body = read_worklist_tile(db.session, city, actor, ground=read_ground(z, x, y), filters=filters)
    return Response(body, mimetype="application/json") if body else Response(status=204)
