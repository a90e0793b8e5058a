"""Saying how many people live in the districts of a city."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.actions.revision import touch_city
from civicmap.domain.jurisdictions.models import Area
from civicmap.domain.jurisdictions.population import PopulationRow
from civicmap.foundation.file_faults import Fault, FileFaults
from civicmap.foundation.locales import N_, gettext
from civicmap.foundation.plain_text import quotable


@dataclass(frozen=True)
class PopulationOutcome:
    """What a table of populations has done: how many districts have another number now, how many
    the same, and the names of those that it does not speak of."""

    changed: int
    unchanged: int
    not_named: list[str]


def set_populations(
    session: Session, *, jurisdiction_id: int, rows: Sequence[PopulationRow]
) -> PopulationOutcome:
    """Say how many people live in districts, each called by its slug or its name in any language.

    All or nothing: raises FileFaults naming every row whose district is not found, or that
    speaks of one that had been spoken of already. Districts without a row keep what they have.
    """
    areas = session.scalars(select(Area).where(Area.jurisdiction_id == jurisdiction_id)).all()
    by_name: dict[str, Area] = {}
    for area in areas:
        for name in (area.name, *area.names.values()):
            by_name.setdefault(name.casefold(), area)
    by_name |= {area.slug: area for area in areas}  # what is exact wins
    faults: list[Fault] = []
    spoken_of: dict[int, PopulationRow] = {}
    for row in rows:
        found = by_name.get(unicodedata.normalize("NFC", row.district).casefold())
        if found is None:
            said = gettext(N_("there is no district “%(name)s” in this city."))
            faults.append(Fault(row.line, said % {"name": quotable(row.district, 60)}))
        elif found.id in spoken_of:
            said = gettext(N_("%(name)s stands in line %(line)s already."))
            before = spoken_of[found.id].line
            faults.append(Fault(row.line, said % {"name": found.name, "line": before}))
        else:
            spoken_of[found.id] = row
    if faults:
        raise FileFaults(faults)
    changed = [
        area
        for area in areas
        if area.id in spoken_of and area.population != spoken_of[area.id].residents
    ]
    for area in changed:
        area.population = spoken_of[area.id].residents
    session.flush()
    if changed:
        touch_city(session, jurisdiction_id=jurisdiction_id)
    return PopulationOutcome(
        changed=len(changed),
        unchanged=len(spoken_of) - len(changed),
        not_named=sorted(area.name for area in areas if area.id not in spoken_of),
    )
