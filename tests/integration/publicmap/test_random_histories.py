"""Whatever happens to reports in whatever order: the kept counts are those of a plain count."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from civicmap.domain.publicmap.pyramid.fold import fold
from civicmap.domain.publicmap.pyramid.rebuild import rebuild
from civicmap.domain.publicmap.pyramid.verify import compare
from civicmap.extensions import db
from civicmap.foundation.errors import CivicmapError
from civicmap.foundation.transaction import transaction
from tests.integration.publicmap.changes import CHANGES, TIME_ZONES, Town
from tests.integration.publicmap.plain_count import Kept, count_reports, read_kept

NOTHING = (0, 0, 0, 0)
# Reports first, or most of a short history would happen to none.
FILLED = ("send", "import", "insert_many")

happenings = st.lists(
    st.tuples(
        st.sampled_from([*CHANGES, *CHANGES, "fold", "fold", "fold", "rebuild"]),
        st.integers(0, 999),
    ),
    min_size=5,
    max_size=14,
)


@given(st.sampled_from(FILLED), happenings)
@settings(
    max_examples=20,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_after_any_history_the_counts_are_those_of_a_plain_count(
    live_town: Town, first: str, history: list[tuple[str, int]]
) -> None:
    forget_everything(db.session, live_town)
    before = check(db.session, None)
    for name, number in [(first, 0), *history]:
        happen(name, live_town, Random(number))
        before = check(db.session, before)
    assert compare(db.engine).differences == 0
    delete_reports(db.session)
    assert check(db.session, before).counts == {}


def happen(name: str, town: Town, dice: Random) -> None:
    if name == "rebuild":
        rebuild(db.engine)
        return
    try:
        with transaction(db.session) as session:
            if name == "fold":
                fold(session, batch=dice.choice([1, 3, 7, 5_000]))
            else:
                CHANGES[name](session, town, dice)
                if dice.random() < 0.1:
                    session.rollback()
    except CivicmapError:
        pass  # a step that the rules refuse


def check(session: Session, before: Kept | None) -> Kept:
    """Hold what is kept against the reports, and the revisions against those before."""
    kept = read_kept(session)
    assert kept.counts == count_reports(session)
    session.rollback()
    if before and before.epoch == kept.epoch:
        for place, revision in before.revisions.items():
            assert kept.revisions[place] >= revision
        for place, revision in kept.revisions.items():
            if kept.counts.get(place, NOTHING) != before.counts.get(place, NOTHING):
                assert revision > before.revisions.get(place, 0)
    return kept


def forget_everything(session: Session, town: Town) -> None:
    """What the history before has left behind."""
    delete_reports(session)
    with transaction(session):
        session.execute(text("DELETE FROM map_deltas"))
        session.execute(text("DELETE FROM map_cells"))
        session.execute(
            text("UPDATE categories SET group_id = (SELECT min(id) FROM category_groups)")
        )
        for city_id, zone in zip(town.city_ids, TIME_ZONES.values(), strict=True):
            session.execute(
                text("UPDATE jurisdictions SET time_zone = :zone WHERE id = :id"),
                {"zone": zone, "id": city_id},
            )


def delete_reports(session: Session) -> None:
    """Nothing in the application does it; events refuse it."""
    with transaction(session):
        session.execute(text("SET LOCAL session_replication_role = replica"))
        for table in ("report_events", "reporters", "letters", "procrastinate_jobs"):
            session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - one of the above
        session.execute(text("SET LOCAL session_replication_role = DEFAULT"))
        session.execute(text("DELETE FROM reports"))
