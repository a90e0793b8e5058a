"""What a report may expect before it is sent: who will have it, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from civicmap.domain.categories.queries import CategoryRow
from civicmap.domain.jurisdictions.queries import AreaRow, City
from civicmap.domain.jurisdictions.queries.calendar import load_calendar
from civicmap.domain.moderation.policies import Policy
from civicmap.domain.moderation.queries import find_policy
from civicmap.domain.reports.deadlines import set_deadlines
from civicmap.domain.routing.queries import find_route
from civicmap.foundation.locales import in_language


@dataclass(frozen=True)
class Expectation:
    """`department_names` is empty when nobody answers for it yet and triage decides. `policy`: what
    of it everybody sees before a person has looked."""

    department_names: dict[str, str]
    respond_by: datetime
    fix_by: datetime
    policy: Policy

    @property
    def department_name(self) -> str:
        return in_language(self.department_names)


def get_expectation(
    session: Session,
    *,
    city: City,
    category: CategoryRow,
    areas: Sequence[AreaRow],
    at: datetime,
    is_trusted: bool = False,
) -> Expectation:
    """What a report of `category` in `areas` (smallest first), sent at `at`, would get;
    `is_trusted`: by somebody whose contact is confirmed."""
    route = find_route(session, city.id, category=category, areas=areas)
    deadlines = set_deadlines(
        reported_at=at,
        response_days=category.response_days,
        fix_days=category.fix_days,
        calendar=load_calendar(session, city.id),
        zone=city.zone,
    )
    policy = find_policy(session, city.id, category.id, is_trusted=is_trusted)
    return Expectation(route.department_names, deadlines.respond_by, deadlines.fix_by, policy)
