"""Pictures for the demo city's reports, drawn by hand in code: nobody's photo, nobody's face.

    draw_picture("pothole", seed=7, moment=moment)   # JPEG bytes, 1200 by 900

The same scene, seed and moment give the same picture. The same seed with `after=True` is the same
place when the trouble is over.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random

from PIL import Image

from civicmap.cli.demo.pictures import (
    buildings,
    green,
    lights,
    outskirts,
    paths,
    roads,
    stops,
    surroundings,
    vehicles,
    waste,
)
from civicmap.cli.demo.pictures import water as wet
from civicmap.cli.demo.pictures.canvas import Canvas
from civicmap.cli.demo.pictures.light import DUSK, NIGHT, RAIN, Light, light_at, season_at

QUALITY = 86

Scene = Callable[[Canvas, bool], None]

# What can be drawn; `sights.py` says which words each fits.
SCENES: Mapping[str, Scene] = {
    "pothole": roads.pothole,
    "pavement": roads.pavement,
    "cycle_path": paths.cycle_path,
    "manhole": roads.manhole,
    "barriers": roads.barriers,
    "bridge_stairs": paths.bridge_stairs,
    "snow_ice": paths.snow_ice,
    "works_restoration": roads.works_restoration,
    "impassable_path": paths.impassable_path,
    "streetlight": lights.streetlight,
    "lamp_hanging": lights.lamp_hanging,
    "traffic_signal": lights.traffic_signal,
    "sign_marking": lights.sign_marking,
    "street_name": lights.street_name,
    "worn_crossing": lights.worn_crossing,
    "dangerous_spot": lights.dangerous_spot,
    "power": lights.power,
    "abandoned_vehicle": vehicles.abandoned_vehicle,
    "parking": vehicles.parking,
    "scooter": vehicles.scooter,
    "bus_stop": stops.bus_stop,
    "bus_stop_display": stops.bus_stop_display,
    "bus_shelter_glass": stops.bus_shelter_glass,
    "cracked_glass": stops.cracked_glass,
    "flytipping": waste.flytipping,
    "street_bin": waste.street_bin,
    "containers": waste.containers,
    "bulky_waste": waste.bulky_waste,
    "dirty_area": waste.dirty_area,
    "graffiti": waste.graffiti,
    "tree_danger": green.tree_danger,
    "vegetation": green.vegetation,
    "playground": green.playground,
    "furniture": green.furniture,
    "flooded_street": wet.flooded_street,
    "clogged_drain": wet.clogged_drain,
    "water_leak": wet.water_leak,
    "sewage": wet.sewage,
    "ruin": buildings.ruin,
    "roof_facade": buildings.roof_facade,
    "icicles": buildings.icicles,
    "accessibility": buildings.accessibility,
    "dog": outskirts.dog,
    "boars": outskirts.boars,
    "air_noise": outskirts.air_noise,
}


def draw(
    scene: str, *, seed: int, moment: datetime, snow: bool = False, after: bool = False
) -> Image.Image:
    """The picture itself. `moment` is aware and decides on light and season."""
    light = _light(scene, seed, moment, after)
    canvas = Canvas(light, seed=seed, season=season_at(moment), snow=snow)
    SCENES[scene](canvas, after)
    surroundings.weather(canvas)
    return canvas.finish()


def draw_picture(
    scene: str, *, seed: int, moment: datetime, snow: bool = False, after: bool = False
) -> bytes:
    """The picture as JPEG. Raises KeyError for a scene that is not in SCENES."""
    content = io.BytesIO()
    picture = draw(scene, seed=seed, moment=moment, snow=snow, after=after)
    picture.save(content, "JPEG", quality=QUALITY)
    return content.getvalue()


def _light(scene: str, seed: int, moment: datetime, after: bool) -> Light:
    chance = Random(seed + after)
    light = light_at(moment, chance)
    if scene in ("streetlight", "lamp_hanging"):
        return NIGHT if chance.random() < 0.3 else DUSK
    if light is NIGHT:
        # Phones lighten the night; and a picture should show what is wrong.
        return DUSK
    if scene == "flooded_street" and not after and not light.dark:
        return RAIN
    return light
