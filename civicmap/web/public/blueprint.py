"""The public blueprint; its views register themselves on import (see `__init__`)."""

from __future__ import annotations

from flask import Blueprint, g, request

from civicmap.extensions import db
from civicmap.foundation.database import limit_statements

# As tiles (`foundation/reading.py`): a few frequent words over all reports may take for ever.
MOST_SECONDS = 15
# What asks the database about all cities together. Photos are found by their key, form tokens are
# made without it, tiles end by themselves.
OF_ALL_CITIES = frozenset({"public.home", "public.find_report", "public.outlines"})

blueprint = Blueprint("public", __name__)


@blueprint.before_request
def end_in_time() -> None:
    """What anybody may ask of a city, or of all, ends, or gives 503; what they send is never cut
    off."""
    if request.method in ("GET", "HEAD") and (g.city or request.endpoint in OF_ALL_CITIES):
        limit_statements(db.session, MOST_SECONDS)
