"""What of a report shows before a person has looked."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category, CategoryGroup
from civicmap.domain.moderation.models import ModerationRule
from civicmap.domain.moderation.policies import Decision, Policy, Rule, decide
from civicmap.foundation.database import AnySelect


@dataclass(frozen=True)
class RuleRow:
    """A rule as people read it. `is_idle`: its category or group is retired."""

    rule: Rule
    names: dict[str, str]
    is_idle: bool


def find_policy(
    session: Session, jurisdiction_id: int, category_id: int, *, is_trusted: bool = False
) -> Policy:
    """What of a new report of a category shows at once; `is_trusted`: the reporter's contact is
    confirmed. Raises LookupError when there is no such category."""
    return find_decision(session, jurisdiction_id, category_id, is_trusted=is_trusted).policy


def find_decision(
    session: Session, jurisdiction_id: int, category_id: int, *, is_trusted: bool = False
) -> Decision:
    """The policy and what decided it. Raises LookupError when there is no such category."""
    category = session.execute(
        select(
            Category.key, Category.group_id, CategoryGroup.key.label("group"), Category.is_public
        )
        .join(CategoryGroup, CategoryGroup.id == Category.group_id)
        .where(Category.id == category_id)
    ).first()
    if category is None:
        raise LookupError(f"no category {category_id}")
    if not category.is_public:
        return Decision(Policy.HOLD_ALL, "category")
    rules = session.execute(
        _rules(jurisdiction_id).where(
            or_(
                ModerationRule.category_id == category_id,
                ModerationRule.group_id == category.group_id,
                ModerationRule.category_id.is_(None) & ModerationRule.group_id.is_(None),
            )
        )
    )
    return decide(
        (Rule(Policy(row.policy), row.category, row.group) for row in rules),
        category=category.key,
        group=category.group,
        is_public=True,
        is_trusted=is_trusted,
    )


def list_policies(
    session: Session, jurisdiction_id: int, *, is_trusted: bool = False
) -> dict[str, Policy]:
    """The policy of every category by its key, retired ones too; `is_trusted`: for somebody whose
    contact is confirmed."""
    rules = [row.rule for row in list_rules(session, jurisdiction_id)]
    categories = session.execute(
        select(Category.key, CategoryGroup.key.label("group"), Category.is_public).join(
            CategoryGroup, CategoryGroup.id == Category.group_id
        )
    )
    return {
        row.key: decide(
            rules,
            category=row.key,
            group=row.group,
            is_public=row.is_public,
            is_trusted=is_trusted,
        ).policy
        for row in categories
    }


def list_rules(session: Session, jurisdiction_id: int) -> list[RuleRow]:
    """A city's rules: the one for the whole city, then groups, then categories, each by key."""
    rows = session.execute(_rules(jurisdiction_id))
    found = [
        RuleRow(
            Rule(Policy(row.policy), row.category, row.group),
            row.category_names or row.group_names or {},
            bool(row.category_retired or row.group_retired),
        )
        for row in rows
    ]
    return sorted(
        found, key=lambda row: (-row.rule.rank, row.rule.category or row.rule.group or "")
    )


def _rules(jurisdiction_id: int) -> AnySelect:
    return (
        select(
            ModerationRule.policy,
            Category.key.label("category"),
            Category.names.label("category_names"),
            Category.retired_at.label("category_retired"),
            CategoryGroup.key.label("group"),
            CategoryGroup.names.label("group_names"),
            CategoryGroup.retired_at.label("group_retired"),
        )
        .outerjoin(Category, Category.id == ModerationRule.category_id)
        .outerjoin(CategoryGroup, CategoryGroup.id == ModerationRule.group_id)
        .where(ModerationRule.jurisdiction_id == jurisdiction_id)
    )
