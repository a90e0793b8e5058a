"""Write a letter or text in the transaction of the change, and queue its delivery."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicmap.domain.notifications.jobs import queue_letter
from civicmap.domain.notifications.models import MAIL, WAITING, Letter


def post(
    session: Session,
    *,
    jurisdiction_id: int | None,
    kind: str,
    recipient: str,
    language: str,
    subject: str,
    body: str,
    at: datetime,
    medium: str = MAIL,
    unsubscribe: str = "",
    event_id: int | None = None,
) -> None:
    """`recipient`: an e-mail address, or a phone (E.164) for a text. `event_id`: nobody is told the
    same event twice, whatever they are to the report."""
    letter_id = session.scalar(
        insert(Letter)
        .values(
            jurisdiction_id=jurisdiction_id,
            kind=kind,
            medium=medium,
            recipient=recipient,
            language=language,
            subject=subject,
            body=body,
            created_at=at,
            state=WAITING,
            failure="",
            unsubscribe=unsubscribe,
            event_id=event_id,
        )
        .on_conflict_do_nothing()
        .returning(Letter.id)
    )
    if letter_id is not None:
        queue_letter(session, letter_id)
