"""Lynx and w3m: what they show makes sense, and the form can be sent from them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.reports.models import Report
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.visitors import Visitor


@pytest.fixture
def marek(app: Flask, session: Session) -> Visitor:
    """Marek reads with Lynx and a Braille line."""
    city = make_city(session)
    make_department(session, city, "roads")
    make_category(session)
    visitor = Visitor(app)
    visitor.client.environ_base["HTTP_USER_AGENT"] = "Lynx/2.9.0dev.12 libwww-FM/2.14"
    return visitor


def test_marek_sends_a_report(marek: Visitor, session: Session) -> None:
    page = marek.open("/poznan/report")
    form = page.form("/poznan/report")
    filled = {
        "area": "west",
        "address": "Dąbrowskiego 42",
        "category": "pothole",
        "words": "Dziura przy przystanku.",
        "action": "check",
    }
    check = marek.submit(form, filled)
    assert "Dziura przy przystanku." in check.text
    sent = marek.submit(check.form("/poznan/report"), action="send")
    report = session.execute(select(Report)).scalar_one()
    assert report.number in sent.text
    assert session.scalar(select(func.count()).select_from(Report)) == 1


def test_marek_reads_nothing_that_has_not_happened(marek: Visitor) -> None:
    page = marek.open("/poznan/report")
    for words in (
        "Your unfinished report is back",
        "Load again",
        "Use my location",
        "Nothing found",
    ):
        assert words not in page.text, words
    assert "<template" not in page.html
    assert 'type="button"' not in page.html


def test_a_graphical_browser_gets_the_whole_page(marek: Visitor) -> None:
    marek.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    assert "<template" in marek.open("/poznan/report").html
