"""What the worker does with accounts."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from civicmap.domain.accounts.models import ConfirmedContact, OneTimeLink, PasswordReset, SignIn
from civicmap.foundation.clock import now
from civicmap.foundation.jobs import job

# Long enough to look into what happened to an account, and no longer.
KEPT_FOR = timedelta(days=30)
LINKS_KEPT_FOR = timedelta(days=1)
CONFIRMED_FOR = timedelta(days=365)


@job("accounts.forget_old_sign_ins")
def forget_old_sign_ins(session: Session) -> None:
    """Delete sign-ins that ended or expired, links that were used or expired, and contacts whose
    confirmation is older than the cookie of its browser."""
    limit = now() - KEPT_FOR
    session.execute(delete(SignIn).where(or_(SignIn.expires_at < limit, SignIn.ended_at < limit)))
    session.execute(
        delete(PasswordReset).where(
            or_(PasswordReset.expires_at < limit, PasswordReset.used_at < limit)
        )
    )
    # These name people who may have no account at all: as long as they count for the limits.
    session.execute(delete(OneTimeLink).where(OneTimeLink.created_at < now() - LINKS_KEPT_FOR))
    session.execute(
        delete(ConfirmedContact).where(ConfirmedContact.confirmed_at < now() - CONFIRMED_FOR)
    )
