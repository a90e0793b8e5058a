"""What residents tell, where they live and how the departments answer: the demo's written part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Street:
    """A street, estate, park or stop; positions are latitude, longitude in degrees (EPSG:4326)."""

    name: str
    district: str
    kind: str
    start: tuple[float, float]
    end: tuple[float, float]
    numbers: tuple[int, int] | None


@dataclass(frozen=True)
class Refusal:
    reason: str
    words: str


@dataclass(frozen=True)
class Story:
    """One thing that happened at one place, and how it may be told again elsewhere."""

    category: str
    district: str
    address: str
    latitude: float
    longitude: float
    words: str
    language: str
    elsewhere: tuple[str, ...]
    again: tuple[str, ...]
    months: tuple[int, ...]
    progress: str | None
    fixed: str | None
    wont_fix: Refusal | None


@dataclass(frozen=True)
class Handover:
    department: str
    words: str


@dataclass(frozen=True)
class Answers:
    """Sentences of the departments and habits of speech of the residents."""

    progress: Mapping[str, Sequence[str]]
    fixed: Mapping[str, Sequence[str]]
    wont_fix: Sequence[Refusal]
    reopened: Sequence[str]
    handed_over: Mapping[str, Handover]
    openings: Sequence[str]
    closings: Sequence[str]
    slots: Mapping[str, Sequence[str]]


# When a kind of trouble comes up at all, by month; the others know no season.
SEASONS: Mapping[str, tuple[int, ...]] = {
    "snow_ice": (12, 1, 2),
    "vegetation": (5, 6, 7, 8, 9),
    "heating": (10, 11, 12, 1, 2, 3),
    "flooded_street": (4, 5, 6, 7, 8, 9, 10),
    "clogged_drain": (3, 4, 5, 6, 7, 8, 9, 10, 11),
    "tree_danger": (1, 2, 3, 6, 7, 8, 10, 11),
    "playground": (3, 4, 5, 6, 7, 8, 9, 10, 11),
    "scooter": (3, 4, 5, 6, 7, 8, 9, 10, 11),
}


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@cache
def stories() -> tuple[Story, ...]:
    """Every story, in a fixed order."""
    return tuple(
        _story(entry) for path in sorted((HERE / "stories").glob("*.yaml")) for entry in _read(path)
    )


def _story(entry: Mapping[str, Any]) -> Story:
    latitude, longitude = entry["at"]
    return Story(
        category=entry["category"],
        district=entry["district"],
        address=entry["address"],
        latitude=latitude,
        longitude=longitude,
        words=entry["words"],
        language=entry.get("language", "pl"),
        elsewhere=tuple(entry.get("elsewhere", ())),
        again=tuple(entry.get("again", ())),
        months=tuple(entry.get("months", SEASONS.get(entry["category"], ()))),
        progress=entry.get("progress"),
        fixed=entry.get("fixed"),
        wont_fix=Refusal(**entry["wont_fix"]) if "wont_fix" in entry else None,
    )


@cache
def streets() -> tuple[Street, ...]:
    """Every street, in a fixed order."""
    return tuple(
        Street(
            name=entry["name"],
            district=entry["district"],
            kind=entry["kind"],
            start=tuple(entry["from"]),
            end=tuple(entry["to"]),
            numbers=tuple(entry["numbers"]) if "numbers" in entry else None,
        )
        for entry in _read(HERE / "streets.yaml")
    )


@cache
def answers() -> Answers:
    """What departments and residents say around the stories."""
    entries = _read(HERE / "answers.yaml")
    return Answers(
        progress=entries["progress"],
        fixed=entries["fixed"],
        wont_fix=tuple(Refusal(**entry) for entry in entries["wont_fix"]),
        reopened=entries["reopened"],
        handed_over={
            entry["category"]: Handover(department=entry["to"], words=entry["words"])
            for entry in entries["handed_over"]
        },
        openings=entries["openings"],
        closings=entries["closings"],
        slots={slot: entries[slot] for slot in ("since", "since_en", "when")},
    )
