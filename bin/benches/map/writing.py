"""Creating reports and changing their status, with the map's triggers and without, in turns.

Reports are sent over HTTP: the form's own post, under gunicorn. A status is changed by the staff's
action, in processes of their own with a connection each: over HTTP it would be the same behind a
page. Everything is taken back afterwards, so that the database can be used again.
"""

from __future__ import annotations

import http.client
import itertools
import multiprocessing
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlencode, urlsplit

from sqlalchemy import text
from sqlalchemy.orm import Session

from benches.map.making import connected
from benches.map.outcome import Outcome, middle_and_tail
from benches.map.places import Spot
from benches.map.sites import Site
from civicmap.domain.accounts.permissions import ADMIN, Grant
from civicmap.domain.accounts.queries import Actor
from civicmap.domain.jurisdictions.queries import City, get_city_by_id
from civicmap.domain.reports.actions.staff import change_status
from civicmap.domain.reports.actions.step import Step
from civicmap.foundation.database import make_engine
from civicmap.foundation.transaction import transaction

ROUNDS = 8  # of each, with and without
ACTIONS = 40  # a round
WRITERS = (1, 8)
DEAREST = 1.25  # times the same without the pyramid
CATEGORY = "dirty_area"  # asks no questions
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')

Times = dict[str, list[float]]
Act = Callable[[int], list[float]]  # as many actions → milliseconds of each


def measure(outcome: Outcome, site: Site, spots: Sequence[Spot]) -> None:
    """Tables and targets."""
    outcome.heading(
        "Writing, ms: with the map's triggers and without", "p50", "p95", "p50 without", "times"
    )
    with taken_back(site.url):
        with site.served() as address:
            for writers in WRITERS:
                sender = Sender(address, spots, writers)
                _in_turns(outcome, site.url, "create a report", writers, sender.act)
        for writers in WRITERS:
            with changing(site.url, writers) as act:
                _in_turns(outcome, site.url, "change a status", writers, act)


def _in_turns(outcome: Outcome, url: str, name: str, writers: int, act: Act) -> None:
    """Rounds with triggers and without, one after the other, the order changing."""
    act(ACTIONS)  # to be warm
    taken: Times = {"with": [], "without": []}
    for number in range(ROUNDS):
        for way in ("with", "without") if number % 2 else ("without", "with"):
            if way == "with":
                taken[way] += act(ACTIONS)
            else:
                with no_triggers(url):
                    taken[way] += act(ACTIONS)
    (p50, p95), plain = middle_and_tail(taken["with"]), statistics.median(taken["without"])
    several = f"{writers} at once" if writers > 1 else "one at a time"
    outcome.row(
        "writing", f"{name}, {several}", p50=p50, p95=p95, p50_without=plain, times=p50 / plain
    )
    outcome.target(f"{name}, {several}", p50 / plain, DEAREST, "times")


@contextmanager
def no_triggers(url: str) -> Iterator[None]:
    """Reports change without the map knowing; what they change is marked."""
    with connected(url) as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM reports")
        first = cursor.fetchone()[0]
        cursor.execute("ALTER TABLE reports DISABLE TRIGGER USER")
        try:
            yield
        finally:
            cursor.execute("ALTER TABLE reports ENABLE TRIGGER USER")
            cursor.execute(
                "INSERT INTO bench.uncounted SELECT id FROM reports WHERE id > %s", (first,)
            )


@contextmanager
def taken_back(url: str) -> Iterator[None]:
    """What is created inside the block is removed after it, from the map as well."""
    with connected(url) as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench.uncounted (id bigint)")
        cursor.execute("TRUNCATE bench.uncounted")
        cursor.execute("SELECT max(id) FROM reports")
        report = cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(max(id), 0) FROM report_events")
        event = cursor.fetchone()[0]
        try:
            yield
        finally:
            # Hidden, they are no longer counted; those that never were go unseen.
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("DELETE FROM reports WHERE id IN (SELECT id FROM bench.uncounted)")
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("UPDATE reports SET visibility = 'hidden' WHERE id > %s", (report,))
            # With triggers on, history cannot be rewritten, and for each report all others are
            # looked through for duplicates of it.
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("DELETE FROM report_events WHERE id > %s", (event,))
            for table in ("reporters", "report_devices", "report_answers"):
                cursor.execute(f"DELETE FROM {table} WHERE report_id > %s", (report,))  # noqa: S608
            cursor.execute("DELETE FROM reports WHERE id > %s", (report,))
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


class Sender:
    """So many browsers that each have the form open and send it again and again."""

    def __init__(self, address: str, spots: Sequence[Spot], browsers: int) -> None:
        self.pool = ThreadPoolExecutor(browsers)
        self.browsers = [
            _Browser(address, itertools.cycle(spots[number::browsers]), number)
            for number in range(browsers)
        ]

    def act(self, many: int) -> list[float]:
        each = many // len(self.browsers)
        futures = [self.pool.submit(browser.send, each) for browser in self.browsers]
        return [one for future in futures for one in future.result()]


class _Browser:
    def __init__(self, address: str, spots: Iterator[Spot], number: int) -> None:
        self.host = urlsplit(address).netloc
        self.spots = spots
        self.dice = random.Random(number + int(time.time() * 1000))  # noqa: S311 - keys that are new
        self.connection = http.client.HTTPConnection(self.host, timeout=120)
        self.forms: dict[str, tuple[str, str]] = {}  # city → cookie, token

    def send(self, many: int) -> list[float]:
        """Milliseconds from the press of the button to the answer."""
        self.connection.close()  # gunicorn has closed it if it was left alone for two seconds
        taken = []
        for _ in range(many):
            spot = next(self.spots)
            cookie, token = self._form(spot.city)
            key = f"{self.dice.getrandbits(100):025x}"
            fields = {
                "csrf_token": token,
                "action": "send",
                "position": f"{spot.point.latitude:.6f}, {spot.point.longitude:.6f}",
                "place_by": "pin",
                "category": CATEGORY,
                "words": "It has been like this for a week.",
                "idempotency_key": key,
            }
            headers = {
                "Accept": "application/json",
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": cookie,
            }
            begun = time.perf_counter()
            self.connection.request("POST", f"/{spot.city}/report", urlencode(fields), headers)
            answer = self.connection.getresponse()
            body = answer.read()
            taken.append((time.perf_counter() - begun) * 1000)
            if answer.status not in (200, 201):
                raise RuntimeError(f"sending answered {answer.status}: {body[:300]!r}")
        return taken

    def _form(self, city: str) -> tuple[str, str]:
        if city not in self.forms:
            self.connection.request("GET", f"/{city}/report")
            answer = self.connection.getresponse()
            page = answer.read().decode()
            cookies = [
                value.partition(";")[0]
                for name, value in answer.getheaders()
                if name.lower() == "set-cookie"
            ]
            token = TOKEN.search(page)
            if token is None:
                raise RuntimeError("the form has no token")
            self.forms[city] = "; ".join(cookies), token[1]
        return self.forms[city]


@contextmanager
def changing(url: str, writers: int) -> Iterator[Act]:
    """Processes that change statuses when they are told to."""
    person = someone(url)
    context = multiprocessing.get_context("spawn")
    with connected(url) as cursor:
        cursor.execute(
            "SELECT number, jurisdiction_id FROM reports WHERE status = 'open'"
            " ORDER BY hashint8(id) LIMIT %s",
            (200 * writers,),
        )
        reports = cursor.fetchall()
    pipes: list[Connection] = []
    processes = []
    for number in range(writers):
        ours, theirs = context.Pipe()
        process = context.Process(
            target=change_when_told, args=(url, person, reports[number::writers], theirs)
        )
        process.start()
        pipes.append(ours)
        processes.append(process)

    def act(many: int) -> list[float]:
        for pipe in pipes:
            pipe.send(many // writers)
        return [one for pipe in pipes for one in pipe.recv()]

    try:
        yield act
    finally:
        for pipe in pipes:
            pipe.send(0)
        for process in processes:
            process.join()


def someone(url: str) -> int:
    """An account that may change everything; nobody can sign in with it."""
    with connected(url) as cursor:
        cursor.execute(
            "INSERT INTO people (email, name, language, created_at, failed_sign_ins)"
            " SELECT 'bench@example.org', 'Bench', 'en', now(), 0"
            " WHERE NOT EXISTS (SELECT FROM people WHERE email = 'bench@example.org')"
        )
        cursor.execute("SELECT id FROM people WHERE email = 'bench@example.org'")
        return int(cursor.fetchone()[0])


def change_when_told(
    url: str, person: int, reports: list[tuple[str, int]], pipe: Connection
) -> None:
    """For each number that comes, change so many statuses, there and back; 0 ends it."""
    actor = Actor(person, "Bench", "bench@example.org", "en", (Grant(ADMIN, None, None),))
    engine = make_engine(url)
    with Session(engine, expire_on_commit=False) as session:
        cities: dict[int, City] = {}
        for id_ in {city for _, city in reports}:
            cities[id_] = get_city_by_id(session, id_)
        turns = itertools.cycle(reports)
        while many := pipe.recv():
            taken = []
            for _ in range(many // 2):
                number, city = next(turns)
                for to in ("in_progress", "open"):
                    taken.append(_change(session, cities[city], number, actor, to))
            pipe.send(taken)
    engine.dispose()


def _change(session: Session, city: City, number: str, actor: Actor, to: str) -> float:
    version = _version(session, number)
    begun = time.perf_counter()
    with transaction(session):
        change_status(session, Step(city, number, actor, version), to=to, words="Looked at.")
    return (time.perf_counter() - begun) * 1000


def _version(session: Session, number: str) -> int:

    version: Any = session.execute(
        text("SELECT version FROM reports WHERE number = :number"), {"number": number}
    ).scalar_one()
    session.rollback()
    return int(version)
