from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import City
from tests.factories.cities import make_category, make_city, make_department

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    """Run a command in the transaction of `session`; more than an exit status in trouble."""

    def run(*arguments: str | Path, status: int = 0, answers: str | None = None) -> Result:
        result = app.test_cli_runner().invoke(args=[str(one) for one in arguments], input=answers)
        assert result.exit_code == status, result.output
        session.expire_all()
        return result

    return run


@pytest.fixture
def poznan(session: Session) -> City:
    """A square city with a West and an East district, two departments and three categories."""
    city = make_city(session)
    make_department(session, city, "roads")
    make_department(session, city, "lighting")
    make_category(session, "pothole")
    make_category(session, "streetlight", group="lights", default_department="lighting")
    make_category(session, "traffic_signal", group="lights", default_department="nobody")
    return city
