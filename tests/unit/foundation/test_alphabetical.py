"""Names in lists stand where a reader looks for them."""

from __future__ import annotations

from civicmap.foundation.locales import alphabetical


def test_letters_with_marks_stand_beside_the_plain_ones() -> None:
    names = ["Zieleń", "Świetlice", "Łąki", "Straż", "Lasy", "drogi"]

    assert sorted(names, key=alphabetical) == [
        "drogi",
        "Lasy",
        "Łąki",
        "Straż",
        "Świetlice",
        "Zieleń",
    ]


def test_cyrillic_names_keep_their_own_order() -> None:
    assert sorted(["Зелень", "Водоканал", "Благоустройство"], key=alphabetical) == [
        "Благоустройство",
        "Водоканал",
        "Зелень",
    ]
