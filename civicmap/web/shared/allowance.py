"""How often one network address may do a thing, counted inside a view.

For views that must answer with the form filled when it is too often; elsewhere the decorator
`limiter.limit` is enough.
"""

from __future__ import annotations

from flask_limiter.util import get_remote_address
from limits import parse_many

from civicmap.extensions import limiter
from civicmap.foundation.errors import TooMany
from civicmap.foundation.locales import N_


def use_allowance(allowance: str, purpose: str) -> None:
    """Count one `purpose` for this address; `allowance` is like "30 per hour; 100 per day".

    Raises TooMany when it is used up.
    """
    if not limiter.enabled:
        return
    address = get_remote_address()
    for limit in parse_many(allowance):
        if not limiter.limiter.hit(limit, purpose, address):
            raise TooMany(N_("Too many requests from your network. Wait a while and try again."))
