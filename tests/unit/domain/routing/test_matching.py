import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicmap.domain.routing.matching import Choice, Rule, choose, unreachable

CATEGORIES = {"streetlight": "lights", "traffic_signal": "lights", "pothole": "roads"}
AREAS = ["market", "old_town", "jezyce"]  # the market lies within the old town
PLACES: list[tuple[str, ...]] = [(), ("jezyce",), ("old_town",), ("market", "old_town")]


@st.composite
def rule_sets(draw: st.DrawFn) -> list[Rule]:
    subjects = st.sampled_from(
        [(None, None)]
        + [(category, None) for category in [*CATEGORIES, "retired"]]
        + [(None, group) for group in ["lights", "roads", "empty"]]
    )
    keys = draw(
        st.lists(st.tuples(subjects, st.sampled_from([None, *AREAS])), unique=True, max_size=12)
    )
    return [
        Rule(number, f"department_{number}", category, group, area)
        for number, ((category, group), area) in enumerate(keys)
    ]


categories = st.sampled_from(sorted(CATEGORIES))
places = st.sampled_from(PLACES)

LIGHTS_ANYWHERE = Rule(1, "lighting", category="streetlight")
ALL_IN_JEZYCE = Rule(2, "jezyce_office", area="jezyce")
LIGHTS_IN_JEZYCE = Rule(3, "jezyce_lamps", category="streetlight", area="jezyce")
GROUP_IN_JEZYCE = Rule(4, "jezyce_group", group="lights", area="jezyce")
GROUP = Rule(5, "group", group="lights")
ANYTHING = Rule(6, "everything")
LADDER = [LIGHTS_IN_JEZYCE, LIGHTS_ANYWHERE, GROUP_IN_JEZYCE, GROUP, ALL_IN_JEZYCE, ANYTHING]


def lamp_in_jezyce(rules: list[Rule], default: str | None = None) -> Choice:
    return choose(rules, category="streetlight", group="lights", areas=["jezyce"], default=default)


@pytest.mark.parametrize("step", range(len(LADDER)))
def test_each_step_of_the_ladder_beats_all_below_it(step: int) -> None:
    assert lamp_in_jezyce(LADDER[step:], default="default").rule == LADDER[step]


def test_a_lamp_in_jezyce_goes_to_the_lighting_company_even_if_jezyce_takes_everything() -> None:
    assert lamp_in_jezyce([ALL_IN_JEZYCE, LIGHTS_ANYWHERE]).department == "lighting"


def test_without_a_rule_the_category_s_default_answers_and_without_that_nobody_yet() -> None:
    assert lamp_in_jezyce([], default="lighting") == Choice("default", "lighting")
    assert lamp_in_jezyce([]) == Choice("none", None)
    assert lamp_in_jezyce([Rule(1, "roads", category="pothole")]).kind == "none"


def test_where_areas_overlap_the_smaller_one_wins() -> None:
    rules = [Rule(1, "town", area="old_town"), Rule(2, "market", area="market")]
    at_the_market = choose(rules, category="pothole", group="roads", areas=["market", "old_town"])
    assert at_the_market.department == "market"
    beside_it = choose(rules, category="pothole", group="roads", areas=["old_town"])
    assert beside_it.department == "town"


def test_the_reason_names_what_the_rule_named() -> None:
    choice = lamp_in_jezyce([LIGHTS_IN_JEZYCE])
    assert choice.reason(category="streetlight", area_name="Jeżyce") == {
        "kind": "rule",
        "category": "streetlight",
        "group": None,
        "area": "Jeżyce",
        "department": "jezyce_lamps",
    }
    assert lamp_in_jezyce([], "lighting").reason(category="streetlight") == {
        "kind": "default",
        "category": "streetlight",
        "department": "lighting",
    }
    assert lamp_in_jezyce([]).reason(category="streetlight") == {
        "kind": "none",
        "category": "streetlight",
    }


@given(rule_sets(), categories, places)
def test_the_winner_matches_and_is_never_less_specific_than_another_match(
    rules: list[Rule], category: str, areas: tuple[str, ...]
) -> None:
    group = CATEGORIES[category]
    winner = choose(rules, category=category, group=group, areas=areas).rule
    matching = [rule for rule in rules if rule.matches(category, group, areas)]
    assert (winner is None) == (not matching)
    if winner is None:
        return
    assert winner in matching
    for other in matching:
        if other.category and not winner.category:
            pytest.fail(f"{winner} won over {other}")
        if other.group and not (winner.category or winner.group):
            pytest.fail(f"{winner} won over {other}")
        if (other.category, other.group) == (winner.category, winner.group) and other.area:
            assert winner.area is not None
            assert areas.index(winner.area) <= areas.index(other.area)


@given(rule_sets(), categories, places, st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_matter(
    rules: list[Rule], category: str, areas: tuple[str, ...], chance: random.Random
) -> None:
    shuffled = rules.copy()
    chance.shuffle(shuffled)
    group = CATEGORIES[category]
    assert choose(rules, category=category, group=group, areas=areas) == choose(
        shuffled, category=category, group=group, areas=areas
    )


@given(rule_sets(), categories, places)
def test_a_rule_that_does_not_win_can_be_removed_without_a_change(
    rules: list[Rule], category: str, areas: tuple[str, ...]
) -> None:
    group = CATEGORIES[category]
    winner = choose(rules, category=category, group=group, areas=areas).rule
    for rule in rules:
        if rule != winner:
            rest = [other for other in rules if other != rule]
            assert choose(rest, category=category, group=group, areas=areas).rule == winner


@given(rule_sets())
def test_exactly_the_rules_that_win_nowhere_are_unreachable(rules: list[Rule]) -> None:
    found = unreachable(rules, categories=CATEGORIES, places=PLACES)
    wins = {
        choice.rule
        for category, group in CATEGORIES.items()
        for areas in PLACES
        if (choice := choose(rules, category=category, group=group, areas=areas)).rule
    }
    assert {one.rule for one in found} == set(rules) - wins
    for one in found:
        assert one.rule not in one.shadowed_by
        assert set(one.shadowed_by) <= wins


def test_a_rule_shadowed_by_more_specific_ones_names_them() -> None:
    rules = [
        Rule(1, "office", group="lights", area="jezyce"),
        Rule(2, "lamps", category="streetlight"),
        Rule(3, "signals", category="traffic_signal"),
    ]
    (found,) = unreachable(rules, categories=CATEGORIES, places=PLACES)
    assert found.rule.id == 1
    assert [rule.id for rule in found.shadowed_by] == [2, 3]


def test_a_rule_about_what_cannot_be_reported_matches_nothing() -> None:
    rules = [Rule(1, "x", category="retired"), Rule(2, "y", area="atlantis")]
    found = unreachable(rules, categories=CATEGORIES, places=PLACES)
    assert [(one.rule.id, one.shadowed_by) for one in found] == [(1, ()), (2, ())]


def test_a_larger_area_that_smaller_ones_cover_completely_is_unreachable() -> None:
    rules = [Rule(1, "town", area="old_town"), Rule(2, "market", area="market")]
    only_within = [places for places in PLACES if places != ("old_town",)]
    (found,) = unreachable(rules, categories=CATEGORIES, places=only_within)
    assert found.rule.id == 1
