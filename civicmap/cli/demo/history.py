"""Two years of a city's reports out of the stories: who wrote, what happened, how it ended.

Pure and repeatable: the same seed, the same present and the same targets give the same history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from civicmap.cli.demo import course, wording
from civicmap.cli.demo.course import DemoEvent
from civicmap.cli.demo.rhythm import CITY_TIME, moment_of_writing
from civicmap.cli.demo.sights import scene_for
from civicmap.cli.demo.story import Answers, Story, Street, answers, stories, streets

REPORTS = 420
OPEN_SHARE, PROGRESS_SHARE, WONT_FIX_SHARE = 0.17, 0.09, 0.05

# Nobody leaves a burst pipe or black ice open for weeks: these are done, or were never there.
URGENT = frozenset(
    {"snow_ice", "manhole", "traffic_signal", "tree_danger", "flooded_street", "water_leak"}
    | {"sewage", "heating", "power", "gas_smell", "roof_facade", "stray_animal", "dead_animal"}
)
# Places where much comes in, as everywhere people live close together.
HOT_SPOTS: Mapping[str, float] = {
    "Jeżyce": 3.2,
    "Stare Miasto": 2.6,
    "Łazarz": 2.6,
    "Wilda": 2.4,
    "Rataje": 1.8,
    "Sołacz": 1.4,
}


@dataclass(frozen=True)
class Picture:
    """What a photo shows. The same `seed` is the same place: before and after match."""

    scene: str
    seed: int
    moment: datetime
    snow: bool = False
    after: bool = False


@dataclass(frozen=True)
class DemoReport:
    """A report with all that happened to it, in order of time.

    Latitude and longitude in degrees (EPSG:4326); `language` is that of the words;
    `channel` is web, phone or counter.
    """

    external_id: str
    category: str
    district: str
    address: str
    latitude: float
    longitude: float
    words: str
    language: str
    channel: str
    created_at: datetime
    supporters: int
    photos: tuple[Picture, ...] = ()
    after_photo: Picture | None = None
    events: tuple[DemoEvent, ...] = ()

    @property
    def status(self) -> str:
        return course.status_after(self.events)


@dataclass(frozen=True)
class _Draft:
    report: DemoReport
    story: Story
    own_place: bool


def make_history(
    *,
    now: datetime,
    seed: int,
    targets: Mapping[str, int],
    department_of: Callable[[str, str], str | None],
    reports: int = REPORTS,
) -> list[DemoReport]:
    """`reports` reports of the two years before `now`, oldest first.

    `targets` are working days to a fix by category; `department_of` names the code of the
    department that answers for a category in a district (None: nobody does yet).
    """
    chance = Random(seed)
    drafts = _tell(chance, now, reports)
    drafts.sort(key=lambda draft: draft.report.created_at)
    fates = _fates(chance, drafts, now, targets)
    history = []
    for number, (draft, fate) in enumerate(zip(drafts, fates, strict=True), start=1):
        events = course.run(
            chance,
            category=draft.report.category,
            own=draft.story if draft.own_place else None,
            created_at=draft.report.created_at,
            fate=fate,
            now=now,
            target_days=targets.get(draft.report.category, 10),
            department=department_of(draft.report.category, draft.report.district),
        )
        report = replace(draft.report, external_id=f"demo-{number:04d}", events=tuple(events))
        history.append(_with_pictures(chance, report))
    return history


def _tell(chance: Random, now: datetime, reports: int) -> list[_Draft]:
    """First every story at its own place, then again elsewhere until there are enough."""
    few = reports < len(stories())
    told = chance.sample(stories(), reports) if few else list(stories())
    drafts = [_first_telling(chance, story, now) for story in told]
    seen = {draft.report.words for draft in drafts}
    repeatable = [story for story in stories() if story.again]
    weights = [_frequency(story) for story in repeatable]
    while len(drafts) < reports:
        story = chance.choices(repeatable, weights)[0]
        draft = _retelling(chance, story, now, seen)
        if draft is not None:
            seen.add(draft.report.words)
            drafts.append(draft)
    return drafts


def _frequency(story: Story) -> float:
    common = {"pothole": 1.6, "streetlight": 1.5, "street_bin": 1.3, "graffiti": 1.3}
    rare = {
        "gas_smell": 0.3,
        "ruin": 0.5,
        "traffic_signal": 0.7,
        "heating": 0.6,
        "other": 0.5,
        "power": 0.6,
    }
    weight = common.get(story.category, rare.get(story.category, 1.0))
    return weight * len(story.again) * (1.0 if story.language == "pl" else 0.7)


def _first_telling(chance: Random, story: Story, now: datetime) -> _Draft:
    report = DemoReport(
        external_id="",
        category=story.category,
        district=story.district,
        address=story.address,
        latitude=story.latitude,
        longitude=story.longitude,
        words=story.words,
        language=story.language,
        channel="web" if story.language != "pl" or chance.random() < 0.85 else "phone",
        created_at=moment_of_writing(chance, now, story.months),
        supporters=_supporters(chance, 1.6),
    )
    return _Draft(report, story, own_place=True)


def _retelling(chance: Random, story: Story, now: datetime, seen: set[str]) -> _Draft | None:
    street = _street(chance, story)
    texts = [text for text in story.again if street.numbers or "{number}" not in text]
    if not texts:
        return None
    number = wording.house_number(chance, street)
    facts = wording.fill(chance, chance.choice(texts), answers(), number)
    words = _voice(chance, story, facts, answers(), seen)
    if words in seen:
        return None
    latitude, longitude = wording.place(chance, street, number)
    foreign = story.language != "pl"
    report = DemoReport(
        external_id="",
        category=story.category,
        district=street.district,
        address=wording.address(street, number),
        latitude=latitude,
        longitude=longitude,
        words=words,
        language=story.language,
        channel="web" if foreign else chance.choices(["web", "phone", "counter"], [74, 17, 9])[0],
        created_at=moment_of_writing(chance, now, story.months),
        supporters=_supporters(chance, 0.8),
    )
    return _Draft(report, story, own_place=False)


def _voice(chance: Random, story: Story, facts: str, said: Answers, seen: set[str]) -> str:
    if story.language != "pl":
        return facts
    words = wording.in_a_voice(chance, facts, said)
    return words if words not in seen else wording.in_a_voice(chance, facts, said, sure=True)


def _street(chance: Random, story: Story) -> Street:
    fitting = [street for street in streets() if street.kind in story.elsewhere]
    return chance.choices(fitting, [HOT_SPOTS.get(street.district, 1.0) for street in fitting])[0]


def _supporters(chance: Random, warmth: float) -> int:
    """Most reports have nobody or a neighbour behind them, a few a whole street."""
    return min(40, int(chance.paretovariate(1.15) * warmth - warmth * 0.6))


def _fates(
    chance: Random, drafts: Sequence[_Draft], now: datetime, targets: Mapping[str, int]
) -> list[str]:
    """How each report stands today: shares as agreed, the young ones open, the old ones done."""
    fates = ["fixed"] * len(drafts)
    ages = [(now - draft.report.created_at) / timedelta(days=1) for draft in drafts]
    urgent = [draft.report.category in URGENT for draft in drafts]
    # Age as a share of the time there was: five working days are seven days of the calendar.
    used = [
        age / (1.4 * targets.get(draft.report.category, 10))
        for age, draft in zip(ages, drafts, strict=True)
    ]

    def take(share: float, fate: str, weight: Callable[[int], float]) -> None:
        left = [row for row, known in enumerate(fates) if known == "fixed"]
        # Weighted draw without putting back: the largest of chance to the power 1/weight.
        ranked = sorted(
            left, key=lambda row: chance.random() ** (1 / max(1e-9, weight(row))), reverse=True
        )
        for row in ranked[: round(share * len(drafts))]:
            fates[row] = fate

    take(OPEN_SHARE, "open", lambda row: _left_open(ages[row], used[row], urgent[row]))
    take(PROGRESS_SHARE, "in_progress", lambda row: _in_hand(ages[row], used[row], urgent[row]))
    take(
        WONT_FIX_SHARE,
        "wont_fix",
        lambda row: (8.0 if _refusable(drafts[row]) else 0.2) if ages[row] > 12 else 0.0,
    )
    # What came in during the last days cannot have been fixed yet.
    return [
        "open" if fate == "fixed" and age < (0.5 if fast else 3) else fate
        for fate, age, fast in zip(fates, ages, urgent, strict=True)
    ]


def _refusable(draft: _Draft) -> bool:
    return draft.own_place and draft.story.wont_fix is not None


def _left_open(age: float, used: float, urgent: bool) -> float:
    if urgent and age > 4:
        return 0.0
    for limit, weight in ((0.35, 50.0), (0.8, 20.0), (1.05, 5.0), (3.0, 0.2), (7.0, 0.05)):
        if used < limit:
            return weight
    return 0.004


def _in_hand(age: float, used: float, urgent: bool) -> float:
    if age < 2 or (urgent and age > 6):
        return 0.0
    for limit, weight in ((0.3, 4.0), (1.0, 8.0), (1.6, 0.8), (3.5, 0.2), (7.0, 0.04)):
        if used < limit:
            return weight
    return 0.004


def _with_pictures(chance: Random, report: DemoReport) -> DemoReport:
    scene = scene_for(report.category, report.words)
    if report.channel != "web" or scene is None or chance.random() > 0.88:
        return report
    winter = report.created_at.astimezone(CITY_TIME).month in (12, 1, 2)
    first = Picture(
        scene=scene,
        seed=chance.randrange(1 << 30),
        moment=report.created_at,
        snow=report.category == "snow_ice" or (winter and chance.random() < 0.25),
    )
    photos = [first]
    if chance.random() < 0.09:
        photos.append(replace(first, seed=chance.randrange(1 << 30)))
    after = None
    end = report.events[-1] if report.events else None
    if end is not None and end.kind == "fixed" and chance.random() < 0.45:
        after = replace(first, moment=end.at, snow=False, after=True)
    return replace(report, photos=tuple(photos), after_photo=after)
