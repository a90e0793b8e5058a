"""A filter that is on can always be seen and taken off, even where nothing fits it."""

from __future__ import annotations

import json
import re
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories.cities import make_category, make_city, make_department, make_group
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


def test_a_group_without_reports_is_called_by_its_name(
    client: FlaskClient, session: Session
) -> None:
    make_city(session)
    make_group(session, "lights", names={"en": "Street lights"})
    make_category(session, "lamp", group="lights")
    for page in ("", "reports", "view"):
        answer = client.get(f"/poznan/{page}?group=lights&q=zebra&lang=en").text
        chip = re.search(r"<a[^>]*clear:group.*?</a>", answer, re.DOTALL)
        assert chip is not None
        assert "Street lights" in chip[0]


def test_forms_keep_the_group_and_a_category_says_more(
    client: FlaskClient, session: Session
) -> None:
    city = make_city(session)
    make_category(session, "pothole")
    make_category(session, "lamp", group="lights")
    make_category(session, "bench", group="furniture")
    number = make_report(session, city, category="lamp").number
    for page in ("", "reports", "districts"):
        answer = client.get(f"/poznan/{page}?group=lights").text
        assert '<input type="hidden" name="group" value="lights">' in answer, page
    chosen = client.get("/poznan/reports?group=furniture&category=lamp").text
    assert number in chosen
    assert "clear:group" not in chosen


def test_the_map_knows_the_name_of_every_category_whatever_is_filtered(
    client: FlaskClient, session: Session
) -> None:
    city = make_city(session)
    make_category(session, "pothole", names={"en": "Pothole"})
    make_report(session, city)
    for query in ("", "q=zebra", "status=fixed", "until=1999-01-01"):
        answer = client.get(f"/poznan/?lang=en&{query}").text
        named = re.search(r'data-categories="([^"]*)"', answer)
        assert named is not None
        assert json.loads(unescape(named[1])) == {"pothole": "Pothole"}, query


def test_a_filter_of_an_old_link_can_be_taken_off(client: FlaskClient, session: Session) -> None:
    make_city(session)
    for address in ("/poznan/?area=atlantis", "/poznan/reports?area=atlantis"):
        assert 'data-key="clear:area"' in client.get(address).text


def test_a_city_without_reports_invites_the_first(client: FlaskClient, session: Session) -> None:
    make_city(session)
    answer = client.get("/poznan/reports?lang=en").text
    assert "Yours would be the first." in answer
    assert "No reports match these filters." not in answer
