import csv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from civicmap.config import CHECKOUT
from civicmap.domain.categories.queries import get_offered_category
from civicmap.domain.departments.queries import list_departments
from civicmap.domain.jurisdictions.queries import City, find_areas_at, get_city
from civicmap.domain.publicmap.view import get_view_counts
from civicmap.domain.reports.import_table import ImportTable
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.queries.public.report import get_public_report
from civicmap.domain.routing.queries import find_route
from civicmap.foundation.geo import Point, morton
from tests.factories.cities import make_city
from tests.factories.reports import make_report
from tests.integration.cli.conftest import Run
from tests.real_files import needs_real_files, real_file

EXAMPLES = CHECKOUT / "docs" / "examples"
HEADER = "id,kind,state,made,done,lat,lon,office,office name,street,text,answer"
MAPPING = """\
version: 1
source: old-system
columns:
  external_id: id
  category: kind
  status: state
  created_at: made
  closed_at: done
  latitude: lat
  longitude: lon
  department: office
  department_name: office name
  address: street
  description: text
  outcome: answer
categories: {Hole: pothole, Lamp: streetlight, Signal: traffic_signal, Joke: skip}
statuses: {New: open, Work: in_progress, Done: fixed, Refused: wont_fix}
language: pl
"""
FIXED = "1,Hole,Done,2024-03-01T10:00,2024-03-04T12:00,52.41,16.85,,,Długa 1,Głęboka,Załatane"
WORK = "2,Lamp,Work,2024-03-02T10:00,,52.41,16.95,,,,Ciemno,"
OPEN = "3,Signal,New,2024-03-03T10:00,,52.41,16.95,,,,,"


class Import:
    """Writes a file and a mapping and runs the command on them."""

    def __init__(self, run: Run, folder: Path) -> None:
        self._run = run
        self._folder = folder
        self.faults_path = folder / "faults.csv"

    def __call__(
        self,
        *rows: str,
        header: str = HEADER,
        mapping: str = MAPPING,
        city: str = "poznan",
        status: int = 0,
    ) -> str:
        file, mapping_path = self._folder / "rows.csv", self._folder / "mapping.yaml"
        file.write_text("\n".join([header, *rows, ""]), "utf-8")
        mapping_path.write_text(mapping, "utf-8")
        return self._run(
            "import", "reports", file, "--city", city, "--mapping", mapping_path,
            "--faults", self.faults_path, status=status,
        ).output  # fmt: skip

    @property
    def faults(self) -> list[tuple[str, str]]:
        with self.faults_path.open(encoding="utf-8", newline="") as file:
            return [(row["line"], row["reason"]) for row in csv.DictReader(file)]


@pytest.fixture
def importing(run: Run, poznan: City, tmp_path: Path) -> Import:
    return Import(run, tmp_path)


def by_external_id(session: Session) -> dict[str, Report]:
    rows = session.scalars(select(Report).where(Report.external_id.is_not(None)))
    return {row.external_id or "": row for row in rows}


def test_rows_become_reports_with_their_own_dates(
    importing: Import, session: Session, poznan: City
) -> None:
    output = importing(FIXED, WORK, OPEN)
    assert "3 rows" in output
    assert "3 reports added: 1 open, 1 in progress, 1 fixed" in output
    assert importing.faults == []
    report = by_external_id(session)["1"]
    assert report.number.startswith("PO-")
    assert report.created_at == datetime(2024, 3, 1, 9, 0, tzinfo=UTC)
    assert report.closed_at == report.status_since == datetime(2024, 3, 4, 11, 0, tzinfo=UTC)
    assert (report.words, report.address, report.language) == ("Głęboka", "Długa 1", "pl")
    assert report.morton == morton(Point(52.41, 16.85))
    assert (report.channel, report.placed_by, report.visibility) == (
        "import",
        "imported",
        "public",
    )
    assert report.fix_by is None
    assert get_view_counts(session, poznan.id, Filters()).statuses.total == 3


def test_a_number_that_a_report_or_another_row_has_is_drawn_again(
    importing: Import, session: Session, poznan: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = make_report(session, poznan).number
    session.commit()
    drawn = iter([there, "PO-7K4M-2Q", "PO-7K4M-2Q", there, "PO-7K4M-2R", "PO-7K4M-2T"])
    monkeypatch.setattr(f"{ImportTable.__module__}.new_number", lambda prefix: next(drawn))
    output = importing(FIXED, WORK, OPEN)
    assert "3 reports added: 1 open, 1 in progress, 1 fixed" in output
    numbers = {row.number for row in by_external_id(session).values()}
    assert numbers == {"PO-7K4M-2Q", "PO-7K4M-2R", "PO-7K4M-2T"}
    for number in numbers:
        report = get_public_report(session, poznan.id, number)
        assert report.events[0].kind == "reported"
        assert report.events[-1].kind == "imported"


def test_the_timeline_tells_what_happened_and_that_it_was_taken_over(
    importing: Import, session: Session, poznan: City
) -> None:
    importing(FIXED, OPEN)
    reports = by_external_id(session)
    fixed = get_public_report(session, poznan.id, reports["1"].number)
    assert [event.kind for event in fixed.events] == ["reported", "status_changed", "imported"]
    assert fixed.events[1].words == "Załatane"
    assert fixed.events[1].new == {"status": "fixed"}
    assert fixed.version == 3
    waiting = get_public_report(session, poznan.id, reports["3"].number)
    assert [event.kind for event in waiting.events] == ["reported", "imported"]
    assert waiting.version == 2


def test_importing_again_changes_nothing_and_a_later_file_adds_only_what_is_new(
    importing: Import, session: Session, poznan: City
) -> None:
    importing(FIXED, WORK)
    before = {key: (row.id, row.number) for key, row in by_external_id(session).items()}
    output = importing(FIXED, WORK)
    assert "0 reports added" in output
    assert "2 were there already" in output
    output = importing(FIXED, WORK, OPEN)
    assert "1 report added: 1 open" in output
    after = {key: (row.id, row.number) for key, row in by_external_id(session).items()}
    assert {key: after[key] for key in before} == before
    assert get_view_counts(session, poznan.id, Filters()).statuses.total == 3


def test_the_same_id_from_another_source_is_another_report(
    importing: Import, session: Session, poznan: City
) -> None:
    importing(FIXED)
    importing(FIXED, mapping=MAPPING.replace("old-system", "older-system"))
    assert get_view_counts(session, poznan.id, Filters()).statuses.fixed == 2


def test_the_same_id_in_another_city_is_another_report(
    importing: Import, session: Session, poznan: City
) -> None:
    gniezno = make_city(session, "gniezno", square=(17.5, 52.5, 17.7, 52.6))
    importing(FIXED)
    importing(FIXED.replace("52.41,16.85", "52.55,17.6"), city="gniezno")
    assert get_view_counts(session, gniezno.id, Filters()).statuses.total == 1
    assert get_view_counts(session, poznan.id, Filters()).statuses.total == 1


def test_rows_that_cannot_be_taken_are_listed_by_line_and_the_rest_go_in(
    importing: Import, session: Session, poznan: City
) -> None:
    output = importing(
        FIXED,
        WORK.replace("52.41,16.95", ","),
        OPEN.replace("52.41,16.95", "50.0,10.0"),
        OPEN.replace("3,Signal", "4,Signal").replace("52.41,16.95", "16.95,52.41"),
        OPEN.replace("3,Signal", "5,Bear"),
        OPEN.replace("3,Signal", "6,Joke"),
        OPEN.replace("3,Signal", "7,Hole").replace(",,,,,", ",zdm,,,,"),
    )
    assert "7 rows" in output
    assert "1 report added: 1 fixed" in output
    assert "1 left out as the mapping says" in output
    assert "5 not taken (listed in" in output
    assert importing.faults == [
        ("3", "It has no position."),
        ("4", "It is outside Poznan."),
        ("5", "Its latitude and longitude are swapped."),
        ("6", "The mapping has no category for “Bear”."),
        ("8", "There is no department “zdm”, and the file does not name it."),
    ]
    assert get_view_counts(session, poznan.id, Filters()).statuses.total == 1


def test_departments_that_the_file_names_are_added_once(
    importing: Import, session: Session, poznan: City
) -> None:
    rows = [
        OPEN.replace(",,,,,", ",ZDM,Zarząd Dróg,,,"),
        OPEN.replace("3,", "4,", 1).replace(",,,,,", ",ZDM,,,,"),
        OPEN.replace("3,", "5,", 1).replace(",,,,,", ",roads,Other name,,,"),
    ]
    assert "1 departments added: zdm" in importing(*rows)
    codes = {row.code: row for row in list_departments(session, poznan.id)}
    assert codes["zdm"].names == {"pl": "Zarząd Dróg"}
    assert codes["roads"].names["en"] == "Roads"
    reports = by_external_id(session)
    assert reports["3"].department_id == reports["4"].department_id == codes["zdm"].id
    assert reports["5"].department_id == codes["roads"].id
    assert reports["3"].routing_reason == {"kind": "imported", "department": "zdm"}


def test_rows_that_name_no_department_go_where_a_new_report_would(
    run: Run, importing: Import, session: Session, poznan: City
) -> None:
    for options in (
        ["--area", "West", "--department", "roads"],
        ["--group", "lights", "--area", "West", "--department", "lighting"],
        ["--category", "traffic_signal", "--department", "roads"],
    ):
        run("routing", "add", "poznan", *options)
    kinds = {"Hole": "pothole", "Lamp": "streetlight", "Signal": "traffic_signal"}
    places = [Point(52.41, 16.85), Point(52.41, 16.95), Point(52.41, 16.9), Point(52.3, 16.8)]
    rows: list[str] = []
    expected = {}
    for kind, category in kinds.items():
        for point in places:
            external_id = str(len(rows))
            rows.append(
                f"{external_id},{kind},New,2024-01-01,,{point.latitude},{point.longitude},,,,,"
            )
            areas = find_areas_at(session, poznan.id, point)
            route = find_route(
                session,
                poznan.id,
                category=get_offered_category(session, poznan.id, category),
                areas=areas,
            )
            expected[external_id] = (route.department_id, route.reason, areas[0].id)
    assert f"{len(rows)} reports added" in importing(*rows)
    found = {
        key: (row.department_id, row.routing_reason, row.area_id)
        for key, row in by_external_id(session).items()
    }
    assert found == expected
    assert len({department for department, _, _ in found.values()}) == 2


def test_reports_of_residents_stay_as_they_are(
    importing: Import, session: Session, poznan: City
) -> None:
    sent = make_report(session, poznan)
    importing(FIXED, WORK, OPEN)
    mine = session.scalars(select(Report).where(Report.number == sent.number)).one()
    assert (mine.status, mine.version, mine.external_id) == ("open", 1, None)


def test_imported_reports_can_be_held_back(
    importing: Import, session: Session, poznan: City
) -> None:
    importing(FIXED, mapping=MAPPING + "visibility: held\n")
    assert get_view_counts(session, poznan.id, Filters()).statuses.total == 0
    assert by_external_id(session)["1"].visibility == "held"


def test_imported_pins_can_show_before_their_words(
    importing: Import, session: Session, poznan: City
) -> None:
    importing(FIXED, mapping=MAPPING + "visibility: words_held\n")
    assert get_view_counts(session, poznan.id, Filters()).statuses.total == 1
    number = by_external_id(session)["1"].number
    public = get_public_report(session, poznan.id, number)
    assert (public.words, public.address, {event.words for event in public.events}) == (
        "",
        "",
        {""},
    )
    session.execute(update(Report).values(content="shown"))
    shown = get_public_report(session, poznan.id, number)
    assert shown.words
    assert any(event.words for event in shown.events)


def test_text_with_tabs_line_ends_and_backslashes_arrives_as_it_was(
    importing: Import, session: Session
) -> None:
    importing(OPEN.replace(",,,,,", ',,,"C:\\temp\\N","a\tb\nc \\.",'))
    report = by_external_id(session)["3"]
    assert report.address == "C:\\temp\\N"
    assert report.words == "a b c \\."


def test_a_list_of_faults_holds_no_formulas(importing: Import) -> None:
    importing(OPEN.replace("3,Signal", "=cmd(),Bear"))
    assert "'=cmd()" in importing.faults_path.read_text("utf-8")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"header": HEADER.replace("kind", "sort")}, "The file has no column “kind”. Its columns"),
        ({"header": HEADER.replace(",", ";")}, "separated by “;”: say so in “delimiter”"),
        ({"mapping": MAPPING.replace("pothole", "dragon")}, "there is no category “dragon”"),
        ({"mapping": "version: [1"}, "this is not YAML"),
        ({"city": "atlantis"}, "There is no such city here."),
    ],
)
def test_what_cannot_be_read_at_all_is_refused_in_a_sentence(
    importing: Import, session: Session, changed: dict[str, str], sentence: str
) -> None:
    output = importing(FIXED, status=1, **changed)
    assert sentence in output
    assert "Traceback" not in output
    assert by_external_id(session) == {}


def test_without_a_faults_file_the_first_ones_are_shown(
    run: Run, importing: Import, tmp_path: Path
) -> None:
    importing(*[OPEN.replace("3,Signal", f"{number},Bear") for number in range(20)])
    output = run(
        "import", "reports", tmp_path / "rows.csv", "--city", "poznan",
        "--mapping", tmp_path / "mapping.yaml",
    ).output  # fmt: skip
    assert "20 not taken (give --faults FILE to list all)" in output
    assert output.count("The mapping has no category for “Bear”.") == 10
    assert "  line 2: " in output


@needs_real_files
def test_new_york_s_history_goes_in_and_the_counters_agree_with_the_files(
    run: Run, session: Session, tmp_path: Path
) -> None:
    run("categories", "sync")
    run(
        "city", "add", real_file("nyc_boroughs.geojson"), "--name", "New York",
        "--country", "US", "--time-zone", "America/New_York", "--language", "en",
    )  # fmt: skip
    files = [
        ("nyc_311_may2022.csv", "nyc_311_2022.yaml", "Latitude", "Status", "Agency"),
        ("nyc_311_dec2023_500.csv", "nyc_311_2023.yaml", "latitude", "status", "agency"),
    ]
    ours = {"Open": "open", "Assigned": "in_progress", "In Progress": "in_progress",
            "Closed": "fixed"}  # fmt: skip
    statuses: Counter[str] = Counter()
    agencies: Counter[str] = Counter()
    for name, mapping, latitude, status, agency in files:
        faults = tmp_path / f"{name}.faults.csv"
        arguments = [
            "import", "reports", real_file(name), "--city", "new-york",
            "--mapping", EXAMPLES / mapping, "--faults", faults,
        ]  # fmt: skip
        run(*arguments)
        assert "0 reports added" in run(*arguments).output
        with real_file(name).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        placed = [row for row in rows if row[latitude]]
        statuses.update(ours[row[status]] for row in placed)
        agencies.update(row[agency].lower() for row in placed)
        with faults.open(encoding="utf-8", newline="") as file:
            reasons = {row["reason"] for row in csv.DictReader(file)}
        assert reasons == {"It has no position."}
        assert len(faults.read_text("utf-8").splitlines()) == 1 + len(rows) - len(placed)
    city = get_city(session, "new-york")
    counts = get_view_counts(session, city.id, Filters()).statuses
    assert {status: counts[status] for status in statuses} == statuses
    assert counts.total == 1_345
    assert counts.wont_fix == 0
    for department in list_departments(session, city.id):
        only = Filters(department=department.code)
        assert get_view_counts(session, city.id, only).statuses.total == agencies[department.code]
    assert sum(get_view_counts(session, city.id, Filters()).categories.values()) == 1_345
    assert session.scalar(select(Report.id).where(Report.area_id.is_(None))) is None
