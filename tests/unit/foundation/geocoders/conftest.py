from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.geocoder_server import GeocoderServer


@pytest.fixture
def server() -> Iterator[GeocoderServer]:
    server = GeocoderServer()
    yield server
    server.stop()
