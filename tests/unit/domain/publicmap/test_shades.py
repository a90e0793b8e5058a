from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from civicmap.domain.publicmap.shades import MOST_SHADES, darkness_of, make_shades


@given(st.lists(st.integers(0, 400) | st.floats(0, 1e6).map(lambda x: round(x, 2)), max_size=80))
def test_every_value_is_of_one_shade_and_darker_is_never_less(values: list[float]) -> None:
    shades = make_shades(values)
    assert len(shades) <= MOST_SHADES
    assert [shade.darkness for shade in shades] == sorted({shade.darkness for shade in shades})
    for lower, higher in pairwise(shades):
        assert lower.greatest < higher.least
    for value in values:
        assert sum(shade.holds(value) for shade in shades) == 1
    # The legend names values that are there.
    assert {limit for shade in shades for limit in (shade.least, shade.greatest)} <= set(values)


def test_each_of_five_shades_holds_a_fifth() -> None:
    shades = make_shades(list(range(1, 41)))
    assert [(shade.least, shade.greatest) for shade in shades] == [
        (1, 8), (9, 16), (17, 24), (25, 32), (33, 40),
    ]  # fmt: skip
    assert [shade.darkness for shade in shades] == [1, 2, 3, 4, 5]


def test_few_different_values_have_a_shade_each_from_pale_to_dark() -> None:
    shades = make_shades([0, 0, 0, 0, 0, 0, 0, 7, 9])
    assert [(shade.least, shade.darkness) for shade in shades] == [(0, 1), (7, 3), (9, 5)]
    assert [shade.darkness for shade in make_shades([4, 4])] == [3]
    assert make_shades([]) == []


def test_a_district_without_a_value_has_no_shade() -> None:
    assert darkness_of(make_shades([1, 2]), None) == 0
    assert darkness_of(make_shades([1, 2]), 2) == 5
