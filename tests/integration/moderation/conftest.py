"""A city where reports about waste wait: their words and photos, until somebody has looked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.queries import Actor
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.media.actions import keep_photo
from civicmap.domain.media.pipeline import ProcessedPhoto, process_photo
from civicmap.domain.moderation.actions import set_rule
from civicmap.domain.moderation.policies import Policy
from civicmap.domain.reports.actions.own_step import OwnStep
from civicmap.domain.reports.actions.reporter import answer_question
from civicmap.domain.reports.actions.send_report import SentReport
from civicmap.domain.reports.actions.staff import ask_reporter
from civicmap.domain.reports.actions.step import Step
from civicmap.domain.reports.models import Report, ReportEvent
from civicmap.foundation.transaction import transaction
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.people import make_operator, make_staff
from tests.factories.reports import make_report
from tests.factories.visitors import Visitor
from tests.unit.media.samples import plain


@dataclass(frozen=True)
class Town:
    city: City
    anna: Actor
    leon: Actor
    olga: Actor


@pytest.fixture
def town(session: Session) -> Town:
    """Anna works for roads, Leon for lighting, Olga for the whole city."""
    city = make_city(session, names={"en": "Poznań"})
    roads = make_department(session, city, "roads")
    lighting = make_department(session, city, "lighting")
    make_category(session)
    make_category(session, "street_bin", group="waste")
    make_category(session, "noise", is_public=False)
    set_rule(session, jurisdiction_id=city.id, policy=Policy.HOLD_CONTENT, group="waste")
    return Town(
        city,
        make_staff(session, city, roads),
        make_staff(session, city, lighting, "leon@example.org"),
        make_operator(session, city),
    )


@pytest.fixture(scope="session")
def picture(app: Flask) -> ProcessedPhoto:
    """One developed photo for everybody."""
    return process_photo(plain("JPEG"))


@pytest.fixture
def new_photo(app: Flask, session: Session, picture: ProcessedPhoto) -> Callable[[], str]:
    """Keep a photo that nobody's report has yet; its key."""
    return lambda: keep_photo(session, app.extensions["photo_storage"], photo=picture)


SendBin = Callable[..., SentReport]


@pytest.fixture
def send_bin(session: Session, town: Town, new_photo: Callable[[], str]) -> SendBin:
    """Somebody reports an overflowing bin, with a photo."""

    def send(**values: object) -> SentReport:
        return make_report(
            session, town.city, **{"category": "street_bin", "photos": (new_photo(),), **values}
        )

    return send


@pytest.fixture
def sign_in(app: Flask, town: Town) -> Callable[[str], Visitor]:
    def sign_in(name: str) -> Visitor:
        visitor = Visitor(app)
        assert visitor.sign_in(f"{name}@example.org").status_code == 200
        return visitor

    return sign_in


def step(session: Session, town: Town, sent: SentReport, actor: Actor) -> Step:
    """A step on the report as it is now."""
    return Step(town.city, sent.number, actor, the_report(session, sent).version)


def the_report(session: Session, sent: SentReport) -> Report:
    return session.scalars(
        select(Report).where(Report.id == sent.report_id).execution_options(populate_existing=True)
    ).one()


def answer_for_all(session: Session, town: Town, sent: SentReport, words: str) -> int:
    """Anna asks, and the reporter answers for everybody; the id of the answer's event."""
    with transaction(session):
        ask_reporter(session, step(session, town, sent, town.anna), words="Which side?")
        answer_question(
            session,
            OwnStep(town.city, sent.number, sent.secret, once=""),
            words=words,
            photo_limit=5,
            is_public=True,
        )
    return session.scalars(select(ReportEvent.id).order_by(ReportEvent.id.desc()).limit(1)).one()
