"""What can be done to moderation rules: set and clear them."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category, CategoryGroup
from civicmap.domain.moderation.models import ModerationRule
from civicmap.domain.moderation.policies import Policy
from civicmap.foundation.errors import Conflict, InvalidInput, NotFound
from civicmap.foundation.locales import N_


def set_rule(
    session: Session,
    *,
    jurisdiction_id: int,
    policy: Policy,
    category: str = "",
    group: str = "",
) -> None:
    """Say what of a category's, a group's or (neither named) the whole city's new reports shows at
    once, instead of what was said before. Reports that are there already stay as they are.

    Raises InvalidInput for a category or group that is not there, Conflict when the category is
    never public at once, so that no rule could say anything of it.
    """
    category_id, group_id = _subject(session, category, group)
    if category_id and not session.scalar(
        select(Category.is_public).where(Category.id == category_id)
    ):
        raise Conflict(
            N_("“%(key)s” is never public at once (public: false), and no rule can change that."),
            key=category,
        )
    there = insert(ModerationRule).values(
        jurisdiction_id=jurisdiction_id,
        category_id=category_id,
        group_id=group_id,
        policy=policy.value,
    )
    session.execute(
        there.on_conflict_do_update(
            index_elements=["jurisdiction_id", "category_id", "group_id"],
            set_={"policy": policy.value},
        )
    )


def clear_rule(
    session: Session, *, jurisdiction_id: int, category: str = "", group: str = ""
) -> None:
    """Take a rule away. Raises InvalidInput for an unknown key, NotFound when there is no rule."""
    category_id, group_id = _subject(session, category, group)
    cleared = session.execute(
        delete(ModerationRule)
        .where(
            ModerationRule.jurisdiction_id == jurisdiction_id,
            ModerationRule.category_id.is_not_distinct_from(category_id),
            ModerationRule.group_id.is_not_distinct_from(group_id),
        )
        .returning(ModerationRule.id)
    ).first()
    if cleared is None:
        raise NotFound(N_("There is no such rule in this city."))


def _subject(session: Session, category: str, group: str) -> tuple[int | None, int | None]:
    """The ids of what is named; a retired category still has a rule that may be cleared."""
    if category and group:
        raise InvalidInput(
            N_("A rule is about a category or about a group, not both."), field="category"
        )
    if category:
        found = session.scalar(select(Category.id).where(Category.key == category))
        if found is None:
            raise InvalidInput(
                N_("There is no category “%(key)s”."), field="category", key=category[:60]
            )
        return found, None
    if group:
        found = session.scalar(select(CategoryGroup.id).where(CategoryGroup.key == group))
        if found is None:
            raise InvalidInput(
                N_("There is no group of categories “%(key)s”."), field="group", key=group[:60]
            )
        return None, found
    return None, None
