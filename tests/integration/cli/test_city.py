import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import find_areas_at, find_city_at, get_city, list_areas
from civicmap.domain.jurisdictions.queries.calendar import list_holidays, load_calendar
from civicmap.domain.jurisdictions.queries.outlines import get_outline
from civicmap.foundation.geo import Point
from tests.factories.cities import make_city
from tests.integration.cli.conftest import Run
from tests.real_files import needs_real_files, real_file

POLISH = ("--country", "PL", "--time-zone", "Europe/Warsaw", "--language", "pl")
OLD_MARKET = Point(52.4083, 16.9336)
TIMES_SQUARE = Point(40.758, -73.9855)


def square(west: float, south: float, **properties: str) -> dict[str, object]:
    east, north = west + 0.05, south + 0.05
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    features = [
        square(16.9, 52.4, name="Śródmieście"),
        square(16.95, 52.4, name="Wilda", **{"name:ru": "Вильда"}),
    ]
    path = tmp_path / "city.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def test_a_city_is_added_with_all_that_was_not_said_made_for_it(
    run: Run, session: Session, small_file: Path
) -> None:
    output = run("city", "add", small_file, "--name", "Łódź", *POLISH, "--language", "en").output
    assert "Added Łódź (lodz): 2 areas" in output
    city = get_city(session, "lodz")
    assert city.names == {"pl": "Łódź"}
    assert city.languages == ("pl", "en")
    assert city.number_prefix == "LO"
    assert (city.view.latitude, city.view.longitude) == pytest.approx((52.425, 16.95))
    areas = list_areas(session, city.id)
    assert [area.slug for area in areas] == ["srodmiescie", "wilda"]
    assert areas[1].names == {"ru": "Вильда"}
    assert date(date.today().year, 5, 3) in {day.day for day in list_holidays(session, city.id)}  # noqa: DTZ011


def test_everything_can_be_said(run: Run, session: Session, small_file: Path) -> None:
    run(
        "city", "add", small_file, "--name", "pl=Gród", "--name", "en=Burgh", *POLISH,
        "--slug", "burgh", "--prefix", "BUR", "--view", "52.41, 16.92", "--zoom", "14",
        "--no-holidays",
    )  # fmt: skip
    city = get_city(session, "burgh")
    assert city.names == {"pl": "Gród", "en": "Burgh"}
    assert (city.number_prefix, city.view, city.view_zoom) == ("BUR", Point(52.41, 16.92), 14)
    assert list_holidays(session, city.id) == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--time-zone", "Warsaw"], "There is no time zone “Warsaw”."),
        (["--country", "Poland"], "two capital letters"),
        (["--language", "de"], "civicmap does not speak “de”"),
        (["--slug", "Big City"], "“Big City” cannot stand in an address"),
        (["--slug", "staff"], "“staff” is the address of another page."),
        (["--slug", "poznan"], "There is a city “poznan” already."),
        (["--prefix", "P"], "two or three capital letters"),
        (["--prefix", "PO"], "Another city has the prefix PO."),
        (["--view", "40.7, -74"], "The map would open outside of the city."),
        (["--view", "somewhere"], "“somewhere” is not a position."),
        (["--zoom", "30"], "The zoom of the map is 0 to 19."),
        (["--name", "x" * 90], "at most 80"),
        (["--name-property", "label"], "Feature 1 has no “label”. Its properties are: “name”."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_nothing_is_kept(
    run: Run, session: Session, small_file: Path, options: list[str], sentence: str
) -> None:
    make_city(session)
    name = [] if options[0] == "--name" else ["--name", "Gród"]
    before = ["city", "add", str(small_file), *name, *POLISH]
    output = run(*before, *options, status=1).output
    assert sentence in output
    assert "Traceback" not in output
    assert "grod" not in run("city", "list").output


def test_a_country_whose_holidays_nobody_knows_is_told(run: Run, small_file: Path) -> None:
    arguments = ["--name", "X", "--country", "XX", "--time-zone", "UTC", "--language", "en"]
    assert (
        "holidays of “XX” are not known"
        in run("city", "add", small_file, *arguments, status=1).output
    )
    assert "Added X" in run("city", "add", small_file, *arguments, "--no-holidays").output


def test_two_cities_of_like_names_get_different_prefixes(
    run: Run, session: Session, small_file: Path
) -> None:
    for name in ("Gród", "Grodno", "Grodzisk"):
        run("city", "add", small_file, "--name", name, *POLISH, "--no-holidays")
    slugs = ("grod", "grodno", "grodzisk")
    assert len({get_city(session, slug).number_prefix for slug in slugs}) == 3


def test_a_file_that_is_not_there_is_told(run: Run) -> None:
    assert "does not exist" in run("city", "add", "nowhere.json", *POLISH, status=2).output


def test_days_off_and_moved_working_days_can_be_set_and_removed(run: Run, session: Session) -> None:
    city = make_city(session)
    run("city", "holidays", "poznan", "--fill", "2026", "2026")
    output = run(
        "city", "holidays", "poznan",
        "--off", "2026-06-05", "Bridge day", "--working", "2026-06-06", "Instead of 5 June",
        "--remove", "2026-01-06",
    ).output  # fmt: skip
    assert "2026-06-05 Fri  Bridge day" in output
    assert "2026-06-06 Sat  Instead of 5 June (working day)" in output
    assert "2026-01-06" not in output
    calendar = load_calendar(session, city.id)
    assert not calendar.is_working_day(date(2026, 6, 5))
    assert calendar.is_working_day(date(2026, 6, 6))
    assert calendar.is_working_day(date(2026, 1, 6))


@pytest.mark.parametrize(
    ("options", "status", "sentence"),
    [
        (["--off", "5 June", "x"], 2, "“5 June” is no day"),
        (["--remove", "2026-06-05"], 1, "2026-06-05 is no special day in this city."),
        (["--fill", "1900", "2100"], 2, "at most 20 apart"),
    ],
)
def test_a_day_that_is_none_is_refused(
    run: Run, session: Session, options: list[str], status: int, sentence: str
) -> None:
    make_city(session)
    assert sentence in run("city", "holidays", "poznan", *options, status=status).output


def test_a_city_that_is_not_there_is_told(run: Run) -> None:
    assert "There is no such city here." in run("city", "show", "atlantis", status=1).output
    assert "There is no city yet" in run("city", "list").output


@needs_real_files
def test_poznan_and_new_york_live_on_one_installation(run: Run, session: Session) -> None:
    output = run(
        "city", "add", real_file("poznan-districts.geojson"), "--name", "Poznań", *POLISH
    ).output
    assert "Added Poznań (poznan): 42 areas, 260.9 km²" in output
    output = run(
        "city", "add", real_file("nyc_boroughs.geojson"), "--name", "New York",
        "--country", "US", "--time-zone", "America/New_York", "--language", "en",
    ).output  # fmt: skip
    assert "Feature 2 (Queens): its border touches itself near 40.789010, -73.837280." in output
    assert "Added New York (new-york): 5 areas" in output
    poznan, new_york = get_city(session, "poznan"), get_city(session, "new-york")
    assert find_city_at(session, OLD_MARKET) == poznan
    assert find_city_at(session, TIMES_SQUARE) == new_york
    assert [area.slug for area in find_areas_at(session, poznan.id, OLD_MARKET)] == ["stare-miasto"]
    assert [area.slug for area in find_areas_at(session, new_york.id, TIMES_SQUARE)] == [
        "manhattan"
    ]
    outline = get_outline(session, poznan.id)
    assert len(outline.areas) == 42
    assert len(json.dumps(outline.areas, separators=(",", ":"))) < 50_000
    shown = run("city", "show", "new-york").output
    assert "numbers    NY-…" in shown
    assert "Staten Island" in shown


@needs_real_files
def test_poznan_in_the_wrong_time_zone_of_the_world_is_no_swap(run: Run) -> None:
    arguments = ["--name", "Poznań", "--country", "US", "--language", "en", "--no-holidays"]
    run(
        "city", "add", real_file("poznan-districts.geojson"), *arguments,
        "--time-zone", "America/New_York",
    )  # fmt: skip


def test_the_residents_of_districts_are_set_from_a_table(
    run: Run, session: Session, tmp_path: Path
) -> None:
    city = make_city(session)
    path = tmp_path / "residents.csv"
    path.write_bytes(b"\xef\xbb\xbfdistrict;residents\r\nwest;12000\r\n")
    output = run("city", "populations", "poznan", path).output
    assert output == "Poznan: 1 districts changed, 0 are as they were\nNot in the file: East\n"
    assert {area.slug: area.population for area in list_areas(session, city.id)} == {
        "west": 12_000,
        "east": None,
    }
    outlined = {area["slug"]: area["population"] for area in get_outline(session, city.id).areas}
    assert outlined == {"west": 12_000, "east": None}
    # What was kept of the outline is stale; saying the same again changes nothing.
    revision = get_city(session, "poznan").revision
    assert revision > city.revision
    assert "0 districts changed, 1 are" in run("city", "populations", "poznan", path).output
    assert get_city(session, "poznan").revision == revision
    assert "12,000" in run("city", "show", "poznan").output
    path.write_text("district,residents\nWEST,\nEast,5\n")
    assert "2 districts changed" in run("city", "populations", "poznan", path).output
    assert [area.population for area in list_areas(session, city.id)] == [5, None]


def test_a_table_that_calls_a_district_by_a_wrong_name_changes_nothing(
    run: Run, session: Session, tmp_path: Path
) -> None:
    city = make_city(session)
    path = tmp_path / "residents.csv"
    session.commit()  # a refused command undoes its own work alone
    path.write_text("district,residents\nwest,12000\nNowhere,5\nWest,7\nSouth,1\n")
    output = run("city", "populations", "poznan", path, status=1).output
    assert output.splitlines()[1:] == [
        "Line 3: there is no district “Nowhere” in this city.",
        "Line 4: West stands in line 2 already.",
        "Line 5: there is no district “South” in this city.",
    ]
    assert [area.population for area in list_areas(session, city.id)] == [None, None]
    run("city", "populations", "nowhere", path, status=1)
