"""One question to one foreign host: in time, of bounded size, without redirects, without anybody.

What leaves is the question, the language of the answer and who runs this installation. Never the
visitor's address, browser, cookie or the page they were on.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from urllib.parse import unquote, urlencode

import urllib3
from urllib3.util import make_headers

from civicmap.foundation.geocoders.setting import GeocoderAddress

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 4.0
LARGEST_ANSWER = 512_000  # bytes; ten addresses with everything about them are 20,000
PIECE = 16_384
ASKING_AT_ONCE = 4
LONGEST_REST_SECONDS = 3600


# It tells whole addresses, questions included, at DEBUG and with some warnings.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


class GeocoderAway(Exception):
    """No usable answer: `reason` for the log (never what was asked), `rest_seconds` if the other
    side wished to be left alone for so long."""

    def __init__(self, reason: str, rest_seconds: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.rest_seconds = rest_seconds


class Transport:
    """Asks the host of a geocoder and no other."""

    def __init__(
        self,
        address: GeocoderAddress,
        user_agent: str,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self.address = address
        self.patience_seconds = connect_seconds + answer_seconds
        self.headers = {"User-Agent": user_agent, "Accept": "application/json"}
        if address.credentials:
            # `make_headers` encodes as Latin-1 what an operator wrote percent-encoded.
            self.headers.update(make_headers(basic_auth=unquote(address.credentials)))
        # urllib3 reads no proxy from the environment and follows nothing it is not told to.
        kind = (
            urllib3.HTTPSConnectionPool if address.scheme == "https" else urllib3.HTTPConnectionPool
        )
        self._pool = kind(
            address.host,
            address.port,
            maxsize=ASKING_AT_ONCE,
            block=False,
            retries=False,
            timeout=urllib3.Timeout(connect=connect_seconds, read=answer_seconds),
        )
        # Threads of its own, because nothing else ends a name server that does not answer, or a
        # host that sends a header one byte a second: the visitor goes on, the thread follows later.
        self._threads = ThreadPoolExecutor(ASKING_AT_ONCE, "geocoder")

    def ask(self, path: str, parameters: Sequence[tuple[str, str]], language: str) -> object:
        """The JSON answer to a question, whatever it holds. Raises GeocoderAway."""
        target = f"{self.address.path}{path}?{urlencode([*self.address.query, *parameters])}"
        asked: Future[bytes] = self._threads.submit(self._fetch, target, language)
        try:
            body = asked.result(timeout=self.patience_seconds)
        except TooSlow:
            asked.cancel()
            raise GeocoderAway("no answer in time") from None
        return _read_json(body)

    def _fetch(self, target: str, language: str) -> bytes:
        deadline = time.monotonic() + self.patience_seconds
        try:
            answer = self._pool.urlopen(
                "GET",
                target,
                headers={**self.headers, "Accept-Language": language},
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise GeocoderAway(type(error).__name__) from None
        try:
            if answer.status != 200:
                raise GeocoderAway(
                    "it sends us elsewhere"
                    if 300 <= answer.status < 400
                    else f"status {answer.status}",
                    _rest(answer.status, answer.headers.get("Retry-After", "")),
                )
            if answer.headers.get("Content-Encoding", "identity") != "identity":
                # Not asked for, and a few bytes may unfold to gigabytes.
                raise GeocoderAway("an answer that we did not ask to be packed")
            return _read(answer, deadline)
        finally:
            # A connection with something left unread is of no use to anybody.
            answer.close()
            answer.release_conn()


def _read(answer: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    body = b""
    try:
        while piece := answer.read1(PIECE):
            body += piece
            if len(body) > LARGEST_ANSWER:
                raise GeocoderAway("an answer without end")
            if time.monotonic() > deadline:
                raise GeocoderAway("no answer in time")
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise GeocoderAway(type(error).__name__) from None
    return body


def _rest(status: int, retry_after: str) -> int:
    """For how many seconds it wishes to be left alone; being refused as a user lasts longer."""
    if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 8:
        return min(int(retry_after), LONGEST_REST_SECONDS)
    return {401: 600, 403: 600, 429: 60}.get(status, 0)


def _read_json(body: bytes) -> object:
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise GeocoderAway("an answer that is no JSON") from None


def _refuse(constant: str) -> object:
    raise ValueError(constant)  # NaN and Infinity are no JSON
