"""Folds by the worker, and by `prepare`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from civicmap.domain.publicmap import jobs
from civicmap.domain.publicmap.pyramid import catch_up as catching_up
from civicmap.domain.publicmap.pyramid.fold import count_waiting, fold
from civicmap.extensions import db
from civicmap.foundation.jobs import enqueue, work
from civicmap.foundation.transaction import transaction
from tests.integration.publicmap.changes import Town
from tests.integration.publicmap.plain_count import count_reports, read_kept
from tests.integration.publicmap.test_at_once import fill

FILLED = 40  # reports of `fill`
ALL = 1_000


def test_two_workers_fold_batch_after_batch_until_nothing_waits(
    live_town: Town, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 7)
    monkeypatch.setattr(jobs, "MUCH", 1)
    monkeypatch.setattr(jobs, "PAUSE", timedelta(0))
    fill(live_town)
    with transaction(db.session) as session:
        enqueue(session, jobs.fold_map_counts)

    def work_off() -> None:
        # It stops at a moment without a job, though one in hand may queue another.
        while is_queued(engine):
            work(database_url, wait=False)

    engine = db.engine
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work_off) for _ in range(2)]:
            done.result()
    assert count_waiting(db.session, at_most=ALL) == 0
    assert read_kept(db.session).counts == count_reports(db.session)


def is_queued(engine: Engine) -> bool:
    with engine.connect() as connection:
        found: bool = connection.execute(
            text("SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status <> 'failed')")
        ).scalar_one()
        return found


def test_a_fold_that_finds_another_at_work_looks_again_later(live_town: Town) -> None:
    fill(live_town)
    with db.sessionmaker() as folding:
        assert fold(folding, batch=1) == 1
        jobs.fold_map_counts.run({})
        assert is_queued(db.engine)
    assert count_waiting(db.session, at_most=ALL) == FILLED


def test_a_fold_that_is_done_again_or_beside_another_adds_nothing_twice(live_town: Town) -> None:
    fill(live_town)
    before = read_kept(db.session)
    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(jobs.fold_map_counts.run, {}) for _ in range(4)]:
            done.result()
    after = read_kept(db.session)
    assert (after.counts, after.revisions) == (before.counts, before.revisions)
    assert count_waiting(db.session, at_most=ALL) == 0


@pytest.mark.parametrize(
    ("batch", "too_many", "waiting"),
    [(FILLED, ALL, FILLED), (FILLED - 1, ALL, 0), (5, FILLED, 0)],
)
def test_prepare_adds_what_waits_unless_it_is_little(
    live_town: Town, monkeypatch: pytest.MonkeyPatch, batch: int, too_many: int, waiting: int
) -> None:
    monkeypatch.setattr(catching_up, "BATCH", batch)
    monkeypatch.setattr(catching_up, "TOO_MANY_TO_ADD", too_many)
    fill(live_town)
    done = catching_up.catch_up(db.engine)
    assert (done.added, bool(done.counted)) == (
        FILLED if batch == FILLED - 1 else 0,
        too_many == FILLED,
    )
    assert count_waiting(db.session, at_most=ALL) == waiting
    assert read_kept(db.session).counts == count_reports(db.session)
