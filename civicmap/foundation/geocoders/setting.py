"""Which geocoder is asked, as the setting says it: `embedded`, `nominatim+https://host/path`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

Protocol = Literal["nominatim", "photon"]

EMBEDDED = "embedded"
# Requests a second, of the whole installation. Nominatim's public server allows one.
USUAL_RATES: dict[str, float] = {"nominatim": 1.0, "photon": 5.0}
LEAST_RATE, MOST_RATE = 0.01, 1000.0


@dataclass(frozen=True)
class GeocoderAddress:
    """Where a foreign geocoder answers. `query` holds fixed parameters, a key for example.

    `rate` is in requests a second for all processes together. `completes`: whether it may be asked
    while somebody types (Nominatim's rules forbid it).
    """

    protocol: Protocol
    scheme: str
    host: str
    port: int | None
    path: str
    rate: float
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    credentials: str = field(default="", repr=False)

    @property
    def completes(self) -> bool:
        return self.protocol == "photon"

    @property
    def name(self) -> str:
        """What its answers are kept under: the address without anything secret."""
        port = f":{self.port}" if self.port else ""
        return f"{self.protocol}+{self.scheme}://{self.host}{port}{self.path}"


def read_geocoder(text: str, rate: str = "") -> GeocoderAddress | None:
    """The foreign geocoder of the setting; None for the embedded one.

    `rate`: requests a second, "" for the protocol's usual one. Raises ValueError with a reason that
    quotes nothing secret.
    """
    given = text.strip()
    if given in ("", EMBEDDED):
        return None
    protocol, plus, address = given.partition("+")
    if not plus or protocol not in USUAL_RATES:
        raise ValueError("write embedded, nominatim+https://… or photon+https://…")
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        raise ValueError("its port is no number from 1 to 65535") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("after the + comes an address with http or https and a host")
    if parts.fragment:
        raise ValueError("its address has a # in it")
    credentials = ""
    if parts.username is not None:
        credentials = f"{parts.username}:{parts.password or ''}"
    return GeocoderAddress(
        protocol="nominatim" if protocol == "nominatim" else "photon",
        scheme=parts.scheme,
        host=parts.hostname,
        port=port,
        path=parts.path.rstrip("/"),
        rate=_rate(rate) if rate.strip() else USUAL_RATES[protocol],
        query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
        credentials=credentials,
    )


def _rate(text: str) -> float:
    plain = text.strip()
    if not (plain.isascii() and plain.replace(".", "", 1).isdigit()):
        raise ValueError("its rate is no plain number of requests a second")
    rate = float(plain)
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise ValueError(f"its rate is not within {LEAST_RATE} and {MOST_RATE:.0f} a second")
    return rate
