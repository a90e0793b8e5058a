from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from civicmap.extensions import db
from civicmap.foundation.transaction import transaction
from tests.integration.publicmap.changes import Town, build_town


@pytest.fixture
def live_town(live_app: Flask) -> Iterator[Town]:
    """The town of `changes.py`, committed."""
    with live_app.app_context():
        with transaction(db.session):
            town = build_town(db.session)
        yield town
