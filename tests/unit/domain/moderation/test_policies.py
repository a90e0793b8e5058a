"""Which rule decides what waits for a person."""

from __future__ import annotations

import pytest

from civicmap.domain.moderation.policies import Decision, Policy, Rule, decide
from civicmap.domain.moderation.reasons import EXPLAINED, MODERATION_REASONS, reason_in_words

CITY = Rule(Policy.HOLD_ALL)
GROUP = Rule(Policy.HOLD_CONTENT, group="waste")
CATEGORY = Rule(Policy.AT_ONCE, category="street_bin")


def for_bin(*rules: Rule, is_public: bool = True, is_trusted: bool = False) -> Decision:
    return decide(
        rules,
        category="street_bin",
        group="waste",
        is_public=is_public,
        is_trusted=is_trusted,
    )


def test_without_a_rule_everything_shows_at_once() -> None:
    assert for_bin() == Decision(Policy.AT_ONCE, "default")
    others = Rule(Policy.HOLD_ALL, category="pothole"), Rule(Policy.HOLD_ALL, group="roads")
    assert for_bin(*others) == Decision(Policy.AT_ONCE, "default")


@pytest.mark.parametrize("order", [(CITY, GROUP, CATEGORY), (CATEGORY, GROUP, CITY)])
def test_the_most_specific_rule_wins_in_any_order(order: tuple[Rule, ...]) -> None:
    assert for_bin(*order) == Decision(Policy.AT_ONCE, "rule", CATEGORY)
    without_category = [rule for rule in order if rule is not CATEGORY]
    assert for_bin(*without_category) == Decision(Policy.HOLD_CONTENT, "rule", GROUP)
    assert for_bin(CITY) == Decision(Policy.HOLD_ALL, "rule", CITY)


def test_no_rule_holds_somebody_the_city_can_reach() -> None:
    assert for_bin(CITY, is_trusted=True) == Decision(Policy.AT_ONCE, "trusted", CITY)


def test_a_category_that_names_people_is_held_from_everybody_whatever_a_rule_says() -> None:
    held = Decision(Policy.HOLD_ALL, "category")
    assert for_bin(CATEGORY, is_public=False) == held
    assert for_bin(CATEGORY, is_public=False, is_trusted=True) == held


def test_every_reason_is_a_sentence_and_an_unknown_one_says_nothing() -> None:
    assert set(MODERATION_REASONS) >= EXPLAINED
    assert all(reason_in_words(key) for key in MODERATION_REASONS)
    assert reason_in_words("no such reason") == ""
