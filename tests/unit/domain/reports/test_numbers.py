from __future__ import annotations

import pytest

from civicmap.domain.reports.numbers import ALPHABET, last_number, new_number, read_number


@pytest.mark.parametrize(
    ("beginning", "last"),
    [
        ("PO-7", "PO-7ZZZ-ZZ"),
        ("PO-7K4M", "PO-7K4M-ZZ"),
        ("NYC-7K4M-2", "NYC-7K4M-2Z"),
        ("PO-7K4M-2Q", "PO-7K4M-2Q"),
    ],
)
def test_the_last_number_of_a_beginning(beginning: str, last: str) -> None:
    assert last_number(beginning) == last


def test_every_number_is_within_the_range_of_its_beginnings() -> None:
    # Databases do not agree on where signs that no number has would stand.
    assert max(ALPHABET) == ALPHABET[-1] == "Z"
    for number in (new_number("PO") for _ in range(200)):
        for length in range(4, len(number) + 1):
            beginning = number[:length].rstrip("-")
            assert beginning <= number <= last_number(beginning)
            assert read_number(last_number(beginning)) == last_number(beginning)
