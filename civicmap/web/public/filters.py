"""The address of a view of the map: which reports, and where the map looks.

The same names serve the page, its list and its tiles, so that a view can be shared by its address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from werkzeug.datastructures import MultiDict

from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.geo import parse_box
from civicmap.web.shared.forms import read_key


def read_filters(arguments: MultiDict[str, str]) -> Filters:
    """The filters of an address; what makes no sense is left out. Raises InvalidInput on a bad
    `bbox` ("west,south,east,north", degrees)."""
    asked = set(arguments.getlist("status"))
    filters = Filters(
        statuses=tuple(status for status in STATUSES if status in asked),
        category=read_key(arguments.get("category")),
        group=read_key(arguments.get("group")),
        area=read_key(arguments.get("area")),
        department=read_key(arguments.get("department")),
    )
    box = arguments.get("bbox")
    return replace(filters, box=parse_box(box)) if box else filters


def write_filters(filters: Filters, **changes: object) -> Mapping[str, object]:
    """The arguments for `url_for` of the same view with some filters changed ("" takes one off)."""
    values: dict[str, object] = {
        "status": list(filters.statuses),
        "category": filters.category,
        "group": filters.group,
        "area": filters.area,
        "department": filters.department,
        **changes,
    }
    return {name: value for name, value in values.items() if value}
