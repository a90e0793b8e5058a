"""Builds the demo city, all of it or what is missing: `prepare --demo`.

The city, its departments and its people come in one transaction; the reports in small batches, each
whole with its photos and everything that happened to it. What a killed process left out is written
by the next start: the history is always the same for one founding moment.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from sqlalchemy.orm import Session

from civicmap.cli.demo.accounts import load_actors, open_accounts
from civicmap.cli.demo.gazetteer import install_gazetteer
from civicmap.cli.demo.history import REPORTS, DemoReport, Picture, make_history
from civicmap.cli.demo.past import Developed, Scribe
from civicmap.cli.demo.pictures import draw_picture
from civicmap.cli.demo.settlement import SLUG, department_for, found_city, tell_residents
from civicmap.domain.categories.queries import list_offered_categories
from civicmap.domain.jurisdictions.queries import City, get_founding, list_cities
from civicmap.domain.media.pipeline import PhotoNotProcessed, ProcessedPhoto, process_photo, warm_up
from civicmap.domain.reports.queries.state import list_sent_keys
from civicmap.foundation.storage import Storage
from civicmap.foundation.transaction import transaction

SEED = 61  # any number would do, but always the same
BATCH = 21
ATTEMPTS = 3

Say = Callable[[str], None]
Progress = Callable[[int, int], None]


def build_demo(
    session: Session,
    *,
    storage: Storage,
    state_folder: Path,
    say: Say,
    progress: Progress,
    reports: int = REPORTS,
) -> bool:
    """Build what is missing of the demo city; whether there was anything to do.

    `progress` is told how many of how many reports are there. Somebody's own city of the same slug
    is left alone.
    """
    city = next((one for one in list_cities(session) if one.slug == SLUG), None)
    if city is not None and not city.is_demo:
        say(f"Demo city: left out, there is a city “{SLUG}” already")
        return False
    is_new = city is None
    if city is None:
        with transaction(session):
            city = found_city(session)
            open_accounts(session, city, state_folder)
        say(f"Demo city: founded {city.display_name}")
    with transaction(session):
        is_told = tell_residents(session, city)
        installed = install_gazetteer(session, city)
    if is_told:
        say("Demo city: its districts have residents now")
    if installed:
        say(f"Demo city: {installed.streets} streets and places, {installed.houses} house numbers")
        is_new = True
    there = list_sent_keys(session, city.id, key_of(city, ""))
    if len(there) >= reports:
        return is_new
    history = [
        (key_of(city, report.external_id), report) for report in _history(session, city, reports)
    ]
    missing = [(key, report) for key, report in history if key not in there]
    if missing:
        everywhere, staff = load_actors(session, city)
        scribe = Scribe(city, get_founding(session, city.id), storage, everywhere, staff)
        before = len(history) - len(missing)
        _write(
            session, scribe, missing, lambda done: progress(before + done, len(history)), say=say
        )
    return is_new or bool(missing)


def key_of(city: City, external_id: str) -> str:
    """The idempotency key under which a report of the history is sent."""
    return f"{city.slug}-demo-report-{external_id}"


def _history(session: Session, city: City, reports: int) -> list[DemoReport]:
    """The reports of what can be reported here, always the same for one founding moment."""
    categories = {one.key: one for one in list_offered_categories(session, city.id)}

    def department_of(category: str, district: str) -> str | None:
        known = categories.get(category)
        return department_for(category, district, known.default_department) if known else None

    history = make_history(
        now=get_founding(session, city.id),
        seed=SEED,
        targets={key: category.fix_days for key, category in categories.items()},
        department_of=department_of,
        reports=reports,
    )
    return [report for report in history if report.category in categories]


def _write(
    session: Session,
    scribe: Scribe,
    missing: Sequence[tuple[str, DemoReport]],
    progress: Callable[[int], None],
    *,
    say: Say,
) -> None:
    """Batch by batch, while the pictures of the next batch are drawn and developed already."""
    batches = [missing[start : start + BATCH] for start in range(0, len(missing), BATCH)]
    done = 0
    warm_up()
    with ThreadPoolExecutor(len(os.sched_getaffinity(0)) + 1, "demo-pictures") as pool:
        ahead = _develop(pool, batches[0])
        for number, batch in enumerate(batches):
            developing = ahead
            ahead = _develop(pool, batches[number + 1]) if number + 1 < len(batches) else []
            with transaction(session):
                for (key, report), pictures in zip(batch, developing, strict=True):
                    scribe.write(session, report, key, _collect(report, pictures, say))
            session.expunge_all()
            done += len(batch)
            progress(done)


Developing = list[Future[ProcessedPhoto | None]]


def _develop(pool: ThreadPoolExecutor, batch: Sequence[tuple[str, DemoReport]]) -> list[Developing]:
    """Start on the pictures of every report of a batch; the one taken afterwards comes last."""
    return [
        [
            pool.submit(_picture, picture)
            for picture in (*report.photos, *filter(None, [report.after_photo]))
        ]
        for _, report in batch
    ]


def _collect(report: DemoReport, pictures: Developing, say: Say) -> Developed:
    made = [picture.result() for picture in pictures]
    if None in made:
        say(f"Demo city: a picture of {report.external_id} could not be made, it goes without")
    before, after = made[: len(report.photos)], made[len(report.photos) :]
    return Developed(tuple(filter(None, before)), after[0] if after else None)


def _picture(picture: Picture) -> ProcessedPhoto | None:
    """Draw it and send it through the pipeline that every photo takes."""
    drawn = draw_picture(
        picture.scene,
        seed=picture.seed,
        moment=picture.moment,
        snow=picture.snow,
        after=picture.after,
    )
    for _ in range(ATTEMPTS):
        try:
            return process_photo(drawn)
        except PhotoNotProcessed:
            continue
    return None
