from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from civicmap.cli.demo.history import DemoReport
from civicmap.cli.demo.pictures import SCENES
from civicmap.cli.demo.rhythm import CITY_TIME
from civicmap.cli.demo.story import SEASONS
from civicmap.domain.categories.seed_file import SeedFile
from civicmap.domain.reports.workflow import REFUSAL_REASONS, STEPS
from tests.unit.demo.conftest import NOW, history_of

History = list[DemoReport]


def test_the_same_seed_and_present_give_the_same_history(
    history: History, seed_file: SeedFile
) -> None:
    assert history_of(seed_file) == history
    assert history_of(seed_file, seed=2) != history


@pytest.mark.parametrize("month", range(1, 13))
def test_a_history_can_be_made_in_any_month(seed_file: SeedFile, month: int) -> None:
    now = datetime(2027, month, 3, 6, tzinfo=UTC)
    made = history_of(seed_file, now=now)
    assert len(made) == 420
    assert all(event.at <= now for report in made for event in report.events)


def test_all_statuses_occur_in_believable_shares(history: History) -> None:
    shares = Counter(report.status for report in history)
    total = len(history)
    assert total == 420
    assert 0.14 < shares["open"] / total < 0.24
    assert 0.07 < shares["in_progress"] / total < 0.13
    assert 0.58 < shares["fixed"] / total < 0.74
    assert 0.03 < shares["wont_fix"] / total < 0.08


def test_every_step_is_one_that_the_workflow_allows(history: History) -> None:
    for report in history:
        status = "open"
        for event in report.events:
            if event.kind == "handed_over":
                continue
            to = "open" if event.kind == "reopened" else event.kind
            step = STEPS[status, to]
            assert event.words or not (step.words or step.proof)
            assert not step.reason or event.reason in REFUSAL_REASONS
            status = to
        assert status == report.status


def test_everything_happens_in_order_and_nothing_in_the_future(history: History) -> None:
    assert [report.created_at for report in history] == sorted(r.created_at for r in history)
    for report in history:
        moments = [report.created_at, *(event.at for event in report.events)]
        assert moments == sorted(moments)
        assert len(set(moments)) == len(moments)
        assert moments[-1] <= NOW
        assert NOW - report.created_at < timedelta(days=735)


def test_no_two_reports_use_the_same_words(history: History) -> None:
    assert len({report.words for report in history}) == len(history)
    assert not any("{" in report.words or "None" in report.words for report in history)


def test_every_report_lies_in_its_district(
    history: History, drawing: tuple[BaseGeometry, dict[str, BaseGeometry]]
) -> None:
    _, districts = drawing
    for report in history:
        place = Point(report.longitude, report.latitude)
        assert districts[report.district].covers(place), report.address


def test_what_has_a_season_is_reported_in_it(history: History) -> None:
    for report in history:
        if report.category in SEASONS:
            month = report.created_at.astimezone(CITY_TIME).month
            assert month in SEASONS[report.category], report.words


def test_people_write_by_day_and_some_places_are_hot_spots(history: History) -> None:
    by_night = [r for r in history if r.created_at.astimezone(CITY_TIME).hour in (2, 3, 4)]
    assert not by_night
    districts = Counter(report.district for report in history)
    assert districts["Jeżyce"] > 3 * len(history) / 42
    assert len(districts) > 36


def test_pictures_come_with_reports_from_the_web_only(history: History) -> None:
    pictured = [report for report in history if report.photos]
    assert 120 < len(pictured) < 260
    for report in pictured:
        assert report.channel == "web"
        assert {photo.scene for photo in report.photos} <= set(SCENES)
    for report in history:
        if report.after_photo:
            assert report.events[-1].kind == "fixed"
            assert report.after_photo.seed == report.photos[0].seed


def test_some_are_handed_over_some_come_back_some_are_supported(history: History) -> None:
    kinds = Counter(event.kind for report in history for event in report.events)
    assert kinds["handed_over"] > 5
    assert kinds["reopened"] > 3
    assert sum(report.supporters > 5 for report in history) > 15
    assert {report.channel for report in history} == {"web", "phone", "counter"}
    assert {report.language for report in history} == {"pl", "uk", "ru", "en"}
