"""A filter that is on can always be seen and taken off, even where nothing fits it."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories.cities import make_category, make_city, make_department
from tests.factories.reports import make_report


def test_a_category_without_reports_stays_chosen(client: FlaskClient, session: Session) -> None:
    city = make_city(session)
    make_department(session, city, "roads")
    make_category(session, "pothole")
    make_category(session, "flooded_street", names={"en": "Flooded street"})
    make_report(session, city)
    answer = client.get("/poznan/reports?category=flooded_street").text
    assert '<option value="flooded_street" selected>Flooded street (0)</option>' in answer
    assert 'data-key="clear:category"' in answer


def test_a_filter_of_an_old_link_can_be_taken_off(client: FlaskClient, session: Session) -> None:
    make_city(session)
    for address in ("/poznan/?area=atlantis", "/poznan/reports?area=atlantis"):
        assert 'data-key="clear:area"' in client.get(address).text


def test_a_city_without_reports_invites_the_first(client: FlaskClient, session: Session) -> None:
    make_city(session)
    answer = client.get("/poznan/reports?lang=en").text
    assert "Yours would be the first." in answer
    assert "No reports match these filters." not in answer
