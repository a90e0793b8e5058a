"""A foreign geocoder as the rest of civicmap sees it: two questions, places or GeocoderAway."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from civicmap.foundation.geo import Box, Point
from civicmap.foundation.geocoders import nominatim, photon
from civicmap.foundation.geocoders.asking import GeocoderAway, Transport
from civicmap.foundation.geocoders.places import FoundPlace
from civicmap.foundation.geocoders.setting import GeocoderAddress

AT_MOST = 10
_PROTOCOLS: dict[str, ModuleType] = {"nominatim": nominatim, "photon": photon}


class ForeignGeocoder:
    """Nominatim or Photon, wherever the operator runs or rents it. Safe to share among threads."""

    def __init__(self, transport: Transport) -> None:
        self.address = transport.address
        self._transport = transport
        self._protocol = _PROTOCOLS[transport.address.protocol]

    def search(self, words: str, *, box: Box, languages: str) -> list[FoundPlace]:
        """Places called `words` within `box`, the best first. Raises GeocoderAway.

        `languages` is what a browser would send, like "pl,en". What lies outside is left out, even
        if the other side was asked not to send it.
        """
        path, parameters = self._protocol.search_question(words, box, languages, AT_MOST)
        found = self._ask(path, parameters, languages, self._protocol.read_search)
        return [place for place in found if box.contains(place.point)][:AT_MOST]

    def reverse(self, point: Point, *, languages: str) -> list[FoundPlace]:
        """The house or street at a point, or nothing. Raises GeocoderAway."""
        path, parameters = self._protocol.reverse_question(point, languages)
        found = self._ask(path, parameters, languages, self._protocol.read_reverse)
        return found[:1]

    def _ask(
        self,
        path: str,
        parameters: list[tuple[str, str]],
        languages: str,
        read: Callable[[object], list[FoundPlace] | None],
    ) -> list[FoundPlace]:
        found = read(self._transport.ask(path, parameters, languages))
        if found is None:
            raise GeocoderAway("an answer of another kind")
        return found


def make_geocoder(address: GeocoderAddress | None, *, user_agent: str) -> ForeignGeocoder | None:
    """The geocoder at an address; None for none."""
    return ForeignGeocoder(Transport(address, user_agent)) if address else None
