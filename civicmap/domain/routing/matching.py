"""Which routing rule wins. Pure.

A rule names what it is about (a category, or a group, or anything), where (an area, or anywhere in
the city), and the department that answers. Several may match one report; the most specific wins:

1. What comes before where: a rule for the category beats one for its group, and that beats one for
   anything.
2. Among rules about the same, one for an area beats one for anywhere; where areas overlap, the
   smaller area beats the larger.
3. Two rules that are still equal would have to be the same rule, which a city cannot have; should
   it happen, the lower id wins, so that the answer never depends on the order of reading.

With no matching rule the category's default department answers, so every rule beats every default;
without a default nobody does yet, and triage decides. Why this order:
docs/decisions/0006-routing.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rule:
    """`category`, `group` and `area` are keys; None means any. At most one of category and group
    is named. `department` is a code."""

    id: int
    department: str
    category: str | None = None
    group: str | None = None
    area: str | None = None

    def matches(self, category: str, group: str, areas: Sequence[str]) -> bool:
        """Whether it speaks of a report of this category (of this group) within these areas."""
        return (
            self.category in (None, category)
            and self.group in (None, group)
            and (self.area is None or self.area in areas)
        )

    def rank(self, areas: Sequence[str]) -> tuple[int, int, int]:
        """How specific the rule is at a place covered by `areas`, smallest first: lower is more.

        Only for rules that match there.
        """
        subject = 0 if self.category is not None else 1 if self.group is not None else 2
        place = len(areas) if self.area is None else areas.index(self.area)
        return subject, place, self.id


@dataclass(frozen=True, slots=True)
class Choice:
    """Who answers and why: `kind` is "rule", "default" or "none"; `rule` only for the first.

    `department` None: nobody yet, triage decides.
    """

    kind: Literal["rule", "default", "none"]
    department: str | None
    rule: Rule | None = None

    def reason(self, *, category: str, area_name: str | None = None) -> dict[str, str | None]:
        """What is kept with the report: the parts that the winning rule named, or the default."""
        if self.rule is not None:
            return {
                "kind": "rule",
                "category": self.rule.category,
                "group": self.rule.group,
                "area": area_name,
                "department": self.department,
            }
        if self.kind == "default":
            return {"kind": "default", "category": category, "department": self.department}
        return {"kind": "none", "category": category}


def choose(
    rules: Iterable[Rule],
    *,
    category: str,
    group: str,
    areas: Sequence[str] = (),
    default: str | None = None,
) -> Choice:
    """The department for a report of `category` (of `group`) at a place covered by `areas`.

    `areas` come smallest first; `default` is the category's own department, None without one.
    """
    matching = [rule for rule in rules if rule.matches(category, group, areas)]
    if matching:
        winner = min(matching, key=lambda rule: rule.rank(areas))
        return Choice("rule", winner.department, winner)
    if default is not None:
        return Choice("default", default)
    return Choice("none", None)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A rule that can never win. `shadowed_by` are the rules that win wherever it matches; it is
    empty when the rule matches nothing at all (a retired category, a group without categories)."""

    rule: Rule
    shadowed_by: tuple[Rule, ...]


def unreachable(
    rules: Sequence[Rule],
    *,
    categories: Mapping[str, str],
    places: Iterable[Sequence[str]],
) -> list[Unreachable]:
    """Every rule that never wins, found by trying each category at each kind of place.

    `categories` maps the keys of what can be reported to their groups. `places` are the different
    combinations of areas, smallest first, that some point of the city lies in; the empty one stands
    for a point in no area.
    """
    winners: set[int] = set()
    beaten_by: dict[int, dict[int, Rule]] = {rule.id: {} for rule in rules}
    for areas in places:
        for category, group in categories.items():
            matching = [rule for rule in rules if rule.matches(category, group, areas)]
            if not matching:
                continue
            winner = min(matching, key=lambda rule: rule.rank(areas))
            winners.add(winner.id)
            for rule in matching:
                beaten_by[rule.id][winner.id] = winner
    return [
        Unreachable(rule, tuple(sorted(beaten_by[rule.id].values(), key=lambda one: one.id)))
        for rule in rules
        if rule.id not in winners
    ]
