"""Which department a report goes to, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category, CategoryGroup
from civicmap.domain.categories.queries import CategoryRow, list_offered_categories
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Area
from civicmap.domain.jurisdictions.queries import AreaRow
from civicmap.domain.routing.matching import Rule, Unreachable, choose, unreachable
from civicmap.domain.routing.models import RoutingRule
from civicmap.foundation.reading import InSession, Statement


@dataclass(frozen=True)
class Route:
    """`department_id` None: nobody answers for it yet, triage decides. `reason` is kept with the
    report and shown to staff: kind (rule, default, none), and what of category, group and area the
    rule named."""

    department_id: int | None
    department_code: str | None
    department_names: dict[str, str]
    reason: dict[str, Any]


@dataclass(frozen=True)
class Answering:
    """A department at work, as far as a route needs it."""

    id: int
    code: str
    names: dict[str, str]


# The departments at work that a rule names for a category within areas, and the category's own.
# Prepared, because every report asks it, and to put a query together and plan it takes longer.
_RULES_FOR = Statement(
    "rules_for",
    """
    SELECT departments.id, departments.code, departments.names,
           rules.id, rules.category_id, rules.group_id, rules.area_id
      FROM departments
      LEFT JOIN routing_rules AS rules
        ON rules.department_id = departments.id
       AND rules.jurisdiction_id = :jurisdiction_id::bigint
       AND (rules.category_id = :category_id::bigint OR rules.group_id = :group_id::bigint
            OR rules.category_id IS NULL AND rules.group_id IS NULL)
       AND (rules.area_id IS NULL OR rules.area_id = ANY (:areas::bigint[]))
     WHERE departments.jurisdiction_id = :jurisdiction_id::bigint
       AND departments.retired_at IS NULL
       AND (rules.id IS NOT NULL OR departments.code = :default::text)
    """,
)

# Slivers between districts drawn by different hands are no places a report comes from.
_SMALLEST_PLACE_M2 = 1_000


@dataclass(frozen=True)
class RuleRow:
    """A rule as people read it. `is_idle`: its department is retired, so it is not asked."""

    rule: Rule
    category_names: dict[str, str]
    group_names: dict[str, str]
    area_name: str
    department_names: dict[str, str]
    is_idle: bool


def find_route(
    session: Session, jurisdiction_id: int, *, category: CategoryRow, areas: Sequence[AreaRow]
) -> Route:
    """The route of a category at a point covered by `areas` (smallest first)."""
    departments: dict[str, Answering] = {}
    rules = []
    slugs = {area.id: area.slug for area in areas}
    found = InSession(session).rows(
        _RULES_FOR,
        {
            "jurisdiction_id": jurisdiction_id,
            "category_id": category.id,
            "group_id": category.group_id,
            "areas": list(slugs),
            "default": category.default_department,
        },
    )
    for department_id, code, names, rule_id, category_id, group_id, area_id in found:
        departments[code] = Answering(department_id, code, names)
        if rule_id is not None:
            rules.append(
                Rule(
                    id=rule_id,
                    department=code,
                    category=category.key if category_id else None,
                    group=category.group_key if group_id else None,
                    area=slugs[area_id] if area_id else None,
                )
            )
    return Router(tuple(rules), departments).find(category, areas)


@dataclass(frozen=True)
class Router:
    """Everything that decides routes in a city, loaded once to route many reports."""

    rules: tuple[Rule, ...]
    departments: dict[str, Answering]

    def find(self, category: CategoryRow, areas: Sequence[AreaRow]) -> Route:
        """The route of a category at a point covered by `areas` (smallest first)."""
        default = category.default_department
        choice = choose(
            self.rules,
            category=category.key,
            group=category.group_key,
            areas=[area.slug for area in areas],
            default=default if default in self.departments else None,
        )
        named = choice.rule.area if choice.rule else None
        reason = choice.reason(
            category=category.key,
            area_name=next((area.name for area in areas if area.slug == named), None),
        )
        if choice.department is None:
            return Route(None, None, {}, reason)
        return _route(self.departments[choice.department], reason)


def load_router(session: Session, jurisdiction_id: int) -> Router:
    """The rules of a city and its departments at work."""
    departments = session.execute(
        select(Department.id, Department.code, Department.names).where(
            Department.jurisdiction_id == jurisdiction_id, Department.retired_at.is_(None)
        )
    )
    rules = [row.rule for row in list_rules(session, jurisdiction_id) if not row.is_idle]
    return Router(tuple(rules), {row.code: Answering(*row) for row in departments})


def list_rules(session: Session, jurisdiction_id: int) -> list[RuleRow]:
    """Every rule of a city, the most specific subject first."""
    rows = session.execute(
        select(RoutingRule, Category, CategoryGroup, Area, Department)
        .join(Department, Department.id == RoutingRule.department_id)
        .outerjoin(Category, Category.id == RoutingRule.category_id)
        .outerjoin(CategoryGroup, CategoryGroup.id == RoutingRule.group_id)
        .outerjoin(Area, Area.id == RoutingRule.area_id)
        .where(RoutingRule.jurisdiction_id == jurisdiction_id)
        .order_by(
            Category.key.nulls_last(),
            CategoryGroup.key.nulls_last(),
            Area.name.nulls_last(),
            RoutingRule.id,
        )
    )
    return [
        RuleRow(
            rule=Rule(
                id=rule.id,
                department=department.code,
                category=category.key if category else None,
                group=group.key if group else None,
                area=area.slug if area else None,
            ),
            category_names=category.names if category else {},
            group_names=group.names if group else {},
            area_name=area.name if area else "",
            department_names=department.names,
            is_idle=department.retired_at is not None,
        )
        for rule, category, group, area, department in rows
    ]


def list_matching_rules(
    session: Session, jurisdiction_id: int, *, category: CategoryRow, areas: Sequence[AreaRow]
) -> list[RuleRow]:
    """The rules that speak of a category at a point covered by `areas`; the first one wins."""
    slugs = [area.slug for area in areas]
    matching = [
        row
        for row in list_rules(session, jurisdiction_id)
        if not row.is_idle and row.rule.matches(category.key, category.group_key, slugs)
    ]
    return sorted(matching, key=lambda row: row.rule.rank(slugs))


def list_unreachable_rules(session: Session, jurisdiction_id: int) -> list[Unreachable]:
    """The rules that can never win (see `matching.unreachable`); idle rules are not among them."""
    categories = list_offered_categories(session, jurisdiction_id)
    return unreachable(
        [row.rule for row in list_rules(session, jurisdiction_id) if not row.is_idle],
        categories={category.key: category.group_key for category in categories},
        places=list_places(session, jurisdiction_id),
    )


def list_places(session: Session, jurisdiction_id: int) -> list[tuple[str, ...]]:
    """The combinations of areas (slugs, smallest first) that points of the city lie in.

    The borders of all areas cut the city into faces; every face lies in the same areas throughout.
    The empty combination is there when part of the city is in no area.
    """
    rows = session.execute(
        text("""
            WITH city AS (SELECT boundary FROM jurisdictions WHERE id = :jurisdiction_id),
            borders AS (
                SELECT ST_Union(ST_Boundary(boundary)) AS lines FROM (
                    SELECT boundary FROM areas WHERE jurisdiction_id = :jurisdiction_id
                    UNION ALL SELECT boundary FROM city
                ) AS shapes
            ),
            faces AS (SELECT (ST_Dump(ST_Polygonize(lines))).geom AS face FROM borders),
            points AS (
                SELECT row_number() OVER () AS face, ST_PointOnSurface(face) AS point
                FROM faces WHERE ST_Area(geography(face)) >= :smallest
            ),
            places AS (
                SELECT points.face,
                       array_agg(areas.slug ORDER BY areas.square_metres, areas.id)
                           FILTER (WHERE areas.id IS NOT NULL) AS slugs
                FROM points JOIN city ON ST_Covers(city.boundary, points.point)
                LEFT JOIN areas ON areas.jurisdiction_id = :jurisdiction_id
                    AND ST_Covers(areas.boundary, points.point)
                GROUP BY points.face
            )
            SELECT DISTINCT coalesce(slugs, '{}') FROM places ORDER BY 1
        """),
        {"jurisdiction_id": jurisdiction_id, "smallest": _SMALLEST_PLACE_M2},
    )
    return [tuple(slugs) for (slugs,) in rows]


def _route(department: Answering, reason: dict[str, Any]) -> Route:
    return Route(department.id, department.code, department.names, reason)
