"""Which department a report goes to, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from civicmap.domain.categories.queries import CategoryRow
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.queries import AreaRow
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
    area_ids = [area.id for area in areas]
    rule = session.execute(
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
            or_(RoutingRule.area_id.is_(None), RoutingRule.area_id.in_(area_ids)),
        )
        .order_by(
            RoutingRule.category_id.is_(None),
            RoutingRule.group_id.is_(None),
            RoutingRule.area_id.is_(None),
            func.array_position(area_ids, RoutingRule.area_id) if area_ids else RoutingRule.id,
        )
        .limit(1)
    ).first()
    if rule:
        found: RoutingRule = rule.RoutingRule
        area = next((area for area in areas if area.id == found.area_id), None)
        reason = {
            "kind": "rule",
            "category": category.key if found.category_id else None,
            "group": category.group_key if found.group_id else None,
            "area": area.name if area else None,
            "department": rule.Department.code,
        }
        return _route(rule.Department, reason)
    default = session.scalar(
        select(Department).where(
            Department.jurisdiction_id == jurisdiction_id,
            Department.code == category.default_department,
            Department.retired_at.is_(None),
        )
    )
    if default:
        return _route(
            default, {"kind": "default", "category": category.key, "department": default.code}
        )
    return Route(None, None, {}, {"kind": "none", "category": category.key})


def _route(department: Department, reason: dict[str, Any]) -> Route:
    return Route(department.id, department.code, department.names, reason)
