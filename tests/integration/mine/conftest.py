"""Zofia reports, Anna answers for roads."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from civicmap.domain.accounts.models import OneTimeLink
from civicmap.domain.accounts.queries import Actor
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.notifications.followers import tell_followers
from civicmap.domain.notifications.links import send_link
from civicmap.domain.notifications.models import Letter
from civicmap.domain.reports.actions import staff
from civicmap.domain.reports.actions.send_report import SentReport
from civicmap.domain.reports.actions.step import Step
from civicmap.domain.reports.models import Report, ReportEvent
from civicmap.foundation.transaction import transaction
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.people import make_operator, make_staff
from tests.factories.reports import make_report
from tests.factories.visitors import Visitor

ZOFIA = "zofia@example.org"


@dataclass(frozen=True)
class Town:
    city: City
    anna: Actor
    olga: Actor


@pytest.fixture
def town(session: Session) -> Town:
    # Committed, within what is undone after the test: a refused action rolls back.
    with transaction(session):
        return build_town(session)


def build_town(session: Session) -> Town:
    city = make_city(session, is_demo=True)
    roads = make_department(session, city)
    make_category(session)
    return Town(city, make_staff(session, city, roads), make_operator(session, city))


@pytest.fixture
def sent(session: Session, town: Town) -> SentReport:
    """Zofia's pothole, with her address, from nobody's browser."""
    with transaction(session):
        return make_report(session, town.city, name="Zofia", email=ZOFIA)


@pytest.fixture
def visitor(app: Flask, session: Session) -> Callable[[], Visitor]:
    """Another browser each time."""
    return lambda: Visitor(app)


@pytest.fixture
def zofia(visitor: Callable[[], Visitor]) -> Visitor:
    return visitor()


def own(sent: SentReport) -> str:
    return f"/mine/{sent.number}/{sent.secret}"


def the_report(session: Session, sent: SentReport) -> Report:
    session.expire_all()
    return session.get_one(Report, sent.report_id)


def events(session: Session, sent: SentReport) -> list[ReportEvent]:
    return list(
        session.scalars(
            select(ReportEvent)
            .where(ReportEvent.report_id == sent.report_id)
            .order_by(ReportEvent.id)
        )
    )


def kinds(session: Session, sent: SentReport) -> list[str]:
    return [event.kind for event in events(session, sent)]


def set_back(session: Session, sent: SentReport, **ago: timedelta) -> None:
    """Let a moment of the report lie further back: `created_at=timedelta(minutes=31)`."""
    report = the_report(session, sent)
    values = {name: getattr(report, name) - by for name, by in ago.items()}
    with transaction(session):
        session.execute(update(Report).where(Report.id == sent.report_id).values(**values))
    session.expire_all()


def anna_does(
    session: Session, town: Town, sent: SentReport, action: Callable[..., None], **named: str
) -> None:
    """A step of Anna's on the report as it is now."""
    step = Step(town.city, sent.number, town.anna, the_report(session, sent).version)
    with transaction(session):
        action(session, step, **named)


def close(session: Session, town: Town, sent: SentReport) -> None:
    anna_does(session, town, sent, staff.change_status, to="fixed", words="Filled.")


def letters(session: Session, kind: str) -> list[Letter]:
    return list(session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


def send_links(session: Session) -> None:
    """What the worker does with links that were asked for."""
    for link_id in session.scalars(select(OneTimeLink.id).order_by(OneTimeLink.id)).all():
        send_link.function(session, link_id=link_id)
    session.flush()


def tell_all_followers(session: Session, sent: SentReport) -> None:
    for event in events(session, sent):
        if "status" in event.new:
            tell_followers.function(session, event_id=event.id)
    session.flush()


def link_in(letter: Letter) -> str:
    found = re.search(r"http://[^/\s]+(/\S+)", letter.body)
    assert found, "no link in this letter"
    return found[1]


def report_from(zofia: Visitor, **typed: str) -> str:
    """Fill in the form as Zofia does; the address of her own page."""
    form = zofia.open("/poznan/report").forms[-1]
    fields = {
        "position": "52.41, 16.85",
        "category": "pothole",
        "words": "A deep hole beside the tram stop.",
        "action": "send",
        **typed,
    }
    page = zofia.submit(form, fields)
    assert page.status_code == 200, page.text
    assert page.address.startswith("/mine/"), page.text
    return page.address
