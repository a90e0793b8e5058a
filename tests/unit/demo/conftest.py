from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

import civicmap
from civicmap.cli.demo.history import DemoReport, make_history
from civicmap.cli.demo.settlement import department_for
from civicmap.cli.demo.story import HERE
from civicmap.domain.categories.seed_file import SeedFile, parse_seed_file

NOW = datetime(2026, 11, 20, 11, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def seed_file() -> SeedFile:
    repository = Path(civicmap.__file__).parent.parent
    return parse_seed_file((repository / "seed_categories.yaml").read_bytes())


@pytest.fixture(scope="session")
def drawing() -> tuple[BaseGeometry, dict[str, BaseGeometry]]:
    """The drawn boundary, and the districts by name."""
    features = json.loads((HERE / "poznan.geojson").read_text(encoding="utf-8"))["features"]
    boundary = [f for f in features if f["properties"]["kind"] == "boundary"]
    districts = [f for f in features if f["properties"]["kind"] == "district"]
    assert len(boundary) == 1
    assert len(boundary) + len(districts) == len(features)
    names = [f["properties"]["name"] for f in districts]
    assert len(set(names)) == len(names)
    return shape(boundary[0]["geometry"]), {
        f["properties"]["name"]: shape(f["geometry"]) for f in districts
    }


def history_of(seed_file: SeedFile, *, now: datetime = NOW, seed: int = 1) -> list[DemoReport]:
    defaults = {category.id: category.department for category in seed_file.categories}
    return make_history(
        now=now,
        seed=seed,
        targets={category.id: category.fix_days for category in seed_file.categories},
        department_of=lambda category, district: department_for(
            category, district, defaults[category]
        ),
    )


@pytest.fixture(scope="session")
def history(seed_file: SeedFile) -> list[DemoReport]:
    return history_of(seed_file)
