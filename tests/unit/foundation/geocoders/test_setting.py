"""The setting of the geocoder is understood, or refused with a reason that tells no secret."""

from __future__ import annotations

import pytest

from civicmap.config import BadSetting, Settings
from civicmap.foundation.geocoders import read_geocoder, write_address


@pytest.mark.parametrize("text", ["", "embedded", " embedded "])
def test_embedded_is_no_foreign_one(text: str) -> None:
    assert read_geocoder(text) is None


def test_each_protocol_has_its_usual_rate_and_manners() -> None:
    nominatim = read_geocoder("nominatim+https://nominatim.example.org/")
    photon = read_geocoder("photon+http://127.0.0.1:2322")
    assert nominatim is not None
    assert photon is not None
    assert (nominatim.rate, nominatim.completes) == (1.0, False)
    assert (photon.rate, photon.completes) == (5.0, True)
    assert nominatim.name == "nominatim+https://nominatim.example.org"
    assert photon.name == "photon+http://127.0.0.1:2322"
    own = read_geocoder("nominatim+https://geo.example.org", "25")
    assert own is not None
    assert own.rate == 25


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("google", ""),
        ("https://nominatim.example.org", ""),
        ("pelias+https://geo.example.org", ""),
        ("nominatim+ftp://geo.example.org", ""),
        ("nominatim+https://", ""),
        ("nominatim+https://ann:SECRET@geo.example.org:99999", ""),
        ("nominatim+https://geo.example.org/#x", ""),
        ("photon+https://geo.example.org?key=SECRET", "fast"),
        ("photon+https://geo.example.org?key=SECRET", "0"),
        ("photon+https://geo.example.org?key=SECRET", "-1"),
        ("photon+https://geo.example.org?key=SECRET", "nan"),
    ],
)
def test_what_cannot_be_used_stops_the_start_with_a_sentence(text: str, rate: str) -> None:
    with pytest.raises(BadSetting, match="CIVICMAP_GEOCODER") as refused:
        _ = Settings(geocoder=text, geocoder_rate=rate).geocoder_address
    assert "SECRET" not in str(refused.value)


def test_foreign_servers_learn_who_runs_this() -> None:
    settings = Settings(base_url="https://map.example.org", mail_from="City <map@example.org>")
    assert settings.user_agent == "civicmap (+https://map.example.org; map@example.org)"


@pytest.mark.parametrize(
    ("street", "number", "country", "written"),
    [
        ("Dąbrowskiego", "42a", "PL", "Dąbrowskiego 42a"),
        ("улица Ленина", "5", "KZ", "улица Ленина, 5"),
        ("Main Street", "5", "US", "5 Main Street"),
        ("Garbary", "", "PL", "Garbary"),
    ],
)
def test_addresses_are_written_as_the_country_writes_them(
    street: str, number: str, country: str, written: str
) -> None:
    assert write_address(street, number, country) == written
