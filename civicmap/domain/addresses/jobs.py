"""What keeps the store of foreign answers small."""

from __future__ import annotations

from sqlalchemy.orm import Session

from civicmap.domain.addresses.actions.foreign import forget_answers
from civicmap.foundation.jobs import job


@job("addresses.forget_old_answers")
def forget_old_answers(session: Session) -> None:
    """Forget what foreign geocoders answered too long ago, and what is too much."""
    forget_answers(session)
