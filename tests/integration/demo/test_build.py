"""The demo city, built small: whole, once, and again after being cut off."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.orm import Session

from civicmap.cli.categories import read_seed_file
from civicmap.cli.demo import build
from civicmap.cli.demo.accounts import FILE_NAME, PEOPLE, read_accounts
from civicmap.cli.demo.gazetteer import install_gazetteer
from civicmap.cli.demo.past import NOT_LOOKED_AT
from civicmap.cli.demo.settlement import OLD_MARKET
from civicmap.domain.accounts.actions.people import sign_in
from civicmap.domain.addresses.actions.import_addresses import remove_addresses
from civicmap.domain.addresses.queries.nearest import find_nearest_address
from civicmap.domain.addresses.queries.search import search_places
from civicmap.domain.categories.actions import sync_categories
from civicmap.domain.departments.queries import list_departments
from civicmap.domain.jurisdictions.models import Area
from civicmap.domain.jurisdictions.queries import get_city, list_areas
from civicmap.domain.media.actions import file_name
from civicmap.domain.media.models import Photo
from civicmap.domain.moderation.queries import list_policies
from civicmap.domain.reports.models import TO_CHECK, Report, ReportEvent
from civicmap.extensions import db
from civicmap.foundation import locales
from civicmap.foundation.clock import now
from civicmap.foundation.storage import FileStorage
from tests.conftest import working_on
from tests.factories.cities import make_city
from tests.integration.publicmap.plain_count import count_reports, read_kept

REPORTS = 12

Build = Callable[..., bool]


class PowerCut(Exception):
    pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def storage(folder: Path) -> FileStorage:
    return FileStorage(folder / "photos")


@pytest.fixture
def said() -> list[str]:
    return []


def nothing(done: int, total: int) -> None:
    pass


def builder(session: Session, storage: FileStorage, folder: Path, said: list[str]) -> Build:
    """What builds the city there as far as it is missing, with `said` told what it says."""
    sync_categories(session, seed=read_seed_file())

    def build_city(progress: Callable[[int, int], None] = nothing) -> bool:
        return build.build_demo(
            session,
            storage=storage,
            state_folder=folder,
            say=said.append,
            progress=progress,
            reports=REPORTS,
        )

    return build_city


@pytest.fixture
def build_city(session: Session, storage: FileStorage, folder: Path, said: list[str]) -> Build:
    return builder(session, storage, folder, said)


def everything(session: Session) -> list[tuple[object, ...]]:
    """Every report and event there is, in the order of its making."""
    reports = session.execute(
        select(Report.idempotency_key, Report.number, Report.version, Report.status).order_by(
            Report.id
        )
    )
    events = session.execute(
        select(ReportEvent.id, ReportEvent.kind, ReportEvent.at, ReportEvent.words).order_by(
            ReportEvent.id
        )
    )
    return [tuple(row) for row in (*reports, *events)]


def test_the_city_is_whole_and_its_past_is_in_the_past(
    session: Session, build_city: Build, storage: FileStorage, client: FlaskClient
) -> None:
    steps: list[tuple[int, int]] = []

    assert build_city(lambda done, total: steps.append((done, total)))

    assert steps[-1] == (REPORTS, REPORTS)
    city = get_city(session, "poznan")
    assert city.is_demo
    assert len(list_areas(session, city.id)) == 42
    assert sum(area.population or 0 for area in list_areas(session, city.id)) == 540_000
    assert len(list_departments(session, city.id)) == 13
    assert read_kept(session).counts == count_reports(session) != {}
    assert session.scalar(select(func.count()).select_from(Report)) == REPORTS
    statuses = set(session.scalars(select(Report.status)))
    assert {"open", "fixed"} <= statuses
    assert not session.scalar(
        select(func.count())
        .select_from(ReportEvent)
        .join(Report, Report.id == ReportEvent.report_id)
        .where((ReportEvent.at > func.now()) | (ReportEvent.at < Report.created_at))
    )
    assert list_policies(session, city.id)["flytipping"] == "hold_content"
    # What was sent long ago has been looked at.
    assert not session.scalar(
        select(func.count())
        .select_from(Report)
        .where(text(TO_CHECK), Report.created_at < now() - NOT_LOOKED_AT - timedelta(hours=1))
    )
    photos = session.execute(select(Photo.key, Photo.report_id)).all()
    assert photos
    assert all(report_id for _, report_id in photos)
    assert all(storage.exists(file_name(key, "page")) for key, _ in photos)
    page = client.get("/poznan/")
    assert page.status_code == 200


def test_what_a_power_cut_left_out_is_written_by_the_next_start(
    session: Session, build_city: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "BATCH", 5)

    def cut(done: int, total: int) -> None:
        raise PowerCut

    with pytest.raises(PowerCut):
        build_city(cut)
    written = everything(session)
    assert session.scalar(select(func.count()).select_from(Report)) == 5

    assert build_city()
    after = everything(session)
    assert set(written) <= set(after)
    keys = [row[0] for row in after if str(row[0]).startswith("poznan-demo-report-")]
    assert len(keys) == len(set(keys)) == REPORTS
    assert not build_city()


def test_a_city_of_somebodys_own_is_left_alone(
    session: Session, build_city: Build, said: list[str], folder: Path
) -> None:
    make_city(session, "poznan")
    assert not build_city()
    assert session.scalar(select(func.count()).select_from(Report)) == 0
    assert said == ["Demo city: left out, there is a city “poznan” already"]
    assert not read_accounts(folder)


@dataclass(frozen=True)
class Built:
    """What one build left behind, in a transaction that each test goes on from and back to."""

    connection: Connection
    folder: Path
    said: tuple[str, ...]
    was_new: bool


@pytest.fixture(scope="class")
def built(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """A demo city without pictures; undone after the class, whose tests alone go on from it."""
    folder = tmp_path_factory.mktemp("demo") / "state"
    said: list[str] = []
    with app.app_context():
        engine = db.engine
    with engine.connect() as connection:
        undone = connection.begin()
        with (
            locales.speaking("en", "UTC"),
            mock.patch.object(build, "_picture", lambda picture: None),
            working_on(app, connection) as session,
        ):
            was_new = builder(session, FileStorage(folder / "photos"), folder, said)()
        yield Built(connection, folder, tuple(said), was_new)
        undone.rollback()


class TestOnceItIsThere:
    """What begins with a demo city, built without pictures: once for all of them."""

    @pytest.fixture
    def session(self, app: Flask, built: Built) -> Iterator[Session]:
        undone = built.connection.begin_nested()
        with working_on(app, built.connection) as session:
            yield session
        undone.rollback()

    @pytest.fixture
    def folder(self, built: Built, tmp_path: Path) -> Path:
        return Path(shutil.copytree(built.folder, tmp_path / "state"))

    @pytest.fixture
    def said(self, built: Built) -> list[str]:
        return list(built.said)

    @pytest.fixture
    def build_city(
        self, session: Session, storage: FileStorage, folder: Path, said: list[str]
    ) -> Build:
        return builder(session, storage, folder, said)

    def test_staff_sign_in_with_passwords_that_only_this_machine_knows(
        self, session: Session, folder: Path
    ) -> None:
        lines = [line.split("  ") for line in read_accounts(folder)]
        assert (folder / FILE_NAME).stat().st_mode & 0o777 == 0o600
        assert [line[0] for line in lines] == [person.email for person in PEOPLE]
        assert len({line[1] for line in lines}) == len(PEOPLE)
        for email, password, _ in lines:
            assert sign_in(session, email=email, password=password, remember=False)

    def test_building_again_changes_nothing(
        self, session: Session, build_city: Build, folder: Path
    ) -> None:
        before, accounts = everything(session), read_accounts(folder)
        assert len(before) > REPORTS
        assert not build_city()
        assert everything(session) == before
        assert read_accounts(folder) == accounts

    def test_a_picture_that_cannot_be_made_is_left_out_and_said(
        self, session: Session, built: Built
    ) -> None:
        assert built.was_new
        assert session.scalar(select(func.count()).select_from(Report)) == REPORTS
        assert session.scalar(select(func.count()).select_from(Photo)) == 0
        assert any("goes without" in line for line in built.said)

    def test_it_knows_its_streets_from_the_first_minute(
        self, session: Session, build_city: Build, said: list[str]
    ) -> None:
        city = get_city(session, "poznan")
        installed = install_gazetteer(session, city)
        assert installed is None  # once is enough
        assert any("house numbers" in line for line in said)
        for typed in ("dabrowskiego 42", "Домбровского 42", "ul. Dąbrowskiego 42"):
            assert search_places(session, city, typed)[0].name == "ul. Dąbrowskiego 42"
        assert search_places(session, city, "Старый рынок")[0].name == "Old Market Square"
        found = find_nearest_address(session, city, OLD_MARKET)
        assert found is not None
        assert found.sign.startswith("Stary Rynek ")
        # A demo city from before there were any gets them with the next start.
        remove_addresses(session, jurisdiction_id=city.id)
        assert build_city()
        assert search_places(session, city, "dabrowskiego") != []
        assert not build_city()

    def test_one_founded_before_there_were_residents_is_told_them(
        self, session: Session, build_city: Build, said: list[str]
    ) -> None:
        session.execute(update(Area).values(population=None))
        del said[:]
        build_city()
        city = get_city(session, "poznan")
        assert sum(area.population or 0 for area in list_areas(session, city.id)) == 540_000
        assert said == ["Demo city: its districts have residents now"]
