"""The search of the form finds a category by its names in every language of the city."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories.cities import make_category, make_city, make_department


def test_other_words_come_in_every_language_of_the_city(
    client: FlaskClient, session: Session
) -> None:
    city = make_city(session)
    make_department(session, city, "roads")
    make_category(session, names={"en": "Pothole", "pl": "Dziura w drodze", "ru": "Яма"})
    words = client.get("/poznan/report/other-words.json?lang=ru").get_json()
    assert set(words) == {"pothole"}
    for name in ("яма", "dziura w drodze"):
        assert name in words["pothole"], name


def test_they_are_kept_an_hour_by_the_browser_alone(client: FlaskClient, session: Session) -> None:
    make_city(session)
    answer = client.get("/poznan/report/other-words.json")
    assert answer.headers["Cache-Control"] == "private, max-age=3600"
