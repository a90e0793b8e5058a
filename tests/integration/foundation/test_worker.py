"""The worker as a process: killed, told to end, and cut off from its database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from civicmap.domain.notifications.jobs import queue_letter
from civicmap.domain.notifications.models import Letter
from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.foundation.transaction import transaction
from tests.gate import Gate
from tests.mail_server import MailServer

REPOSITORY = Path(__file__).resolve().parents[3]
OPTIONS = ["--heartbeat", "0.3"]


class Workers:
    """Starts real workers, with their words in a file, and leaves none behind."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.log = folder / "worker.log"
        self.environment = environment
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, **environment: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as output:
            worker = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "worker", *OPTIONS],
                cwd=REPOSITORY,
                env={**os.environ, **self.environment, **environment},
                stdout=output,
                stderr=output,
            )
        self.started.append(worker)
        return worker

    def end(self) -> None:
        for worker in self.started:
            worker.kill()
            worker.wait()


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def workers(
    live_app: Flask, database_url: str, server: MailServer, tmp_path: Path
) -> Iterator[Workers]:
    workers = Workers(
        tmp_path,
        {
            "DATABASE_URL": database_url,
            "CIVICMAP_STATE": str(tmp_path),
            "CIVICMAP_SMTP_URL": server.url,
            "CIVICMAP_MAIL_FROM": "City <no-reply@example.org>",
            "PYTHONPATH": str(REPOSITORY),
        },
    )
    yield workers
    workers.end()


def post(app: Flask, *, minutes_ago: int = 0, is_queued: bool = True) -> None:
    with app.app_context(), db.sessionmaker() as session, transaction(session):
        letter = Letter(
            kind="report_received",
            recipient="jan@example.org",
            language="en",
            subject="Report PO-7K4M-2Q: received",
            body="Thank you.\n",
            created_at=now() - timedelta(minutes=minutes_ago),
        )
        session.add(letter)
        session.flush()
        if is_queued:
            queue_letter(session, letter.id)


def sent_letters(app: Flask) -> int:
    with app.app_context(), db.sessionmaker() as session:
        query = select(func.count()).select_from(Letter).where(Letter.state == "sent")
        return session.scalar(query) or 0


def eventually(happened: Callable[[], bool], *, seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if happened():
            return True
        time.sleep(0.05)
    return False


def test_what_a_killed_worker_had_in_hand_is_done_by_the_next_started_at_once(
    live_app: Flask, workers: Workers, server: MailServer
) -> None:
    server.may_answer.clear()
    post(live_app)
    killed = workers.start()
    assert server.has_letter_in_hand.wait(30)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert sent_letters(live_app) == 0
    workers.start()
    server.may_answer.set()
    assert eventually(lambda: sent_letters(live_app) == 1), workers.log.read_text()
    # The server may have got it twice; then it is recognisable as the same letter.
    assert len({letter["Message-ID"] for letter in server.letters}) == 1
    assert "left in the middle" in workers.log.read_text()


def test_a_worker_that_is_told_to_end_finishes_what_it_has_in_hand(
    live_app: Flask, workers: Workers, server: MailServer
) -> None:
    server.may_answer.clear()
    post(live_app)
    worker = workers.start()
    assert server.has_letter_in_hand.wait(30)
    post(live_app)
    worker.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    assert worker.poll() is None
    server.may_answer.set()
    assert worker.wait(timeout=30) == 0, workers.log.read_text()
    assert sent_letters(live_app) == len(server.letters) >= 1
    assert "error" not in workers.log.read_text()


def test_a_worker_outlives_its_database_and_works_by_the_clock(
    live_app: Flask, workers: Workers, server: MailServer, database_url: str
) -> None:
    url = make_url(database_url)
    gate = Gate(url.host or "127.0.0.1", url.port or 5432)
    through_gate = url.set(host="127.0.0.1", port=gate.port)
    # A letter without a job: only the job that comes round every ten minutes finds it.
    post(live_app, minutes_ago=60, is_queued=False)
    worker = workers.start(DATABASE_URL=through_gate.render_as_string(hide_password=False))
    assert eventually(lambda: sent_letters(live_app) == 1), workers.log.read_text()
    gate.close()
    assert eventually(lambda: "out of reach" in workers.log.read_text())
    post(live_app)
    gate.open()
    assert eventually(lambda: sent_letters(live_app) == 2), workers.log.read_text()
    gate.close()
    assert eventually(lambda: workers.log.read_text().count("out of reach") > 1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=15) == 0, workers.log.read_text()
    gate.listener.close()
