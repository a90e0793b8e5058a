"""The counts of the map taken out of a filled database, and put in again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from civicmap.domain.publicmap.pyramid.fold import fold
from civicmap.foundation.database import make_engine
from civicmap.foundation.migrations import migrate, unmigrate
from civicmap.foundation.transaction import transaction
from tests.conftest import clone_database, drop_database
from tests.integration.publicmap.changes import build_town, import_some, insert_many, show_in_sql
from tests.integration.publicmap.plain_count import count_reports, read_kept

# Before there were counts of the map, and before those of two subjects.
BEFORE = ("0011", "0017")


@pytest.fixture
def scratch(server_url: str, template_database: str) -> Iterator[Engine]:
    """A migrated database of its own."""
    name = f"civicmap_scratch_map_{os.getpid()}"
    engine = make_engine(clone_database(server_url, template_database, name))
    yield engine
    engine.dispose()
    drop_database(server_url, name)


@pytest.mark.parametrize("before", BEFORE)
def test_a_filled_database_goes_back_and_forth_and_counts_right_at_once(
    scratch: Engine, before: str
) -> None:
    with Session(scratch) as session, transaction(session):
        town = build_town(session)
        insert_many(session, town, Random(1))
        import_some(session, town, Random(0))
        fold(session, batch=3)
    unmigrate(scratch, target=before)
    with Session(scratch) as session, transaction(session):
        insert_many(session, town, Random(2))
        show_in_sql(session, town, Random(1))
        session.execute(text("UPDATE categories SET group_id = 2 WHERE id = 1"))
    migrate(scratch)
    with Session(scratch) as session, transaction(session):
        assert read_kept(session).counts == count_reports(session) != {}
        insert_many(session, town, Random(3))
        fold(session)
        assert read_kept(session).counts == count_reports(session)
