"""People find their street however they write it, and the address of where they point."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from civicmap.domain.addresses.queries.nearest import find_nearest_address
from civicmap.domain.addresses.queries.search import find_written_address, search_places
from civicmap.domain.jurisdictions.queries import City
from civicmap.foundation.geo import Point
from civicmap.foundation.locales import speaking
from tests.factories.cities import make_city
from tests.integration.addresses.conftest import Import, house, place, street


@pytest.fixture(autouse=True)
def _streets(take: Import) -> None:
    take(
        street("Jana Henryka Dąbrowskiego", (52.41, 16.85), (52.41, 16.87)),
        house("Jana Henryka Dąbrowskiego", "40", 52.4102, 16.855),
        house("Jana Henryka Dąbrowskiego", "42", 52.4102, 16.856),
        house("Jana Henryka Dąbrowskiego", "42A", 52.4102, 16.8562),
        house("Jana Henryka Dąbrowskiego", "120", 52.4102, 16.869),
        street("28 Czerwca 1956 r.", (52.39, 16.95), (52.38, 16.95)),
        house("28 Czerwca 1956 r.", "60", 52.389, 16.951),
        street("Чүй проспектиси", (52.42, 16.81), (52.42, 16.82), ru="проспект Чуй"),
        house("Чүй проспектиси", "5", 52.4201, 16.815),
        street("Polna", (52.33, 16.82), (52.33, 16.83)),
        house("Polna", "1", 52.3301, 16.821),
        street("Polna", (52.47, 16.98), (52.47, 16.99)),
        house("Polna", "1", 52.4701, 16.981),
        house("Polna", "3", 52.4701, 16.982),
        street("plac Wolności", (52.408, 16.926), (52.4085, 16.927), others=["plac Stalina"]),
        street("ulica Wolności", (52.36, 16.84), (52.36, 16.85)),
        place("park Wilsona", 52.401, 16.903),
    )


def names(session: Session, city: City, question: str) -> list[str]:
    return [found.name for found in search_places(session, city, question)]


@pytest.mark.parametrize(
    "typed",
    [
        "dabr", "Dąbrowskiego", "DABROWSKIEGO", "ul. dąbrowskiego", "Домбровского",
        "улица Домбровского", "henryka dabrowskiego", "dabrowskiego jana", "dabrowskeigo",
        "dąbrowskego",
    ],
)  # fmt: skip
def test_dabrowskiego_is_found_first(session: Session, city: City, typed: str) -> None:
    assert names(session, city, typed)[:1] == ["Jana Henryka Dąbrowskiego"]


@pytest.mark.parametrize("typed", ["chuy", "Чуй", "чүй", "пр. Чуй", "Chui avenue", "Чүй проспекти"])
def test_chuy_is_found_in_both_alphabets(session: Session, city: City, typed: str) -> None:
    assert names(session, city, typed)[:1] == ["Чүй проспектиси"]
    with speaking("ru"):
        assert names(session, city, typed)[:1] == ["проспект Чуй"]


@pytest.mark.parametrize("typed", ["Dąbrowskiego 42", "42 dabrowskiego", "Домбровского, 42"])
def test_a_house_stands_before_those_with_letters_and_the_street(
    session: Session, city: City, typed: str
) -> None:
    assert names(session, city, typed) == [
        "Jana Henryka Dąbrowskiego 42",
        "Jana Henryka Dąbrowskiego 42A",
        "Jana Henryka Dąbrowskiego",
    ]


def test_a_cyrillic_address_is_written_with_a_comma(session: Session, city: City) -> None:
    found = search_places(session, city, "Чүй 5")
    assert (found[0].name, found[0].detail, found[0].kind) == (
        "Чүй проспектиси, 5",
        "West",
        "house",
    )
    assert found[0].point == Point(52.4201, 16.815)


def test_a_number_that_is_not_there_is_not_made_up(session: Session, city: City) -> None:
    found = search_places(session, city, "Dąbrowskiego 118")
    assert found[0].name == "Jana Henryka Dąbrowskiego 120"
    assert "closest number" in found[0].detail


def test_a_street_named_by_a_date_keeps_its_number(session: Session, city: City) -> None:
    assert names(session, city, "28 czerwca")[0] == "28 Czerwca 1956 r."
    assert names(session, city, "28 Czerwca 60")[0] == "28 Czerwca 1956 r. 60"


def test_two_streets_of_one_name_are_told_apart_the_larger_first(
    session: Session, city: City
) -> None:
    found = search_places(session, city, "polna")
    assert [(one.name, one.detail) for one in found] == [("Polna", "East"), ("Polna", "West")]


def test_the_kind_of_street_that_was_said_comes_first(session: Session, city: City) -> None:
    assert names(session, city, "pl. Wolności")[0] == "plac Wolności"
    assert names(session, city, "ul Wolności")[0] == "ulica Wolności"


def test_an_old_name_leads_to_the_new_one_and_is_told(session: Session, city: City) -> None:
    found = search_places(session, city, "plac Stalina")
    assert (found[0].name, found[0].detail) == ("plac Wolności", "plac Stalina · East")


def test_places_are_found_too(session: Session, city: City) -> None:
    (found,) = search_places(session, city, "wilsona")
    assert (found.name, found.kind) == ("park Wilsona", "place")


@pytest.mark.parametrize("typed", ["", "d", "%", "_", "zzzzqqqq", "'; DROP TABLE streets --", "٤٢"])
def test_nothing_is_found_where_there_is_nothing(session: Session, city: City, typed: str) -> None:
    assert search_places(session, city, typed) == []


def test_another_citys_streets_are_not_offered(session: Session) -> None:
    other = make_city(session, "osh", square=(72.7, 40.4, 72.9, 40.6))
    assert search_places(session, other, "Dąbrowskiego") == []
    assert find_nearest_address(session, other, Point(52.4102, 16.856)) is None


def test_the_address_of_a_point_is_the_closest_house(session: Session, city: City) -> None:
    # 30 m to the west of number 42 and 40 m to the east of 40.
    found = find_nearest_address(session, city, Point(52.4102, 16.85556))
    assert found is not None
    assert found.name == "Jana Henryka Dąbrowskiego 42"
    assert found.metres == pytest.approx(30, abs=1)


def test_metres_decide_not_degrees(session: Session, city: City, take: Import) -> None:
    take(
        # 0.0006 degrees of longitude are 41 m here, 0.0005 of latitude 56 m.
        house("Wschodnia", "1", 52.4, 16.9006),
        house("Północna", "1", 52.4005, 16.9),
    )
    found = find_nearest_address(session, city, Point(52.4, 16.9))
    assert found is not None
    assert found.name == "Wschodnia 1"


def test_without_a_house_close_by_the_street_is_told(session: Session, city: City) -> None:
    found = find_nearest_address(session, city, Point(52.4105, 16.862))
    assert found is not None
    assert (found.name, found.kind) == ("Jana Henryka Dąbrowskiego", "street")


def test_in_the_middle_of_a_forest_there_is_no_address(session: Session, city: City) -> None:
    assert find_nearest_address(session, city, Point(52.31, 16.99)) is None


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Dąbrowskiego 42", ["Jana Henryka Dąbrowskiego 42"]),
        ("Домбровского", []),  # spelt alike is not sure enough
        ("plac Stalina", ["plac Wolności"]),
        ("Dąbrowskiego 43", []),
        ("dąbrow", []),
        ("przy parku", []),
        ("Polna 3", ["Polna 3"]),
    ],
)
def test_words_are_believed_only_when_they_are_sure(
    session: Session, city: City, written: str, found: list[str]
) -> None:
    assert [one.name for one in find_written_address(session, city, written)] == found
