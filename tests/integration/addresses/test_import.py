"""A city's streets and houses come from a CSV or from OpenStreetMap, as a whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from geoalchemy2 import Geometry
from sqlalchemy import cast, func, select
from sqlalchemy.orm import Session

from civicmap.domain.addresses.models import AddressPoint, Street, StreetName
from civicmap.domain.addresses.queries.kept import find_import
from civicmap.domain.addresses.queries.nearest import find_nearest_address
from civicmap.domain.addresses.queries.search import search_places
from civicmap.domain.jurisdictions.queries import City
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import Point
from tests.integration.addresses.conftest import Import, house, street

OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="test">
  <node id="1" lat="52.41" lon="16.85"/>
  <node id="2" lat="52.41" lon="16.86"/>
  <node id="3" lat="52.41" lon="17.20"/>
  <node id="4" lat="52.4102" lon="16.852">
    <tag k="addr:housenumber" v="12;14"/><tag k="addr:street" v="Абай даңғылы"/>
    <tag k="addr:postcode" v="050000"/>
  </node>
  <node id="5" lat="52.4201" lon="16.8501"/><node id="6" lat="52.4201" lon="16.8503"/>
  <node id="7" lat="52.4203" lon="16.8503"/><node id="8" lat="52.4203" lon="16.8501"/>
  <node id="9" lat="52.45" lon="16.95">
    <tag k="name" v="Парк Панфилова"/><tag k="leisure" v="park"/>
    <tag k="name:en" v="Panfilov Park"/>
  </node>
  <node id="10" lat="53.9" lon="16.95">
    <tag k="addr:housenumber" v="1"/><tag k="addr:street" v="Daleka"/>
  </node>
  <node id="11" lat="52.46" lon="16.95"><tag k="name" v="Ларёк"/><tag k="shop" v="kiosk"/></node>
  <way id="20">
    <nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="999"/>
    <tag k="highway" v="residential"/><tag k="name" v="Абай даңғылы"/>
    <tag k="name:ru" v="проспект Абая"/><tag k="old_name" v="проспект Ленина;Головной арык"/>
  </way>
  <way id="21">
    <nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="8"/><nd ref="5"/>
    <tag k="building" v="yes"/><tag k="addr:housenumber" v="7"/><tag k="addr:place" v="Аламедин-1"/>
  </way>
  <way id="22"><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="5"/></way>
  <way id="23">
    <nd ref="5"/><nd ref="7"/><tag k="highway" v="proposed"/><tag k="name" v="Болашак"/>
  </way>
  <relation id="30">
    <member type="way" ref="22" role="outer"/>
    <tag k="type" v="multipolygon"/><tag k="building" v="yes"/>
    <tag k="addr:housenumber" v="9"/><tag k="addr:place" v="Аламедин-1"/>
  </relation>
</osm>
"""


def run(app: Flask, *arguments: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=["addresses", *map(str, arguments)])


def names(session: Session) -> list[str]:
    return list(session.scalars(select(Street.name).order_by(Street.name)))


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "houses.csv"
    path.write_text(
        "LON,LAT,NUMBER,STREET,UNIT,CITY,POSTCODE\n"
        "16.85,52.41,42,Dąbrowskiego,,Poznań,60-843\n"
        '16.851,52.41,"42, A",Dąbrowskiego,,Poznań,60-843\n'
        "13.40,52.52,1,Unter den Linden,,Berlin,10117\n"
        "52.41,16.85,44,Dąbrowskiego,,Poznań,\n"
        ",52.41,45,Dąbrowskiego,,Poznań,\n"
        "16.85,1e2,46,Dąbrowskiego,,Poznań,\n"
        "16.85,52.41,47,,,Poznań,\n"
        "16.85,52.41,48\n"
        "16.85,52.41,49," + "x" * 200 + ",,,\n",
        encoding="utf-8",
    )
    with path.open("ab") as file:
        file.write(b"16.85,52.41,50,Gr\xfcnwald,,,\n")
    return path


def test_openaddresses_columns_are_found_and_faults_told_by_line(
    app: Flask, session: Session, city: City, table: Path, tmp_path: Path
) -> None:
    listed = tmp_path / "faults.txt"
    told = run(app, "import", "poznan", table, "--faults", listed)
    assert told.exit_code == 0, told.output
    assert "1 streets and places, 2 house numbers" in told.output
    assert "1 left out, outside" in told.output
    assert listed.read_text().splitlines() == [
        "line 5: Its latitude and longitude are swapped.",
        "line 6: It has no position.",
        "line 7: “1e2” is not a coordinate. Write plain degrees, for example 52.4083.",
        "line 8: It has no street.",
        "line 9: It has 3 fields; the header has 7.",
        "line 10: The text has 200 characters; at most 120 can be taken.",
        "line 11: Part of the text could not be read and was left out. Check it and send it again.",
    ]
    found = search_places(session, city, "dabrowskiego 42")
    assert [place.name for place in found][:2] == ["Dąbrowskiego 42", "Dąbrowskiego 42, A"]


def test_a_citys_own_columns_are_named(
    app: Flask, session: Session, city: City, tmp_path: Path
) -> None:
    path = tmp_path / "houses.csv"
    path.write_text(
        "\ufeffКӨЧӨ;УЛИЦА;ҮЙ;X;Y\nЧүй проспектиси;проспект Чуй;5;16,85;52,41\n", encoding="utf-8"
    )
    columns = ("street=КӨЧӨ", "street_ru=улица", "number=ҮЙ", "lon=X", "lat=Y")
    options = [part for column in columns for part in ("--column", column)]
    told = run(app, "import", "poznan", path, *options, "--credit", "Бишкек шаары")
    assert told.exit_code == 0, told.output
    assert search_places(session, city, "chuy 5")[0].name == "Чүй проспектиси, 5"
    there = find_import(session, city.id)
    assert there is not None
    assert (there.source, there.credit, there.houses) == ("houses.csv", "Бишкек шаары", 1)


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        ("", [], "The file is empty"),
        ("a,b,c\n1,2,3\n", [], "The file has no column “lon”. Its columns are: a, b, c."),
        ("PK\x03\x04", [], "a spreadsheet, not a CSV file"),
        ("lon,lat,street\n", ["--column", "strasse=a"], "no field “strasse”"),
        ("lon,lat,street\n", ["--column", "street"], "--column street=ULICA"),
        ("lon,lat,street\n", ["--column", "street=ULICA"], "no column “ULICA”"),
        ("lon,lat,street\n1,2,Polna\n", [], "Nothing in this file lies inside"),
        ("lon,lat,street\n", [], "Nothing in this file lies inside"),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(  # noqa: PLR0917 - fixtures and cases
    app: Flask, session: Session, polna: None, tmp_path: Path, content: str, options: list[str],
    sentence: str,
) -> None:  # fmt: skip
    path = tmp_path / "houses.csv"
    path.write_text(content)
    told = run(app, "import", "poznan", path, *options)
    assert told.exit_code == 1
    assert sentence in told.output
    assert names(session) == ["Polna"]


@pytest.fixture
def polna(take: Import) -> None:
    take(house("Polna", "1", 52.41, 16.85))


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "city.osm"
    path.write_text(OSM, encoding="utf-8")
    return path


def packed(extract: Path) -> Path:
    """The same as Geofabrik sends it."""
    import osmium

    path = extract.with_suffix(".osm.pbf")
    with osmium.SimpleWriter(str(path)) as writer:
        for found in osmium.FileProcessor(str(extract)):
            writer.add(found)
    return path


@pytest.mark.parametrize("is_packed", [False, True])
def test_an_openstreetmap_extract_gives_streets_houses_and_places(
    app: Flask, session: Session, city: City, extract: Path, is_packed: bool
) -> None:
    told = run(app, "import", "poznan", packed(extract) if is_packed else extract)
    assert told.exit_code == 0, told.output
    assert names(session) == ["Абай даңғылы", "Аламедин-1", "Парк Панфилова"]
    assert sorted(session.scalars(select(AddressPoint.number))) == ["12", "14", "7", "9"]
    for typed in ("abai 12", "проспект Абая 12", "Абая, 12"):
        assert search_places(session, city, typed)[0].name == "Абай даңғылы, 12", typed
    (old,) = search_places(session, city, "проспект Ленина")
    assert (old.name, old.detail) == ("Абай даңғылы", "проспект Ленина · East")
    assert search_places(session, city, "alamedin 7")[0].name == "Аламедин-1, 7"
    assert search_places(session, city, "panfilov")[0].name == "Panfilov Park"
    there = find_import(session, city.id)
    assert there is not None
    assert there.credit == "© OpenStreetMap contributors"


def test_a_street_that_leads_out_of_the_city_ends_at_its_boundary(
    app: Flask, session: Session, city: City, extract: Path
) -> None:
    run(app, "import", "poznan", extract)
    length = session.scalar(
        select(func.ST_XMax(cast(Street.shape, Geometry))).where(Street.name == "Абай даңғылы")
    )
    assert length == pytest.approx(17.0)


@pytest.mark.parametrize("name", ["broken.osm", "broken.osm.pbf"])
def test_a_broken_extract_is_refused_as_a_whole(
    app: Flask, session: Session, polna: None, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(OSM.encode()[:1500])
    told = run(app, "import", "poznan", path)
    assert told.exit_code == 1
    assert "cannot be read as OpenStreetMap data" in told.output
    assert names(session) == ["Polna"]


def test_a_second_import_replaces_the_first_and_leaves_other_cities_alone(
    session: Session, city: City, take: Import
) -> None:
    take(street("Stara", (52.41, 16.85), (52.41, 16.86)), house("Stara", "1", 52.41, 16.85))
    outcome = take(house("Nowa", "1", 52.41, 16.85), source="second")
    assert (outcome.streets, outcome.houses) == (1, 1)
    assert names(session) == ["Nowa"]
    assert count(session, AddressPoint) == 1
    assert count(session, StreetName) == 1
    again = take(house("Nowa", "1", 52.41, 16.85), source="second")
    assert (again.streets, again.houses) == (1, 1)
    assert names(session) == ["Nowa"]


def test_an_import_that_breaks_off_leaves_the_old_streets(
    session: Session, city: City, take: Import
) -> None:
    take(house("Stara", "1", 52.41, 16.85))
    with pytest.raises(InvalidInput):
        take(house("Daleka", "1", 53.9, 16.85))
    assert names(session) == ["Stara"]


def test_ul_polna_and_polna_are_one_street_and_two_far_apart_are_two(
    session: Session, city: City, take: Import
) -> None:
    take(
        street("Polna", (52.33, 16.82), (52.33, 16.83)),
        house("ul. Polna", "1", 52.3301, 16.821),
        house("Polna", "1", 52.47, 16.98),
        house("plac Polny", "1", 52.3301, 16.821),
    )
    assert names(session) == ["Polna", "Polna", "plac Polny"]
    assert find_nearest_address(session, city, Point(52.3301, 16.8211)) is not None


def test_the_list_shows_where_addresses_come_from_and_remove_forgets_them(
    app: Flask, session: Session, city: City, take: Import
) -> None:
    assert run(app, "list").output.splitlines()[1].split() == ["poznan", "-", "-", "-"]
    take(house("Polna", "1", 52.41, 16.85), source="houses.csv")
    assert "houses.csv" in run(app, "list").output
    assert run(app, "remove", "poznan").exit_code == 0
    assert find_import(session, city.id) is None
    assert (count(session, Street), count(session, AddressPoint)) == (0, 0)
    assert run(app, "remove", "nowhere").exit_code == 1
