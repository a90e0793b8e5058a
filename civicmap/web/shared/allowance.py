"""How often one network may do a thing, counted inside a view.

For views that must answer with the form filled when it is too often; elsewhere the decorator
`limiter.limit` is enough.
"""

from __future__ import annotations

from limits import parse_many

from civicmap.extensions import limiter, the_network
from civicmap.foundation.errors import TooMany
from civicmap.foundation.locales import N_


def use_allowance(allowance: str, purpose: str) -> None:
    """Count one `purpose` for this network; `allowance` is like "30 per hour; 100 per day".

    Raises TooMany when it is used up.
    """
    if not limiter.enabled:
        return
    network = the_network()
    for limit in parse_many(allowance):
        if not limiter.limiter.hit(limit, purpose, network):
            raise TooMany(N_("Too many requests from your network. Wait a while and try again."))
