"""The address of a view of the worklist. List and map read the same names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from civicmap.domain.accounts.queries import Actor
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.numbers import ALPHABET, read_number
from civicmap.domain.reports.queries.staff.worklist import (
    CHECK,
    DUE,
    SORTS,
    TABS,
    WorklistFilters,
    default_tab,
)
from civicmap.domain.reports.workflow import CLOSED, STATUSES, WAITING
from civicmap.foundation.geo import Box, ground_of, parse_box
from civicmap.foundation.locales import N_
from civicmap.web.shared.forms import read_key

WAITING_CHOICE = "waiting"
STATUS_CHOICES: dict[str, tuple[str, ...]] = {
    WAITING_CHOICE: WAITING,
    **{status: (status,) for status in STATUSES},
    "closed": CLOSED,
    "any": (),
}
STATUS_CHOICE_NAMES = {
    WAITING_CHOICE: N_("Open or in progress"),
    "open": N_("Open"),
    "in_progress": N_("In progress"),
    "fixed": N_("Fixed"),
    "wont_fix": N_("Won't fix"),
    "closed": N_("Fixed or won't fix"),
    "any": N_("Every status"),
}
_BEGINNING = re.compile(rf"[{ALPHABET}]{{1,6}}")


def read_worklist_filters(
    arguments: MultiDict[str, str], city: City, actor: Actor
) -> WorklistFilters:
    """The filters of an address; what makes no sense is left out. Raises InvalidInput on a bad
    `bbox` ("west,south,east,north", degrees)."""
    box = arguments.get("bbox")
    tab, sort = arguments.get("tab", ""), arguments.get("sort", "")
    status = arguments.get("status", "")
    return WorklistFilters(
        tab=tab if tab in TABS else default_tab(actor, city),
        statuses=STATUS_CHOICES.get(status, STATUS_CHOICES[_usual_choice(tab)]),
        department=read_key(arguments.get("department")),
        category=read_key(arguments.get("category")),
        area=read_key(arguments.get("area")),
        overdue=arguments.get("overdue") == "yes",
        sort=sort if sort in SORTS else DUE,
        number=read_beginning(arguments.get("number", ""), city),
        ground=ground_of(parse_box(box)) if box else None,
    )


def write_worklist_filters(filters: WorklistFilters, **changes: str) -> Mapping[str, str]:
    """The arguments for `url_for` of the same view with some filters changed; a tab's usual choice
    of statuses is followed by that of another tab."""
    chosen = status_choice(filters)
    values = {
        "tab": filters.tab,
        "status": "" if chosen == _usual_choice(filters.tab) else chosen,
        "department": filters.department,
        "category": filters.category,
        "area": filters.area,
        "overdue": "yes" if filters.overdue else "",
        "sort": filters.sort,
        "bbox": _write_box(filters.ground.box) if filters.ground else "",
        **changes,
    }
    plain = {"sort": DUE}
    return {name: text for name, text in values.items() if text and text != plain.get(name)}


def _write_box(box: Box) -> str:
    return f"{box.west},{box.south},{box.east},{box.north}"


def _usual_choice(tab: str) -> str:
    """What waits for a look does so whatever became of the problem meanwhile."""
    return "any" if tab == CHECK else WAITING_CHOICE


def status_choice(filters: WorklistFilters) -> str:
    """The name in the address of what statuses are asked for."""
    return next(name for name, chosen in STATUS_CHOICES.items() if chosen == filters.statuses)


def read_beginning(typed: str, city: City) -> str:
    """The beginning of a report number of this city, from what was typed or heard over the phone:
    "po 7k4" and "7K4" are "PO-7K4". Empty for what begins no number."""
    whole = read_number(typed)
    if whole:
        return whole
    plain = re.sub(r"[\s\u2010-\u2015-]+", "", typed[:40].upper())
    plain = plain.removeprefix(city.number_prefix)
    if not _BEGINNING.fullmatch(plain):
        return ""
    return f"{city.number_prefix}-{plain[:4]}" + (f"-{plain[4:]}" if len(plain) > 4 else "")
