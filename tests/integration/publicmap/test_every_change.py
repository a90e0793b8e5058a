"""Each thing that can be done to a report: the counts follow, or have no reason to."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import get_city_by_id
from civicmap.domain.publicmap.pyramid.fold import count_waiting, fold
from civicmap.domain.reports.actions import moderate, reporter, staff
from civicmap.domain.reports.actions.own_step import OwnStep
from civicmap.domain.reports.actions.step import Step
from civicmap.domain.reports.actions.support import support_report
from civicmap.foundation.errors import CivicmapError
from tests.factories.reports import make_report
from tests.integration.publicmap.changes import CHANGES, build_town, import_some, insert_many, send
from tests.integration.publicmap.plain_count import count_reports, read_kept

HELD = 3  # dice that import reports as held


@pytest.mark.parametrize("name", CHANGES)
def test_the_counts_follow_it(session: Session, name: str) -> None:
    town = build_town(session)
    for number in range(3):
        send(session, town, Random(number))
    import_some(session, town, Random(HELD))
    insert_many(session, town, Random(0))
    session.execute(text("UPDATE reports SET status = 'fixed', closed_at = now() WHERE id % 2 = 0"))
    fold(session, batch=7)
    before = after = read_kept(session).counts
    for number in range(20):
        with suppress(CivicmapError), session.begin_nested():
            CHANGES[name](session, town, Random(number))
        after = read_kept(session).counts
        assert after == count_reports(session)
        if after != before:
            break
    assert after != before


@pytest.mark.parametrize(
    ("table", "largest"),
    [
        ("jurisdictions", 2**15 - 1),
        *(
            (table, 2**27 - 1)
            for table in ("category_groups", "categories", "departments", "areas")
        ),
    ],
)
def test_an_id_that_has_no_room_in_a_facet_is_refused(
    session: Session, table: str, largest: int
) -> None:
    build_town(session)
    update = f"UPDATE {table} SET id = :id WHERE id = (SELECT max(id) FROM {table})"  # noqa: S608
    with pytest.raises(IntegrityError, match="id_in_facet"):
        session.execute(text(update), {"id": largest + 1})


QUIET: dict[str, Callable[[Session, Step, OwnStep], object]] = {
    "post_update": lambda session, step, _: staff.post_update(session, step, words="We come."),
    "add_note": lambda session, step, _: staff.add_note(session, step, words="Wet."),
    "ask_reporter": lambda session, step, _: staff.ask_reporter(session, step, words="Where?"),
    "redact": lambda session, step, _: moderate.redact(
        session, step, text="A hole.", address="", reason="personal_data"
    ),
    "edit_report": lambda session, step, own: reporter.edit_report(
        session, own, words="A deeper hole.", photos=[], photo_limit=3, expected_version=1
    ),
    "support_report": lambda session, step, own: support_report(
        session, jurisdiction_id=own.city.id, number=own.number, browser="a browser"
    ),
}


@pytest.mark.parametrize("name", QUIET)
def test_the_counts_do_not_change_for_what_is_not_counted(session: Session, name: str) -> None:
    town = build_town(session)
    city = get_city_by_id(session, town.city_ids[0])
    sent = make_report(session, city)
    step = Step(city, sent.number, town.ada, 1)
    own = OwnStep(city, sent.number, sent.secret, "")
    QUIET[name](session, step, own)
    session.flush()
    assert count_waiting(session, at_most=10) == 1
