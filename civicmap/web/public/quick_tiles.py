"""Tiles past Flask: what a request costs there is three times what the answer does.

Reads a request with Flask's own means and answers as its view would (a test holds both together).
What is refused or fails, and whatever is not a plain GET of a tile, Flask answers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Flask, Request

from civicmap.config import Settings
from civicmap.domain.publicmap.tiles.plan import Question
from civicmap.web.public.tile_answers import Answer, answer_tile, find_tile, read_question
from civicmap.web.shared.security import headers_of_every_answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# In the environment of a request that failed here: the error, for Flask to answer.
FAILED = "civicmap.tile_failed"
_ADDRESS = re.compile(r"/tiles/([a-z0-9-]+)/([0-9]+)/([0-9]+)/([0-9]+)")
_ONE_VALIDATOR = re.compile(r'(?:W/)?"([0-9a-f-]+)"', re.ASCII)
# What was read of an address or a header is kept for so many, unless it is longer.
_MOST_KEPT = 2_000
_LONGEST_KEPT = 300  # characters


class QuickTiles:
    """`otherwise` is the application without it. One in a process, for all its threads."""

    def __init__(self, app: Flask, otherwise: WSGIApplication) -> None:
        settings: Settings = app.extensions["civicmap"]
        self._extensions = app.extensions
        self._otherwise = otherwise
        self._shared_seconds = settings.tile_seconds
        self._of_every_answer = list(headers_of_every_answer(settings).items())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith("/tiles/") and environ["REQUEST_METHOD"] == "GET":
            try:
                answer = self._answer(path, environ)
            except Exception as error:  # Flask raises it again and answers it
                environ[FAILED] = error
                answer = None
            if answer:
                start_response(answer.status, answer.headers + self._of_every_answer)
                return (answer.body,) if answer.body else ()
        return self._otherwise(environ, start_response)

    def _answer(self, path: str, environ: WSGIEnvironment) -> Answer | None:
        query = environ.get("QUERY_STRING", "")
        is_short = len(path) + len(query) <= _LONGEST_KEPT
        question = (_read_kept if is_short else _read)(path, query)
        if question is None:
            return None
        held = _held(environ.get("HTTP_IF_NONE_MATCH", ""))
        return answer_tile(
            find_tile(self._extensions, question, held),
            held,
            takes_gzip=_takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")),
            shared_seconds=self._shared_seconds,
        )


def _read(path: str, query: str) -> Question | None:
    """None for what is no plain address of a tile. Raises what `read_question` does."""
    if not (address := _ADDRESS.fullmatch(path)):
        return None
    slug, z, x, y = address.groups()
    return read_question(slug, z, x, y, Request({"QUERY_STRING": query}).args)


_read_kept = lru_cache(_MOST_KEPT)(_read)


def _held(header: str) -> Collection[str]:
    """The validators of what the asker has."""
    if not header:
        return ()
    if one := _ONE_VALIDATOR.fullmatch(header):
        return (one[1],)
    return Request({"HTTP_IF_NONE_MATCH": header}).if_none_match.as_set(include_weak=True)


@lru_cache(100)
def _takes_gzip(header: str) -> bool:
    return bool(Request({"HTTP_ACCEPT_ENCODING": header}).accept_encodings["gzip"] > 0)
