"""What the worker does by the clock: nothing that is not needed is kept."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.actions.people import create_person
from civicmap.domain.accounts.jobs import forget_old_sign_ins
from civicmap.domain.accounts.models import PasswordReset, SignIn
from civicmap.domain.media.actions import file_name
from civicmap.domain.media.jobs import PHOTO_STORAGE, sweep_orphan_photos, sweep_stray_files
from civicmap.domain.media.models import Photo
from civicmap.foundation.clock import now
from civicmap.foundation.jobs.registry import crons
from civicmap.foundation.storage import FileStorage
from civicmap.schedule import SCHEDULE
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.reports import make_report

OLD, NEW = "a" * 26, "b" * 26


@pytest.fixture
def storage(tmp_path: Path) -> FileStorage:
    return FileStorage(tmp_path)


def upload(session: Session, storage: FileStorage, key: str, *, hours_ago: int) -> None:
    session.add(
        Photo(
            key=key,
            sizes={"list": {"width": 1, "height": 1}},
            created_at=now() - timedelta(hours=hours_ago),
        )
    )
    session.flush()
    storage.save(file_name(key, "list"), b"a picture")


def kept(session: Session, storage: FileStorage) -> list[str]:
    """The photos that are in the table and in storage, which must be the same."""
    in_table = list(session.scalars(select(Photo.key).order_by(Photo.key)))
    in_storage = [key for key in (OLD, NEW) if storage.path(file_name(key, "list")).exists()]
    assert in_table == in_storage
    return in_table


def test_uploads_that_nobody_sent_go_after_two_days(session: Session, storage: FileStorage) -> None:
    upload(session, storage, OLD, hours_ago=49)
    upload(session, storage, NEW, hours_ago=47)
    with PHOTO_STORAGE.bound_to(storage):
        sweep_orphan_photos.function(session)
        assert kept(session, storage) == [NEW]
        sweep_orphan_photos.function(session)
    assert kept(session, storage) == [NEW]


def test_photos_of_a_report_stay(session: Session, storage: FileStorage) -> None:
    city = make_city(session)
    make_department(session, city)
    make_category(session)
    upload(session, storage, OLD, hours_ago=49)
    make_report(session, city, photos=(OLD,))
    with PHOTO_STORAGE.bound_to(storage):
        sweep_orphan_photos.function(session)
    assert kept(session, storage) == [OLD]


def test_files_that_no_photo_knows_go_after_two_days(
    session: Session, storage: FileStorage
) -> None:
    upload(session, storage, OLD, hours_ago=49)
    stray, fresh = "c" * 26, "d" * 26
    for key in (stray, fresh):
        storage.save(file_name(key, "list"), b"its transaction failed")
    half_written = storage.path(file_name(stray, "list")).with_name(".unfinished-0123456789abcdef")
    half_written.write_bytes(b"the power went")
    three_days_ago = (now() - timedelta(days=3)).timestamp()
    for path in storage.root.glob("[ac]?/*"):
        os.utime(path, (three_days_ago, three_days_ago))
    with PHOTO_STORAGE.bound_to(storage):
        sweep_stray_files.function(session)
    assert kept(session, storage) == [OLD]
    assert sorted(path.name for path in storage.root.glob("??/*")) == [
        f"{'a' * 24}-list.webp",
        f"{'d' * 24}-list.webp",
    ]


def test_sign_ins_and_password_links_are_forgotten_a_month_after_they_ended(
    session: Session,
) -> None:
    person = create_person(session, email="anna@example.org", name="Anna", language="en")
    long_ago, lately, later = (now() + timedelta(days=days) for days in (-31, -29, 1))
    for token, expires_at, ended_at in [
        ("expired long ago", long_ago, None),
        ("ended long ago", later, long_ago),
        ("expired lately", lately, None),
        ("signed in", later, None),
    ]:
        session.add(
            SignIn(token_hash=token, person_id=person.id, expires_at=expires_at, ended_at=ended_at)
        )
    for token, expires_at, used_at in [
        ("expired long ago", long_ago, None),
        ("used long ago", later, long_ago),
        ("waiting", later, None),
    ]:
        session.add(
            PasswordReset(
                token_hash=token, person_id=person.id, expires_at=expires_at, used_at=used_at
            )
        )
    session.flush()
    forget_old_sign_ins.function(session)
    assert set(session.scalars(select(SignIn.token_hash))) == {"expired lately", "signed in"}
    assert list(session.scalars(select(PasswordReset.token_hash))) == ["waiting"]


def test_every_job_of_the_schedule_is_bound_to_its_time(session: Session) -> None:
    assert crons() == {job.name: cron for cron, job in SCHEDULE}
    assert len(SCHEDULE) >= 4
