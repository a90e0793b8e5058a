"""Asking somebody else's geocoder: two protocols, one way to ask, nothing believed.

Knows neither a database nor a city: what is kept, how often one may ask and what lies inside the
city is decided above (`domain.addresses`, `web.shared.place_finder`).
"""

from __future__ import annotations

from civicmap.foundation.geocoders.asking import GeocoderAway, Transport
from civicmap.foundation.geocoders.foreign import ForeignGeocoder, make_geocoder
from civicmap.foundation.geocoders.places import FoundPlace, write_address
from civicmap.foundation.geocoders.setting import GeocoderAddress, read_geocoder

__all__ = [
    "ForeignGeocoder",
    "FoundPlace",
    "GeocoderAddress",
    "GeocoderAway",
    "Transport",
    "make_geocoder",
    "read_geocoder",
    "write_address",
]
