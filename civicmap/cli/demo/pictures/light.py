"""The light of a picture: time of day, weather and season, as colours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

Colour = tuple[int, int, int]

CITY_TIME = ZoneInfo("Europe/Warsaw")
# Sunrise and sunset in Poznań by month, in local hours.
_SUN = {
    1: (7.9, 16.1), 2: (7.1, 17.0), 3: (6.2, 18.0), 4: (6.0, 19.8), 5: (5.0, 20.6),
    6: (4.5, 21.2), 7: (4.8, 21.0), 8: (5.6, 20.1), 9: (6.5, 18.9), 10: (7.3, 17.8),
    11: (7.2, 16.0), 12: (7.9, 15.7),
}  # fmt: skip


@dataclass(frozen=True)
class Light:
    """`tint` multiplies every colour that is not itself a lamp; `shadow` is 0 to 255."""

    name: str
    sky_top: Colour
    sky_low: Colour
    tint: tuple[float, float, float]
    shadow: int
    dark: bool = False
    wet: bool = False

    def tone(self, colour: Colour) -> Colour:
        r, g, b = colour
        tint = self.tint
        return (
            min(255, int(r * tint[0])),
            min(255, int(g * tint[1])),
            min(255, int(b * tint[2])),
        )


MORNING = Light("morning", (176, 205, 222), (250, 232, 205), (1.0, 0.985, 0.95), 62)
NOON = Light("noon", (142, 190, 222), (222, 234, 236), (1.02, 1.01, 0.99), 70)
GOLDEN = Light("golden", (158, 184, 204), (255, 214, 158), (1.04, 0.955, 0.84), 66)
OVERCAST = Light("overcast", (188, 197, 202), (224, 226, 222), (0.93, 0.945, 0.95), 34)
RAIN = Light("rain", (146, 157, 165), (190, 196, 197), (0.80, 0.83, 0.855), 28, wet=True)
DUSK = Light("dusk", (66, 86, 124), (224, 160, 124), (0.67, 0.66, 0.78), 26, dark=True)
NIGHT = Light("night", (26, 36, 62), (62, 70, 98), (0.40, 0.43, 0.58), 18, dark=True)

ALL = (MORNING, NOON, GOLDEN, OVERCAST, RAIN, DUSK, NIGHT)


def light_at(moment: datetime, chance: Random) -> Light:
    """The light over Poznań at that time, under a sky of chance."""
    local = moment.astimezone(CITY_TIME)
    hour = local.hour + local.minute / 60
    rise, fall = _SUN[local.month]
    if hour < rise - 0.7 or hour > fall + 0.8:
        return NIGHT
    if hour < rise + 0.3 or hour > fall - 0.4:
        return DUSK
    if chance.random() < 0.3:
        return OVERCAST if chance.random() < 0.72 else RAIN
    if hour < rise + 2.5:
        return MORNING
    return GOLDEN if hour > fall - 2.6 else NOON


def season_at(moment: datetime) -> str:
    """How the trees look: bare, green or autumn."""
    month = moment.astimezone(CITY_TIME).month
    if month in (10, 11):
        return "autumn"
    return "bare" if month in (12, 1, 2, 3) else "green"
