"""While many changes wait, a process keeps them itself: tiles stay the same to the unit."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import psycopg2.errors
import pytest
from flask import Flask
from sqlalchemy import select, text, update

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap.pyramid.facets import Kind
from civicmap.domain.publicmap.pyramid.fold import fold, fold_all
from civicmap.domain.publicmap.tiles import waiting
from civicmap.domain.publicmap.tiles.answer import Tiles
from civicmap.domain.publicmap.tiles.ground import Ground
from civicmap.domain.publicmap.tiles.kept_changes import Asked
from civicmap.domain.publicmap.tiles.plan import Question
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.foundation.geo import Point, tile_of
from civicmap.foundation.reading import Readings
from civicmap.foundation.transaction import transaction
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.reports import make_reports

HERE = Point(52.4, 16.9)
HIDE = text("UPDATE reports SET visibility = 'hidden' WHERE id = :id")


@pytest.fixture
def reading(live_app: Flask, database_url: str) -> Iterator[Readings]:
    reading = Readings(database_url)
    yield reading
    for thread in threading.enumerate():
        if thread.name == waiting.THREAD:
            thread.join()
    reading.close()


@pytest.fixture
def city(live_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    """A city of an application that keeps changes as soon as one waits."""
    monkeypatch.setattr(waiting, "MANY", 1)
    monkeypatch.setattr(waiting, "SOME", 1)
    monkeypatch.setattr(waiting, "PAUSE", 0)
    with live_app.app_context():
        with transaction(db.session) as session:
            city = make_city(session)
            make_department(session, city)
            make_category(session, "pothole")
            make_category(session, "lamp")
        yield city


@pytest.fixture
def plain(reading: Readings, monkeypatch: pytest.MonkeyPatch) -> Tiles:
    """Tiles that are made without the changes kept."""
    plain = Tiles(reading)
    monkeypatch.setattr(plain._waiting, "notice", lambda fresh: None)
    return plain


def add_reports(city: City, count: int) -> None:
    chance = random.Random(count)
    points = [
        Point(chance.uniform(52.38, 52.42), chance.uniform(16.88, 16.92)) for _ in range(count)
    ]
    with transaction(db.session) as session:
        make_reports(session, city, points, statuses=["open", "fixed", "in_progress"])


def fold_some(batch: int) -> None:
    with transaction(db.session) as session:
        fold(session, batch=batch)


def questions() -> list[Question]:
    this_year = date(now().year, 1, 1)
    return [
        Question(city, Ground(*tile_of(HERE, zoom)), filters)
        for city in ("poznan", "all")
        for zoom in (3, 7, 10, 13)
        for filters in (
            Filters(),
            Filters(statuses=("fixed",)),
            Filters(category="pothole"),
            Filters(group="streets"),
            Filters(since=this_year),
            Filters(since=date(2020, 5, 6)),
            Filters(group="streets", since=this_year),
            Filters(category="pothole", since=date(2020, 5, 6), until=now().date()),
            Filters(until=date(2020, 5, 6)),
        )
    ]


def test_tiles_are_the_same_with_the_changes_kept_as_without(
    city: City, reading: Readings, plain: Tiles
) -> None:
    add_reports(city, 400)
    fold_some(150)
    helped = Tiles(reading)
    _until_kept(helped)
    _compare(helped, plain)
    # Then changes go on, and some of what was kept is folded.
    with transaction(db.session) as session:
        some = select(Report.id).order_by(Report.id).limit(60)
        session.execute(
            update(Report).where(Report.id.in_(some)).values(status="wont_fix", closed_at=now())
        )
    add_reports(city, 30)
    _compare(helped, plain)
    fold_some(100)
    _compare(helped, plain)
    _until_kept(helped)
    _compare(helped, plain)
    with transaction(db.session) as session:
        session.execute(update(Report).values(visibility="hidden"))
    _compare(helped, plain)


def test_a_change_that_was_begun_before_one_that_is_known_and_ends_after_it_is_not_lost(
    city: City, reading: Readings, plain: Tiles
) -> None:
    add_reports(city, 50)
    fold_all(db.engine)
    helped = Tiles(reading)
    first, second = db.session.scalars(select(Report.id).order_by(Report.id).limit(2))
    with db.engine.connect() as early, db.engine.connect() as late:
        number = early.scalar(text("SELECT pg_current_xact_id()::text::bigint"))
        late.execute(HIDE, {"id": first})
        assert late.scalar(text("SELECT pg_current_xact_id()::text::bigint")) > number
        early.execute(HIDE, {"id": second})
        early.commit()
        # What has ended last is before what goes on.
        helped.read(questions()[0])
        late.commit()
    _until_kept(helped)
    _compare(helped, plain)


def test_a_tile_is_answered_when_what_waits_cannot_be_read(
    city: City, reading: Readings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = threading.Semaphore(0)

    def fail() -> None:
        tried.release()
        raise psycopg2.errors.QueryCanceled

    add_reports(city, 5)
    tiles = Tiles(reading)
    monkeypatch.setattr(tiles._waiting, "_read", fail)
    assert tiles.read(questions()[0]).body
    assert tried.acquire(timeout=30)
    # And it is tried again.
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert tiles.read(questions()[0]).body
        if tried.acquire(timeout=0.05):
            return
    pytest.fail("it was given up")


def test_nobody_waits_while_the_changes_are_read(
    city: City, reading: Readings, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, is_over = threading.Event(), threading.Event()

    def read_slowly() -> None:
        goes_on.wait(60)
        is_over.set()

    add_reports(city, 5)
    tiles = Tiles(reading)
    monkeypatch.setattr(tiles._waiting, "_read", read_slowly)
    answers = [tiles.read(question) for question in questions()[:2]]
    was_over = is_over.is_set()
    goes_on.set()
    assert all(answer.body for answer in answers)
    assert not was_over


def _until_kept(tiles: Tiles) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        tiles.read(questions()[0])
        share = tiles._waiting.share(everything())
        if share is not None:
            return
        time.sleep(0.05)
    pytest.fail("the changes were never kept")


def everything() -> Asked:
    ends = (date(1970, 1, 1), date(2199, 1, 1))
    return Asked("", Kind.ALL, "", 0, 1 << 40, ends, ends)


def _compare(helped: Tiles, plain: Tiles) -> None:
    for question in questions():
        answer = plain.read(question)
        assert helped.read(question) == answer, question
        revision = answer.revision
        assert revision
        assert helped.read(question, known=revision).is_same, question
        earlier = replace(revision, changes=revision.changes - 1)
        assert helped.read(question, known=earlier) == answer, question
