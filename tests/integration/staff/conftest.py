"""Anna repairs roads, Leon lights, Olga takes calls for the whole city."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.queries import Actor
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.actions.step import Step
from civicmap.domain.reports.models import Report, ReportEvent
from civicmap.foundation.transaction import transaction
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.people import make_operator, make_staff
from tests.factories.reports import make_report
from tests.factories.visitors import Page, Visitor


@dataclass(frozen=True)
class Town:
    city: City
    roads: Department
    lighting: Department
    anna: Actor
    leon: Actor
    olga: Actor


def build_town(session: Session) -> Town:
    city = make_city(session, names={"en": "Poznań"})
    roads = make_department(session, city, "roads")
    lighting = make_department(session, city, "lighting")
    make_category(session)
    make_category(session, "streetlight", default_department="lighting")
    make_category(session, "noise", is_public=False)
    make_category(session, "other", default_department="nobody")
    return Town(
        city,
        roads,
        lighting,
        anna=make_staff(session, city, roads),
        leon=make_staff(session, city, lighting, "leon@example.org"),
        olga=make_operator(session, city),
    )


@pytest.fixture
def town(session: Session) -> Town:
    with transaction(session):
        return build_town(session)


@pytest.fixture
def number(session: Session, town: Town) -> str:
    """A pothole of Anna's."""
    with transaction(session):
        return make_report(session, town.city).number


@pytest.fixture
def sign_in(app: Flask, town: Town) -> Callable[[str], Visitor]:
    def sign_in(name: str) -> Visitor:
        visitor = Visitor(app)
        assert visitor.sign_in(f"{name}@example.org").status_code == 200
        return visitor

    return sign_in


@pytest.fixture
def anna(sign_in: Callable[[str], Visitor]) -> Visitor:
    return sign_in("anna")


def page_of(visitor: Visitor, number: str) -> Page:
    return visitor.open(f"/staff/poznan/reports/{number}")


def step(session: Session, town: Town, number: str, actor: Actor) -> Step:
    """A step on the report as it is now."""
    version = session.scalars(select(Report.version).where(Report.number == number)).one()
    return Step(town.city, number, actor, version)


def status_of(session: Session, number: str) -> str:
    return session.scalars(select(Report.status).where(Report.number == number)).one()


def count_events(session: Session, number: str) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(ReportEvent)
            .join(Report, Report.id == ReportEvent.report_id)
            .where(Report.number == number)
        )
        or 0
    )


def jpeg(width: int = 320, height: int = 240) -> bytes:
    content = io.BytesIO()
    Image.effect_noise((width, height), 50).convert("RGB").save(content, "JPEG")
    return content.getvalue()
