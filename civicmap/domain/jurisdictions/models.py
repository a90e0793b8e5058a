"""Cities: a jurisdiction, its areas (districts) and its calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civicmap.foundation.clock import now
from civicmap.foundation.database import Base


class Jurisdiction(Base):
    """A city or district that runs civicmap.

    `boundary` is EPSG:4326 (longitude, latitude). `outline` is the same simplified for drawing, as
    GeoJSON geometry. `west` … `north` are degrees; `view_*` is where its map opens.
    """

    __tablename__ = "jurisdictions"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    names: Mapped[dict[str, str]]
    country: Mapped[str]
    time_zone: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    number_prefix: Mapped[str]
    boundary: Mapped[WKBElement] = mapped_column(
        Geometry("MULTIPOLYGON", srid=4326, spatial_index=True)
    )
    outline: Mapped[dict[str, Any]]
    west: Mapped[float]
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]
    view_latitude: Mapped[float]
    view_longitude: Mapped[float]
    view_zoom: Mapped[int]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    # Grows with every change of outline, districts, departments or categories: cache validator.
    revision: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("slug ~ '^[a-z0-9-]+$'", name="slug"),
        CheckConstraint("number_prefix ~ '^[A-Z]{2,3}$'", name="number_prefix"),
        CheckConstraint("cardinality(languages) > 0", name="languages"),
        CheckConstraint("id BETWEEN 1 AND 32767", name="id_in_facet"),
    )


class Area(Base):
    """A district polygon. Where areas overlap, the smaller (`square_metres`) is the more exact."""

    __tablename__ = "areas"

    id: Mapped[int] = mapped_column(primary_key=True)
    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"))
    slug: Mapped[str]
    name: Mapped[str]
    names: Mapped[dict[str, str]]
    boundary: Mapped[WKBElement] = mapped_column(
        Geometry("MULTIPOLYGON", srid=4326, spatial_index=True)
    )
    outline: Mapped[dict[str, Any]]
    square_metres: Mapped[float]
    label_latitude: Mapped[float]
    label_longitude: Mapped[float]
    population: Mapped[int | None]  # residents; null: nobody has said

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "slug"),
        CheckConstraint("population >= 0", name="population"),
        CheckConstraint("id BETWEEN 1 AND 134217727", name="id_in_facet"),
    )


class Holiday(Base):
    """A day that differs from its weekday: a public holiday, or a moved working day."""

    __tablename__ = "holidays"

    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_working: Mapped[bool] = mapped_column(default=False)
