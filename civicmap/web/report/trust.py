"""Whether the city knows that it can reach whoever reports, and how their device knows it."""

from __future__ import annotations

from hashlib import sha256

from flask_login import current_user

from civicmap.domain.accounts.queries import is_confirmed, list_confirmed
from civicmap.domain.accounts.tokens import hash_token
from civicmap.extensions import db
from civicmap.web.shared.device import device_token

# Of a phone: people leave out the country's prefix, and the device cannot know which one it is.
LAST_DIGITS = 8


def is_reachable(email: str, phone: str, browser: str) -> bool:
    """Whether somebody is signed in, or one of these (the phone in E.164) is known to be theirs:
    confirmed at the browser of this raw token."""
    return current_user.is_authenticated or any(
        is_confirmed(db.session, hash_token(browser), contact) for contact in (email, phone)
    )


def confirmed_marks() -> list[str]:
    """SHA-256, as hex, of each contact confirmed at this browser (an address in small letters, the
    last digits of a phone): the device tells by them whether the one that is typed is among them,
    and whoever reads the page over a shoulder learns none."""
    return [
        sha256(
            (row.contact[-LAST_DIGITS:] if row.kind == "phone" else row.contact.lower()).encode()
        ).hexdigest()
        for row in list_confirmed(db.session, hash_token(device_token()))
    ]
