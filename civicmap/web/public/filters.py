"""The address of a view of the map: which reports, and where the map looks.

The same names serve the page, its list and its tiles, so that a view can be shared by its address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from werkzeug.datastructures import MultiDict

from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.queries.public.words import LONGEST_TEXT
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import FINEST_LEVEL, ground_of, parse_box
from civicmap.foundation.locales import N_
from civicmap.web.shared.forms import read_key

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def read_filters(arguments: MultiDict[str, str]) -> Filters:
    """The filters of an address; what makes no sense is left out. Raises InvalidInput on a bad
    `bbox` ("west,south,east,north", degrees) or `zoom`, on days that are none, and on a NUL."""
    if any("\x00" in value for value in arguments.values()):
        raise InvalidInput(N_("The request could not be understood."))
    asked = set(arguments.getlist("status"))
    category = read_key(arguments.get("category"))
    filters = Filters(
        statuses=tuple(status for status in STATUSES if status in asked),
        category=category,
        # A category says more: in its own group, another one would leave nothing.
        group="" if category else read_key(arguments.get("group")),
        area=read_key(arguments.get("area")),
        department=read_key(arguments.get("department")),
        since=read_day(arguments.get("since", ""), "since"),
        until=read_day(arguments.get("until", ""), "until"),
        text=" ".join(arguments.get("q", "").split())[:LONGEST_TEXT],
    )
    if filters.since and filters.until and filters.since > filters.until:
        raise InvalidInput(N_("The first day is after the last one."), field="since")
    box = arguments.get("bbox")
    zoom = _read_zoom(arguments.get("zoom"))
    return replace(filters, ground=ground_of(parse_box(box), zoom)) if box else filters


def _read_zoom(text: str | None) -> int | None:
    """The zoom of the map, 0..30. Raises InvalidInput."""
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,2}", text, re.ASCII) or int(text) > FINEST_LEVEL:
        raise InvalidInput(
            N_("The zoom of the map must be a whole number between 0 and 30."), field="zoom"
        )
    return int(text)


def read_day(text: str, field: str) -> date | None:
    """A day as browsers write it, 2026-05-31; None for nothing. Raises InvalidInput."""
    if not text:
        return None
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            N_("“%(given)s” is not a day. Write it like 2026-05-31."), field=field, given=text[:20]
        ) from None


def write_filters(filters: Filters, **changes: object) -> Mapping[str, object]:
    """The arguments for `url_for` of the same view with some filters changed ("" takes one off)."""
    values: dict[str, object] = {
        "status": list(filters.statuses),
        "category": filters.category,
        "group": filters.group,
        "area": filters.area,
        "department": filters.department,
        "since": filters.since.isoformat() if filters.since else "",
        "until": filters.until.isoformat() if filters.until else "",
        "q": filters.text,
        **changes,
    }
    return {name: value for name, value in values.items() if value}
