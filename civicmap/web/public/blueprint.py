"""The public blueprint; its views register themselves on import (see `__init__`)."""

from __future__ import annotations

from flask import Blueprint, g, request

from civicmap.extensions import db
from civicmap.foundation.database import limit_statements

# As tiles (`foundation/reading.py`): a few frequent words over all reports may take for ever.
MOST_SECONDS = 15

blueprint = Blueprint("public", __name__)


@blueprint.before_request
def end_in_time() -> None:
    """What anybody may ask of a city ends, or gives 503; what they send is never cut off."""
    if request.method in ("GET", "HEAD") and g.city:
        limit_statements(db.session, MOST_SECONDS)
