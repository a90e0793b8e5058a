"""Streets, house numbers, and what foreign geocoders answered lately."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from geoalchemy2 import Geography, WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from civicmap.foundation.clock import now
from civicmap.foundation.database import Base


class Street(Base):
    """A street, a square, or another named place (`kind` "place": a park, a stop, a quarter).

    `name` is the one on the sign, `names` those in other languages. `kind_of_way` is what its name
    says it is ("avenue"), in civicmap's words. `shape` are its lines, or its houses where nobody
    drew it. `middle_latitude`, `middle_longitude` (degrees, EPSG:4326) lie on it, near its middle;
    `area_id` is the smallest district there.
    """

    __tablename__ = "streets"

    id: Mapped[int] = mapped_column(primary_key=True)
    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"))
    kind: Mapped[str]
    kind_of_way: Mapped[str]
    name: Mapped[str]
    names: Mapped[dict[str, str]]
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    shape: Mapped[WKBElement] = mapped_column(Geography("GEOMETRY", srid=4326, spatial_index=True))
    middle_latitude: Mapped[float]
    middle_longitude: Mapped[float]
    house_count: Mapped[int]

    __table_args__ = (
        CheckConstraint("kind IN ('street', 'place')", name="kind"),
        Index("ix_streets_jurisdiction_id", "jurisdiction_id"),
    )


class StreetName(Base):
    """One spelling that a street is found by: `key` begins with a space, so that " dabr" finds the
    beginnings of words. `said` is the name it was made from."""

    __tablename__ = "street_names"

    id: Mapped[int] = mapped_column(primary_key=True)
    street_id: Mapped[int] = mapped_column(ForeignKey("streets.id", ondelete="CASCADE"))
    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"))
    key: Mapped[str]
    said: Mapped[str]

    __table_args__ = (
        Index("ix_street_names_street_id", "street_id"),
        Index(
            "ix_street_names_key", "key", postgresql_using="gin",
            postgresql_ops={"key": "gin_trgm_ops"},
        ),
    )  # fmt: skip


class AddressPoint(Base):
    """A house: its number and where it is (WGS 84)."""

    __tablename__ = "address_points"

    id: Mapped[int] = mapped_column(primary_key=True)
    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"))
    street_id: Mapped[int] = mapped_column(ForeignKey("streets.id", ondelete="CASCADE"))
    number: Mapped[str]
    number_key: Mapped[str]
    postcode: Mapped[str]
    point: Mapped[WKBElement] = mapped_column(Geography("POINT", srid=4326, spatial_index=True))

    __table_args__ = (
        Index(
            "ix_address_points_number", "street_id", "number_key",
            postgresql_ops={"number_key": "text_pattern_ops"},
        ),
        Index("ix_address_points_jurisdiction_id", "jurisdiction_id"),
    )  # fmt: skip


class AddressImport(Base):
    """Where a city's streets and houses come from. `credit` is whom the source asks to be named."""

    __tablename__ = "address_imports"

    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"), primary_key=True)
    source: Mapped[str]
    credit: Mapped[str]
    imported_at: Mapped[datetime] = mapped_column(default=now)
    streets: Mapped[int]
    houses: Mapped[int]


class GeocoderAnswer(Base):
    """What a foreign geocoder answered. `key` is a digest: what was asked is kept nowhere."""

    __tablename__ = "geocoder_answers"

    key: Mapped[str] = mapped_column(primary_key=True)
    places: Mapped[list[Any]]
    kept_until: Mapped[datetime]

    __table_args__ = (Index("ix_geocoder_answers_kept_until", "kept_until"),)


class GeocoderState(Base):
    """How often a foreign geocoder may be asked, and whether it is left alone for a while.

    One row for each, shared by all processes. `next_at`: the next free turn. `failures`: in a row.
    `rests_until`: before then nobody asks.
    """

    __tablename__ = "geocoder_states"

    name: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime] = mapped_column(default=now)
    failures: Mapped[int] = mapped_column(default=0)
    rests_until: Mapped[datetime | None]
