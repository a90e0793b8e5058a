"""What of a new report everybody sees before a person has looked, and which rule says so. Pure.

A rule names what it is about (a category, or a group, or the whole city) and a policy. The most
specific wins: a rule for the category beats one for its group, and that beats one for the city.
Without a rule everything shows at once.

Two things stand above the rules. A category that is never public at once (`public: false` in
seed_categories.yaml) is held whatever a rule says: it names people by its nature. And people whom
the city can reach (a confirmed contact, a signed-in resident) are held by no rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Policy(StrEnum):
    """`hold_content`: pin and category show; words, address, photos and answers wait."""

    AT_ONCE = "at_once"
    HOLD_CONTENT = "hold_content"
    HOLD_ALL = "hold_all"


@dataclass(frozen=True, slots=True)
class Rule:
    """`category` and `group` are keys, at most one of them named; neither: the whole city."""

    policy: Policy
    category: str | None = None
    group: str | None = None

    def matches(self, category: str, group: str) -> bool:
        """Whether it speaks of reports of this category (of this group)."""
        return self.category in (None, category) and self.group in (None, group)

    @property
    def rank(self) -> int:
        """How specific the rule is: lower is more."""
        return 0 if self.category is not None else 1 if self.group is not None else 2


@dataclass(frozen=True, slots=True)
class Decision:
    """A policy and what decided it: the category itself (never public at once), the person's
    confirmed contact (trusted), a rule, or nothing (default). `rule` is None but for "rule"; with
    "trusted" it is the rule that would have held them."""

    policy: Policy
    by: Literal["category", "trusted", "rule", "default"]
    rule: Rule | None = None


def decide(
    rules: Iterable[Rule],
    *,
    category: str,
    group: str,
    is_public: bool,
    is_trusted: bool = False,
) -> Decision:
    """What holds for a report of `category` (of `group`). `is_public` is the category's own word;
    `is_trusted` says that the reporter's contact is confirmed."""
    if not is_public:
        return Decision(Policy.HOLD_ALL, "category")
    matching = [rule for rule in rules if rule.matches(category, group)]
    if not matching:
        return Decision(Policy.AT_ONCE, "default")
    winner = min(matching, key=lambda rule: rule.rank)
    if is_trusted:
        return Decision(Policy.AT_ONCE, "trusted", winner)
    return Decision(winner.policy, "rule", winner)
