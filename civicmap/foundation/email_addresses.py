"""E-mail addresses: checked for form only; whether they work shows when a letter is sent."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_


def read_email(text: str, *, field: str) -> str:
    """The normalised address. Raises InvalidInput."""
    try:
        if "=?" in text:
            # The beginning of an encoded word: legal, and never meant well (see foundation.mail).
            raise EmailNotValidError
        found = validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError:
        raise InvalidInput(
            N_("“%(given)s” is not an e-mail address. It looks like name@example.org."),
            field=field,
            given=text.strip()[:100],
        ) from None
    return found.normalized
