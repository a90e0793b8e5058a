"""Sending a report: numbered, routed, dated, exactly once."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap.view import get_view_counts
from civicmap.domain.reports.actions.send_report import send_report
from civicmap.domain.reports.examination import OutsideCity
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.queries.public.lists import list_reports
from civicmap.domain.reports.queries.public.nearby import find_nearby
from civicmap.domain.reports.queries.public.report import get_public_report
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import Point
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.reports import make_report, new_report


@pytest.fixture
def city(session: Session) -> City:
    city = make_city(session)
    make_department(session, city, "roads")
    make_category(session)
    return city


def test_a_report_gets_a_number_a_department_and_a_date(session: Session, city: City) -> None:
    sent = make_report(session, city)
    report = get_public_report(session, city.id, sent.number)
    assert sent.number.startswith("PO-")
    assert report.department_name == "Roads"
    assert report.fix_by is not None
    assert report.area_name == "West"
    assert [event.kind for event in report.events] == ["reported"]


def test_it_counts_and_is_listed_at_once(session: Session, city: City) -> None:
    sent = make_report(session, city)
    assert get_view_counts(session, city.id, Filters()).statuses.open == 1
    page = list_reports(session, city.id, Filters(), after=None, limit=10)
    assert [card.number for card in page.rows] == [sent.number]


def test_the_same_key_gives_the_same_report(session: Session, city: City) -> None:
    first = make_report(session, city, idempotency_key="k" * 20)
    again = make_report(session, city, idempotency_key="k" * 20)
    assert again.number == first.number
    assert again.was_there
    assert get_view_counts(session, city.id, Filters()).statuses.total == 1


def test_a_number_that_is_taken_is_drawn_again(
    session: Session, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["PO-7K4M-2Q", "PO-7K4M-2Q", "PO-7K4M-2Q", "PO-7K4M-2R"])
    monkeypatch.setattr(f"{send_report.__module__}.new_number", lambda prefix: next(drawn))
    sent = [make_report(session, city, words=words) for words in ("A hole.", "A deep hole.")]
    assert [one.number for one in sent] == ["PO-7K4M-2Q", "PO-7K4M-2R"]
    assert not any(one.was_there for one in sent)
    assert get_view_counts(session, city.id, Filters()).statuses.total == 2


def test_a_category_that_is_not_public_is_held_back(session: Session, city: City) -> None:
    make_category(session, "noise", is_public=False)
    make_report(session, city, category="noise")
    assert get_view_counts(session, city.id, Filters()).statuses.total == 0


def test_outside_names_the_nearest_city(session: Session, city: City) -> None:
    make_city(session, "gniezno", square=(17.5, 52.5, 17.7, 52.6))
    with pytest.raises(OutsideCity) as caught:
        send_report(session, city=city, report=new_report(point=Point(52.55, 17.6)))
    assert caught.value.nearest is not None
    assert caught.value.nearest.slug == "gniezno"
    assert "Gniezno" in str(caught.value)


def test_swapped_coordinates_are_recognised(session: Session, city: City) -> None:
    with pytest.raises(InvalidInput, match="swapped"):
        send_report(session, city=city, report=new_report(point=Point(16.85, 52.41)))


def test_a_place_in_words_stands_in_the_middle_of_its_district(
    session: Session, city: City
) -> None:
    sent = make_report(session, city, point=None, area="east", address="behind the school")
    report = get_public_report(session, city.id, sent.number)
    assert report.placed_by == "described"
    assert report.area_name == "East"


def test_the_same_problem_nearby_is_found(session: Session, city: City) -> None:
    from civicmap.domain.categories.queries import get_offered_category

    sent = make_report(session, city)
    category = get_offered_category(session, city.id, "pothole")
    near = find_nearby(
        session, city.id, category_id=category.id, point=Point(52.4103, 16.85), radius=50
    )
    assert [report.number for report in near] == [sent.number]
    assert 30 <= near[0].metres <= 36
    far = find_nearby(
        session, city.id, category_id=category.id, point=Point(52.42, 16.85), radius=50
    )
    assert far == []
