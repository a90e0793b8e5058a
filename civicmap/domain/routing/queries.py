"""Which department a report goes to, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from civicmap.domain.categories.queries import CategoryRow
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.queries import AreaRow
from civicmap.domain.routing.matching import Rule, choose
from civicmap.domain.routing.models import RoutingRule


@dataclass(frozen=True)
class Route:
    """`department_id` None: nobody answers for it yet, triage decides. `reason` is kept with the
    report and shown to staff: kind (rule, default, none), and what of category, group and area the
    rule named."""

    department_id: int | None
    department_code: str | None
    department_names: dict[str, str]
    reason: dict[str, Any]


def find_route(
    session: Session, jurisdiction_id: int, *, category: CategoryRow, areas: Sequence[AreaRow]
) -> Route:
    """The route of a category at a point covered by `areas` (smallest first)."""
    rules = session.execute(
        select(RoutingRule, Department)
        .join(Department, Department.id == RoutingRule.department_id)
        .where(
            RoutingRule.jurisdiction_id == jurisdiction_id,
            Department.retired_at.is_(None),
            or_(
                RoutingRule.category_id == category.id,
                RoutingRule.group_id == category.group_id,
                and_(RoutingRule.category_id.is_(None), RoutingRule.group_id.is_(None)),
            ),
            or_(
                RoutingRule.area_id.is_(None),
                RoutingRule.area_id.in_([area.id for area in areas]),
            ),
        )
    ).all()
    slugs = {area.id: area.slug for area in areas}
    departments = {department.code: department for _, department in rules}
    matching = [
        Rule(
            id=rule.id,
            department=department.code,
            category=category.key if rule.category_id else None,
            group=category.group_key if rule.group_id else None,
            area=slugs[rule.area_id] if rule.area_id else None,
        )
        for rule, department in rules
    ]
    if not matching:
        default = _find_default(session, jurisdiction_id, category)
        departments = {default.code: default} if default else {}
    choice = choose(
        matching,
        category=category.key,
        group=category.group_key,
        areas=list(slugs.values()),
        default=next(iter(departments), None),
    )
    named = choice.rule.area if choice.rule else None
    reason = choice.reason(
        category=category.key,
        area_name=next((area.name for area in areas if area.slug == named), None),
    )
    if choice.department is None:
        return Route(None, None, {}, reason)
    return _route(departments[choice.department], reason)


def _find_default(
    session: Session, jurisdiction_id: int, category: CategoryRow
) -> Department | None:
    """The category's own department, if this city has one of that code at work."""
    return session.scalar(
        select(Department).where(
            Department.jurisdiction_id == jurisdiction_id,
            Department.code == category.default_department,
            Department.retired_at.is_(None),
        )
    )


def _route(department: Department, reason: dict[str, Any]) -> Route:
    return Route(department.id, department.code, department.names, reason)
