from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from PIL import Image, ImageStat

from civicmap.cli.demo.pictures import SCENES, draw, draw_picture
from civicmap.cli.demo.pictures.light import DUSK, NIGHT, light_at, season_at

NOON = datetime(2026, 6, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_shows_trouble_before_and_none_after(scene: str) -> None:
    before = draw(scene, seed=11, moment=NOON)
    after = draw(scene, seed=11, moment=NOON, after=True)
    assert before.size == after.size == (1200, 900)
    assert before.mode == "RGB"
    assert ImageStat.Stat(before.convert("L")).stddev[0] > 12, "there is something to see"
    assert before.tobytes() != after.tobytes()


def test_the_same_seed_gives_the_same_picture_and_another_seed_another() -> None:
    one = draw_picture("pothole", seed=3, moment=NOON)
    assert one == draw_picture("pothole", seed=3, moment=NOON)
    assert one != draw_picture("pothole", seed=4, moment=NOON)


def test_a_picture_is_a_jpeg_of_modest_weight() -> None:
    content = draw_picture("graffiti", seed=5, moment=NOON)
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.format == "JPEG"
    assert len(content) < 500_000


def test_light_and_leaves_follow_the_clock_and_the_calendar() -> None:
    class Fair:
        def random(self) -> float:
            return 0.9

    fair = Fair()
    january_evening = datetime(2026, 1, 10, 20, tzinfo=UTC)
    june_evening = datetime(2026, 6, 10, 19, 10, tzinfo=UTC)
    assert light_at(january_evening, fair) is NIGHT  # type: ignore[arg-type]
    assert light_at(june_evening, fair) is DUSK  # type: ignore[arg-type]
    assert not light_at(NOON, fair).dark  # type: ignore[arg-type]
    assert [season_at(moment) for moment in (january_evening, NOON)] == ["bare", "green"]
