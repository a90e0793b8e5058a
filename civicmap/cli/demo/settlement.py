"""Founds the demo city: boundary and districts, working days, departments, rules for routing and
moderation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml
from sqlalchemy.orm import Session

from civicmap.cli.demo.story import HERE
from civicmap.domain.departments.actions import DepartmentCard, add_department
from civicmap.domain.jurisdictions.actions.add_city import NewCity, add_city
from civicmap.domain.jurisdictions.actions.calendar import set_holidays
from civicmap.domain.jurisdictions.actions.populations import set_populations
from civicmap.domain.jurisdictions.boundary_file import read_city_shape
from civicmap.domain.jurisdictions.population import PopulationRow
from civicmap.domain.jurisdictions.public_holidays import find_public_holidays
from civicmap.domain.jurisdictions.queries import City, list_areas
from civicmap.domain.moderation.actions import set_rule
from civicmap.domain.moderation.policies import Policy
from civicmap.domain.routing.actions import add_rule
from civicmap.foundation.clock import now
from civicmap.foundation.geo import Point
from civicmap.foundation.time_zones import time_zone_place

SLUG = "poznan"
COUNTRY, TIME_ZONE = "PL", "Europe/Warsaw"
OLD_MARKET = Point(latitude=52.4083, longitude=16.9335)  # EPSG:4326
YEARS_BACK, YEARS_AHEAD = 3, 3  # of public holidays: the past has deadlines too

NAMES = {"pl": "Poznań", "en": "Poznań", "ru": "Познань", "kk": "Познань", "ky": "Познань"}


@cache
def departments() -> list[Mapping[str, Any]]:
    """What departments.yaml says."""
    return _read("departments.yaml")


@cache
def rules() -> list[Mapping[str, str]]:
    """What routing.yaml says."""
    return _read("routing.yaml")


@cache
def moderation_rules() -> list[Mapping[str, str]]:
    """What moderation.yaml says."""
    return _read("moderation.yaml")


def found_city(session: Session) -> City:
    """Add the city with all that belongs to it. Raises Conflict when its slug is taken."""
    content = (HERE / "poznan.geojson").read_bytes()
    city = add_city(
        session,
        city=NewCity(
            names=NAMES,
            country=COUNTRY,
            time_zone=TIME_ZONE,
            languages=tuple(NAMES),
            shape=read_city_shape(content, near=time_zone_place(TIME_ZONE)),
            slug=SLUG,
            view=OLD_MARKET,
            is_demo=True,
        ),
    )
    year = now().astimezone(city.zone).year
    years = range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
    days = find_public_holidays(COUNTRY, years, language="pl")
    set_holidays(session, jurisdiction_id=city.id, days=days)
    for entry in departments():
        add_department(
            session,
            jurisdiction_id=city.id,
            code=entry["code"],
            card=DepartmentCard(
                names=entry["name"],
                responsibilities=entry["responsibilities"],
                address=entry["address"],
                room=entry["room"],
                hours=entry["opening_hours"],
                phone=entry["phone"],
                email=entry["email"],
            ),
        )
    for rule in rules():
        add_rule(
            session,
            jurisdiction_id=city.id,
            department=rule["department"],
            category=rule["category"],
            area=rule.get("area", ""),
        )
    for held in moderation_rules():
        set_rule(
            session,
            jurisdiction_id=city.id,
            policy=Policy(held["policy"]),
            category=held.get("category", ""),
            group=held.get("group", ""),
        )
    return city


def tell_residents(session: Session, city: City) -> bool:
    """Give the districts their residents where none has any, as in a demo founded before there were
    such numbers; whether there was anything to do."""
    if any(area.population is not None for area in list_areas(session, city.id)):
        return False
    drawn = json.loads((HERE / "poznan.geojson").read_text(encoding="utf-8"))["features"]
    rows = [
        PopulationRow(line, feature["properties"]["name"], feature["properties"]["population"])
        for line, feature in enumerate(drawn, start=1)
        if feature["properties"]["kind"] == "district"
    ]
    set_populations(session, jurisdiction_id=city.id, rows=rows)
    return True


def department_for(category: str, district: str, default: str) -> str | None:
    """The code of the department that the rules name for a category in a district.

    `default` is the category's own; None when the city has no such department.
    """
    fitting = [rule for rule in rules() if rule["category"] == category]
    for area in (district, None):
        for rule in fitting:
            if rule.get("area") == area:
                return rule["department"]
    return default if any(entry["code"] == default for entry in departments()) else None


def _read(name: str) -> list[Any]:
    content = yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return list(content)
