"""A street is found however people write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicmap.domain.addresses.spelling import (
    kind_of_street,
    leading_number,
    number_key,
    read_question,
    shares_a_word,
    spellings,
)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("dabrowskiego", "Dąbrowskiego"),
        ("DĄBROWSKIEGO", "ul. Dąbrowskiego"),
        ("Глоговска", "Głogowska"),
        ("Шамажевскиего", "Szamarzewskiego"),
        ("Хвалишево", "Chwaliszewo"),
        ("chuy", "Чүй"),
        ("Чуй проспекти", "Чүй проспектиси"),
        ("chui", "Чүй"),
        ("zhibek zholu", "Жибек Жолу көчөсү"),
        ("Кабанбай батыра", "Қабанбай батыра"),
        ("Омуралиева", "Өмүралиева"),
        ("Иманбаева", "Іманбаева"),
        ("улица Абая", "Abaya koshesi"),
    ],
)
def test_what_is_typed_and_what_is_on_the_sign_meet(typed: str, name: str) -> None:
    assert set(spellings(typed)) & set(spellings(name))


def test_polish_by_ear_is_one_of_the_spellings() -> None:
    assert "dombrovskiego" in spellings("Dąbrowskiego")
    assert spellings("Домбровского") == ("dombrovskogo",)


@pytest.mark.parametrize("name", ["Szamarzewskiego", "Dąbrowskiego", "Чүй", "Қабанбай батыр"])
def test_a_name_is_found_by_every_beginning_of_two_letters_or_more(name: str) -> None:
    whole = spellings(name)
    for end in range(2, len(name) + 1):
        beginnings = spellings(name[:end])
        assert any(key.startswith(start) for key in whole for start in beginnings), name[:end]


@pytest.mark.parametrize(
    "written",
    ["ul. Polna", "Polna", "polna ulica", "улица Polna", "Polna көчөсү", "POLNA"],
)
def test_words_for_a_street_may_stand_anywhere(written: str) -> None:
    assert spellings(written) == ("polna",)


def test_a_name_of_such_words_alone_is_still_a_name() -> None:
    assert spellings("Aleja") == ("aleia",)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ul. Polna", "street"),
        ("пр-т Манаса", "avenue"),
        ("Абай даңғылы", "avenue"),
        ("al. Niepodległości", "avenue"),
        ("Plac Wolności", "square"),
        ("мкр-н Аламедин-1", "estate"),
        ("Polna", ""),
    ],
)
def test_the_kind_of_street_is_told_by_its_words(name: str, kind: str) -> None:
    assert kind_of_street(name) == kind


@pytest.mark.parametrize(
    ("typed", "street", "number"),
    [
        ("Dąbrowskiego 42a", "dabrovskiego", "42a"),
        ("Dąbrowskiego 42 A", "dabrovskiego", "42a"),
        ("ул. Ленина, 5", "lenina", "5"),
        ("5 Lenina", "lenina", "5"),
        ("ул. Абая, дом 5 кв. 12", "abaia", "5"),
        ("Абай көшесі 12 А", "abai", "12a"),
        ("проспект Манаса 5/1", "manasa", "5/1"),
        ("Манаса 5 к. 1", "manasa", "5k1"),
        ("Święty Marcin 30 m. 4", "svieti marcin", "30"),
        ("28 Czerwca 1956 r. 60", "28 cervca 1956 r", "60"),
    ],
)
def test_a_house_number_is_told_from_its_street(typed: str, street: str, number: str) -> None:
    assert any(
        street in reading.spellings and reading.number == number for reading in read_question(typed)
    )


def test_a_number_may_belong_to_the_name() -> None:
    first, *others = read_question("28 Czerwca")
    assert (first.spellings[0], first.number) == ("28 cervca", "")
    assert [reading.number for reading in others] == ["28"]


@pytest.mark.parametrize("typed", ["", "   ", ".,;", "!!!", "\u200b"])
def test_nothing_is_looked_for_where_nothing_is_said(typed: str) -> None:
    assert read_question(typed) == []


def test_house_numbers_are_compared_as_people_say_them() -> None:
    assert number_key("12 А") == number_key("12a") == number_key("12А") == "12a"  # Cyrillic А, too
    assert number_key("5\\1") == "5/1"
    assert leading_number("42a") == 42
    assert leading_number("b") == 0


def test_a_foreign_answer_is_about_what_was_asked_or_not() -> None:
    assert shares_a_word("Jana Henryka Dąbrowskiego 42", "dąbrowskiego 42, przy Żabce")
    assert not shares_a_word("Plac Wolności 42", "dąbrowskiego 42")


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text: str) -> None:
    for reading in read_question(text):
        assert reading.spellings
        for spelling in reading.spellings:
            assert set(spelling) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
