import pytest
from sqlalchemy.orm import Session

from civicmap.domain.categories.queries import get_offered_category
from civicmap.domain.departments.queries import get_department, list_departments
from civicmap.domain.jurisdictions.queries import City, find_areas_at
from civicmap.domain.routing.queries import find_route, list_places, list_rules
from civicmap.foundation.geo import Point
from tests.factories.cities import make_city
from tests.integration.cli.conftest import Run

WEST = Point(52.4, 16.85)
EAST = Point(52.4, 16.95)


def goes_to(session: Session, city: City, category: str, point: Point) -> str | None:
    route = find_route(
        session,
        city.id,
        category=get_offered_category(session, city.id, category),
        areas=find_areas_at(session, city.id, point),
    )
    return route.department_code


def test_a_department_is_added_with_its_card(run: Run, session: Session, poznan: City) -> None:
    run(
        "department", "add", "poznan", "parks", "--name", "Zieleń", "--name", "en=Parks",
        "--answers-for", "pl=Drzewa i trawniki", "--room", "12", "--address", "Długa 1",
        "--hours", "mon-thu 7:30-15:30", "--hours", "fri 7:30-14:00",
        "--phone", "+48 61 000 00 12", "--email", "parks@example.org",
    )  # fmt: skip
    parks = get_department(session, poznan.id, "parks")
    assert parks.names == {"pl": "Zieleń", "en": "Parks"}
    assert parks.responsibilities == {"pl": "Drzewa i trawniki"}
    assert parks.hours == {
        "mon": "7:30-15:30", "tue": "7:30-15:30", "wed": "7:30-15:30", "thu": "7:30-15:30",
        "fri": "7:30-14:00",
    }  # fmt: skip
    assert "parks@example.org" in run("department", "list", "poznan").output


def test_a_department_that_the_categories_know_needs_no_name(
    run: Run, session: Session, poznan: City
) -> None:
    run("department", "add", "poznan", "greenery")
    assert get_department(session, poznan.id, "greenery").names["pl"] == "Zieleń miejska"
    run("department", "add-defaults", "poznan")
    codes = {row.code for row in list_departments(session, poznan.id)}
    assert {"roads", "lighting", "greenery", "social_access"} <= codes
    assert "Added 0 departments" in run("department", "add-defaults", "poznan").output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["roads", "--name", "x"], "There is a department “roads” already."),
        (["Roads!", "--name", "x"], "“Roads!” is no code of a department"),
        (["triage", "--name", "x"], "“triage” is no code of a department"),
        (["parks"], "A department needs a name."),
        (["parks", "--name", "de=Park"], "civicmap does not speak “de”"),
        (["parks", "--name", "en=A", "--name", "en=B"], "two texts in the language “en”"),
        (["parks", "--name", "x", "--email", "nobody"], "nobody"),
        (["parks", "--name", "x", "--hours", "mon 16:00-8:00"], "closes before it opens"),
        (["parks", "--name", "x", "--hours", "monday 8:00-9:00"], "are no opening hours"),
        (["parks", "--name", "x", "--hours", "mon 8-9"], "are no opening hours"),
    ],
)
def test_a_department_that_cannot_be_is_refused(
    run: Run, poznan: City, arguments: list[str], sentence: str
) -> None:
    assert sentence in run("department", "add", "poznan", *arguments, status=1).output


def test_a_retired_department_is_asked_no_more_and_can_come_back(
    run: Run, session: Session, poznan: City
) -> None:
    assert goes_to(session, poznan, "streetlight", WEST) == "lighting"
    run("department", "retire", "poznan", "lighting")
    assert goes_to(session, poznan, "streetlight", WEST) is None
    assert (
        "no such department" in run("department", "retire", "poznan", "lighting", status=1).output
    )
    run("department", "add", "poznan", "lighting", "--name", "Latarnie")
    assert goes_to(session, poznan, "streetlight", WEST) == "lighting"


def test_what_is_said_of_a_department_can_be_replaced(
    run: Run, session: Session, poznan: City
) -> None:
    run("department", "add", "poznan", "roads", "--name", "Drogi", "--room", "7", "--change")
    assert get_department(session, poznan.id, "roads").room == "7"
    assert (
        "no such"
        in run("department", "add", "poznan", "x", "--name", "X", "--change", status=1).output
    )


def test_the_most_specific_rule_wins_at_each_place(
    run: Run, session: Session, poznan: City
) -> None:
    run("department", "add", "poznan", "office", "--name", "Biuro")
    run("routing", "add", "poznan", "--area", "West", "--department", "office")
    assert goes_to(session, poznan, "streetlight", WEST) == "office"
    assert goes_to(session, poznan, "streetlight", EAST) == "lighting"
    run("routing", "add", "poznan", "--group", "lights", "--department", "roads")
    assert goes_to(session, poznan, "streetlight", WEST) == "roads"
    run("routing", "add", "poznan", "--category", "streetlight", "--area", "west",
        "--department", "lighting")  # fmt: skip
    assert goes_to(session, poznan, "streetlight", WEST) == "lighting"
    assert goes_to(session, poznan, "traffic_signal", WEST) == "roads"
    assert goes_to(session, poznan, "pothole", WEST) == "office"


def test_a_route_is_explained_with_the_rules_it_beat(run: Run, poznan: City) -> None:
    run("routing", "add", "poznan", "--area", "West", "--department", "roads")
    run("routing", "add", "poznan", "--group", "lights", "--department", "lighting")
    output = run(
        "routing", "explain", "poznan", "--category", "streetlight", "--at", "52.4, 16.85"
    ).output
    assert "areas: West" in output
    assert "wins:   " in output
    assert output.index("group lights → lighting") < output.index("everything in west → roads")
    assert output.strip().endswith("→ lighting: Lighting")


def test_a_route_without_a_rule_is_explained_by_the_default_or_triage(
    run: Run, poznan: City
) -> None:
    where = ["--at", "52.4, 16.85"]
    default = run("routing", "explain", "poznan", "--category", "pothole", *where).output
    assert "no rule; the category's default department is roads" in default
    triage = run("routing", "explain", "poznan", "--category", "traffic_signal", *where).output
    assert "→ triage: a person decides" in triage


@pytest.mark.parametrize(
    ("category", "position", "sentence"),
    [
        ("dragon", "52.4, 16.85", "Choose what is wrong from the list."),
        ("pothole", "50, 10", "This place is outside Poznan."),
        ("pothole", "16.85, 52.4", "look swapped: did you mean 52.400000, 16.850000?"),
        ("pothole", "52.4", "“52.4” is not a position."),
    ],
)
def test_what_cannot_be_explained_is_refused(
    run: Run, poznan: City, category: str, position: str, sentence: str
) -> None:
    output = run(
        "routing", "explain", "poznan", "--category", category, "--at", position, status=1
    ).output
    assert sentence in output


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--department", "nobody"], "There is no such department in this city."),
        (["--department", "roads", "--category", "dragon"], "no category “dragon”"),
        (["--department", "roads", "--group", "dragons"], "no group of categories “dragons”"),
        (["--department", "roads", "--area", "Atlantis"], "no area “Atlantis” in this city"),
        (
            ["--department", "roads", "--category", "pothole", "--group", "lights"],
            "about a category or about a group, not both",
        ),
        (["--department", "lighting", "--area", "East"], "already says who answers for this"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(
    run: Run, poznan: City, options: list[str], sentence: str
) -> None:
    run("routing", "add", "poznan", "--area", "East", "--department", "roads")
    assert sentence in run("routing", "add", "poznan", *options, status=1).output


def test_a_rule_can_be_removed(run: Run, session: Session, poznan: City) -> None:
    run("routing", "add", "poznan", "--area", "West", "--department", "lighting")
    (row,) = list_rules(session, poznan.id)
    assert "everything" not in run("routing", "remove", "poznan", str(row.rule.id)).output
    assert "has no rules" in run("routing", "list", "poznan").output
    assert "no rule 999" in run("routing", "remove", "poznan", "999", status=1).output


def test_another_city_s_rule_cannot_be_removed(run: Run, session: Session, poznan: City) -> None:
    make_city(session, "gniezno", square=(17.5, 52.5, 17.7, 52.6))
    run("routing", "add", "poznan", "--area", "West", "--department", "lighting")
    (row,) = list_rules(session, poznan.id)
    run("routing", "remove", "gniezno", str(row.rule.id), status=1)
    assert len(list_rules(session, poznan.id)) == 1


def test_rules_that_can_never_win_are_found_with_what_beats_them(run: Run, poznan: City) -> None:
    for options in (
        ["--group", "lights", "--area", "West", "--department", "roads"],
        ["--category", "streetlight", "--department", "lighting"],
    ):
        run("routing", "add", "poznan", *options)
    assert "Every rule can win somewhere." in run("routing", "check", "poznan").output
    run("routing", "add", "poznan", "--category", "traffic_signal", "--department", "lighting")
    output = run("routing", "check", "poznan", status=1).output
    assert "group lights in west → roads: always beaten by" in output
    assert "streetlight → lighting; " in output
    run("department", "retire", "poznan", "roads")
    assert "its department is retired" in run("routing", "check", "poznan", status=1).output


def test_the_places_of_a_city_are_its_combinations_of_areas(session: Session, poznan: City) -> None:
    assert list_places(session, poznan.id) == [("east",), ("west",)]
