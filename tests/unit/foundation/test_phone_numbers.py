"""Phone numbers as people in our cities write them."""

from __future__ import annotations

import pytest

from civicmap.foundation.phone_numbers import to_e164


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("600 100 200", "PL", "+48600100200"),
        ("+48 600-100-200", "PL", "+48600100200"),
        ("48600100200", "PL", "+48600100200"),
        ("0048 600 100 200", "KG", "+48600100200"),
        ("8 (701) 123-45-67", "KZ", "+77011234567"),
        ("701 123 45 67", "KZ", "+77011234567"),
        ("+7 701 123 45 67", "PL", "+77011234567"),
        ("0555 123 456", "KG", "+996555123456"),
        ("555123456", "KG", "+996555123456"),
        ("(212) 555-0100", "US", "+12125550100"),
        ("+33 1 23 45 67 89", "FR", "+33123456789"),
    ],
)
def test_a_number_is_understood_as_it_is_written_at_home(
    typed: str, country: str, number: str
) -> None:
    assert to_e164(typed, country) == number


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("112", "PL"),
        ("+48 12", "PL"),
        ("+48 600 100 200 9", "PL"),
        ("60010020", "PL"),
        ("01 23 45 67 89", "FR"),  # a plan that is not known: only with its country's code
        ("٦٠٠١٠٠٢٠٠", "PL"),
        ("+", "PL"),
        ("", "PL"),
        ("call me", "PL"),
    ],
)
def test_what_is_no_whole_number_is_none(typed: str, country: str) -> None:
    assert to_e164(typed, country) == ""
