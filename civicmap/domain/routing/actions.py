"""What can be done to routing rules: add and remove them."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category, CategoryGroup
from civicmap.domain.departments.queries import get_department
from civicmap.domain.jurisdictions.models import Area
from civicmap.domain.routing.models import RoutingRule
from civicmap.foundation.errors import Conflict, InvalidInput, NotFound
from civicmap.foundation.locales import N_


def add_rule(
    session: Session,
    *,
    jurisdiction_id: int,
    department: str,
    category: str = "",
    group: str = "",
    area: str = "",
) -> int:
    """Add a rule by the keys of its parts (an area by its slug or its name); its id.

    Raises InvalidInput for parts that are not there, Conflict when the city has this rule.
    """
    if category and group:
        raise InvalidInput(
            N_("A rule is about a category or about a group, not both."), field="category"
        )
    rule = RoutingRule(
        jurisdiction_id=jurisdiction_id,
        department_id=get_department(session, jurisdiction_id, department).id,
        category_id=_category_id(session, category) if category else None,
        group_id=_group_id(session, group) if group else None,
        area_id=_area_id(session, jurisdiction_id, area) if area else None,
    )
    there = session.scalar(
        select(RoutingRule.id).where(
            RoutingRule.jurisdiction_id == jurisdiction_id,
            RoutingRule.category_id.is_not_distinct_from(rule.category_id),
            RoutingRule.group_id.is_not_distinct_from(rule.group_id),
            RoutingRule.area_id.is_not_distinct_from(rule.area_id),
        )
    )
    if there is not None:
        raise Conflict(
            N_("Rule %(id)s already says who answers for this; remove it first."), id=there
        )
    session.add(rule)
    session.flush()
    return rule.id


def remove_rule(session: Session, *, jurisdiction_id: int, rule_id: int) -> None:
    """Raises NotFound. Reports that the rule has routed stay where they are."""
    removed = session.execute(
        delete(RoutingRule)
        .where(RoutingRule.jurisdiction_id == jurisdiction_id, RoutingRule.id == rule_id)
        .returning(RoutingRule.id)
    ).first()
    if removed is None:
        raise NotFound(N_("There is no rule %(id)s in this city."), field="rule", id=rule_id)


def _category_id(session: Session, key: str) -> int:
    found = session.scalar(
        select(Category.id).where(Category.key == key, Category.retired_at.is_(None))
    )
    if found is None:
        raise InvalidInput(N_("There is no category “%(key)s”."), field="category", key=key[:60])
    return found


def _group_id(session: Session, key: str) -> int:
    found = session.scalar(
        select(CategoryGroup.id).where(CategoryGroup.key == key, CategoryGroup.retired_at.is_(None))
    )
    if found is None:
        raise InvalidInput(
            N_("There is no group of categories “%(key)s”."), field="group", key=key[:60]
        )
    return found


def _area_id(session: Session, jurisdiction_id: int, name: str) -> int:
    found = session.scalar(
        select(Area.id)
        .where(Area.jurisdiction_id == jurisdiction_id, (Area.slug == name) | (Area.name == name))
        .order_by(Area.slug != name)
        .limit(1)
    )
    if found is None:
        raise InvalidInput(
            N_("There is no area “%(name)s” in this city."), field="area", name=name[:60]
        )
    return found
