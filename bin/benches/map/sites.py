"""The application on one of the databases: in this process, to see what it asks; and served."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from benches.map.caught import Catcher, Caught, Playback
from benches.serving import served
from civicmap import create_app
from civicmap.config import Settings
from civicmap.extensions import db, limiter
from civicmap.web.public.ready_tiles import ReadyTiles
from civicmap.web.public.tile_answers import READY_TILES
from civicmap.web.shared import assets


class Site:
    """civicmap on the database `url`. `catcher` is at the driver already, or it catches nothing."""

    def __init__(self, url: str, catcher: Catcher) -> None:
        self.url = url
        self.catcher = catcher
        self.playback = Playback(url, self.catcher)
        self.state = Path(tempfile.mkdtemp(prefix="civicmap-bench-"))
        assets.prepare(self.state)
        self.app: Flask = create_app(
            Settings(database_url=url, state=str(self.state), log_level="ERROR")
        )
        limiter.enabled = False

    def statements_of(self, path: str) -> list[Caught]:
        """What the application asks to answer `path` with nothing kept, ready to be played back."""
        self.app.extensions[READY_TILES] = ReadyTiles()
        with self.catcher.listen() as statements:
            answer = self.app.test_client().get(path, headers={"Accept-Encoding": "gzip"})
        if answer.status_code not in (200, 204):
            raise RuntimeError(f"{path} answered {answer.status_code}: {answer.text[:200]}")
        self.playback.ready(statements)
        self.playback.play(statements)  # the first run of a prepared statement makes its plan
        return statements

    @contextmanager
    def served(self) -> Iterator[str]:
        """Its address under gunicorn."""
        with served(self.state, self.url) as address:
            yield address

    def close(self) -> None:
        self.playback.close()
        with self.app.app_context():
            db.engine.dispose()
