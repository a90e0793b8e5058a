"""What a process keeps of tiles is given out while it saw all that there is, and no longer."""

from __future__ import annotations

from typing import Any

import pytest

from civicmap.domain.publicmap.tiles.answer import Revision, TileAnswer
from civicmap.domain.publicmap.tiles.ground import Ground
from civicmap.domain.publicmap.tiles.plan import Question
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.foundation.reading import Moment
from civicmap.web.public.ready_tiles import ReadyTiles
from civicmap.web.public.tile_answers import READY_TILES, TILES, Ready, answer_tile, find_tile

TILE = Question("poznan", Ground(12, 2240, 1345), Filters())
WORDS = Question("poznan", Ground(12, 2240, 1345), Filters(text="hole"))


class PretendedTiles:
    """A database in which every change is a number; `sees_moments`: it is no standby."""

    def __init__(self, *, sees_moments: bool = True) -> None:
        self.changes = self.elsewhere = self.asked = self.made = 0
        self.opened = 1
        self.sees_moments = sees_moments

    def moment(self) -> Moment | None:
        ended = self.changes + self.elsewhere
        return Moment(self.opened, f"{ended}:{ended}:") if self.sees_moments else None

    def read(self, question: Question, *, known: Revision | None = None) -> TileAnswer:
        self.asked += 1
        revision = None if question.filters.text else Revision(1, 0, self.changes)
        if revision and revision == known:
            return TileAnswer(revision, b"", is_same=True, moment=self.moment())
        self.made += 1
        return TileAnswer(revision, f"after {self.changes}".encode(), moment=self.moment())


@pytest.fixture
def tiles() -> PretendedTiles:
    return PretendedTiles()


@pytest.fixture
def extensions(tiles: PretendedTiles) -> dict[str, Any]:
    return {TILES: tiles, READY_TILES: ReadyTiles()}


@pytest.mark.parametrize("question", [TILE, WORDS])
def test_a_tile_is_asked_for_once_while_nothing_changes(
    tiles: PretendedTiles, extensions: dict[str, Any], question: Question
) -> None:
    for _ in range(3):
        assert find_tile(extensions, question).body == b"after 0"
    assert tiles.asked == 1


@pytest.mark.parametrize("question", [TILE, WORDS])
def test_a_change_is_seen_at_once(
    tiles: PretendedTiles, extensions: dict[str, Any], question: Question
) -> None:
    for change in range(3):
        tiles.changes = change
        for _ in range(2):
            assert find_tile(extensions, question).body == f"after {change}".encode()
    assert tiles.asked == tiles.made == 3


def test_after_a_change_elsewhere_the_tile_is_asked_for_once_more_and_not_made(
    tiles: PretendedTiles, extensions: dict[str, Any]
) -> None:
    first = find_tile(extensions, TILE)
    tiles.elsewhere = 1
    for _ in range(3):
        again = find_tile(extensions, TILE)
        assert (again.body, again.validator) == (first.body, first.validator)
    assert (tiles.asked, tiles.made) == (2, 1)


def test_after_a_new_connection_nothing_is_believed(
    tiles: PretendedTiles, extensions: dict[str, Any]
) -> None:
    find_tile(extensions, TILE)
    find_tile(extensions, WORDS)
    tiles.opened = 2
    find_tile(extensions, TILE)
    find_tile(extensions, WORDS)
    assert (tiles.asked, tiles.made) == (4, 3)


def test_without_moments_every_tile_is_asked_for(extensions: dict[str, Any]) -> None:
    extensions[TILES] = tiles = PretendedTiles(sees_moments=False)
    for _ in range(3):
        find_tile(extensions, TILE)
        find_tile(extensions, WORDS)
    assert (tiles.asked, tiles.made) == (6, 4)


def test_whoever_holds_a_tile_that_is_not_kept_here_gets_no_body(
    tiles: PretendedTiles, extensions: dict[str, Any]
) -> None:
    held = ["1-1-0-0"]
    ready = find_tile(extensions, TILE, held)
    assert answer_tile(ready, held, takes_gzip=True, shared_seconds=5).status == "304 NOT MODIFIED"
    assert tiles.made == 0
    # And that is not what others are given.
    assert find_tile(extensions, TILE).body == b"after 0"


@pytest.mark.parametrize(
    ("body", "takes_gzip", "held", "status", "length", "is_zipped"),
    [
        (b"a" * 20, True, (), 200, 20, False),
        (b"a" * 900, True, (), 200, 9, True),
        (b"a" * 900, False, (), 200, 900, False),
        (b"", True, (), 204, None, False),
        (b"a" * 900, True, ("1-2-3-4",), 304, None, False),
        (b"", True, ("x", "1-2-3-4"), 304, None, False),
        (b"a" * 900, True, ("1-2-3-5",), 200, 9, True),
    ],
)
def test_the_answer_fits_who_asks(  # noqa: PLR0917 - a table
    body: bytes,
    takes_gzip: bool,
    held: tuple[str, ...],
    status: int,
    length: int | None,
    is_zipped: bool,
) -> None:
    zipped = b"gzipped.." if len(body) > 500 else b""
    ready = Ready(Revision(2, 3, 4), "1-2-3-4", body, zipped, None)
    answer = answer_tile(ready, held, takes_gzip=takes_gzip, shared_seconds=5)
    headers = dict(answer.headers)
    assert int(answer.status[:3]) == status
    assert headers.get("Content-Length") == (None if length is None else str(length))
    assert ("Content-Encoding" in headers) is is_zipped
    assert len(answer.body) == (length or 0)
    assert headers["ETag"] == 'W/"1-2-3-4"'
    assert headers["Cache-Control"] == "public, max-age=0, s-maxage=5"
