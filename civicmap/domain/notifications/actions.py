"""Letters that follow from what happens. They are the reactions of `civicmap.reactions`: each
writes a letter in the transaction of the change and queues its delivery, or does nothing.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from civicmap.domain.accounts.actions.people import INVITATION_LASTS, RESET_LASTS
from civicmap.domain.accounts.events import PasswordResetRequested
from civicmap.domain.accounts.models import Person
from civicmap.domain.notifications.mailing import MAILING
from civicmap.domain.notifications.models import TEXT
from civicmap.domain.notifications.posting import post
from civicmap.domain.notifications.queries import (
    Told,
    find_addressed_report,
    find_textable_report,
    get_told,
    is_old,
)
from civicmap.domain.notifications.wording import word_letter, word_text
from civicmap.domain.reports.events import (
    ContentApproved,
    PhotoHidden,
    PhotoShown,
    PublicUpdatePosted,
    QuestionAsked,
    ReportRedacted,
    ReportSent,
    ReportTransferred,
    ReportWithdrawn,
    StatusChanged,
    VisibilityChanged,
    WordsLeftOut,
    WordsShownAgain,
)
from civicmap.foundation.clock import now
from civicmap.foundation.locales import speaking


def tell_received(session: Session, event: ReportSent) -> None:
    """Number, what, where, who, until when, and the reporter's own link."""
    _tell_reporter(session, event.report_id, "report_received")


def tell_status(session: Session, event: StatusChanged) -> None:
    """The new status, with the department's words and, for a refusal, the reason."""
    _tell_reporter(session, event.report_id, f"report_{event.new}", event.event_id)


def tell_update(session: Session, event: PublicUpdatePosted) -> None:
    """What the department wrote for everyone."""
    _tell_reporter(session, event.report_id, "report_updated", event.event_id)


def tell_transfer(session: Session, event: ReportTransferred) -> None:
    """Who has the report from now on; the reason is internal."""
    _tell_reporter(session, event.report_id, "report_transferred", event.event_id)


def tell_visibility(session: Session, event: VisibilityChanged) -> None:
    """That the report is shown to everyone now, or no longer and why."""
    kind = "report_published" if event.new == "public" else "report_hidden"
    _tell_reporter(session, event.report_id, kind, event.event_id)


def tell_approved(session: Session, event: ContentApproved) -> None:
    """That everybody can now read the words and see the photos that waited."""
    _tell_reporter(session, event.report_id, "report_approved", event.event_id)


def tell_redacted(session: Session, event: ReportRedacted) -> None:
    """That staff changed what everybody reads, and why."""
    _tell_reporter(session, event.report_id, "report_redacted", event.event_id)


def tell_left_out(session: Session, event: WordsLeftOut) -> None:
    """That words they added later are left out for everybody, and why."""
    _tell_reporter(session, event.report_id, "report_words_left_out", event.event_id)


def tell_words_shown(session: Session, event: WordsShownAgain) -> None:
    """That words that had been left out are shown again."""
    _tell_reporter(session, event.report_id, "report_words_shown", event.event_id)


def tell_photo_hidden(session: Session, event: PhotoHidden) -> None:
    """That a photo is hidden from everybody, and why."""
    _tell_reporter(session, event.report_id, "report_photo_hidden", event.event_id)


def tell_photo_shown(session: Session, event: PhotoShown) -> None:
    """That a photo that had been hidden is shown again."""
    _tell_reporter(session, event.report_id, "report_photo_shown", event.event_id)


def tell_question(session: Session, event: QuestionAsked) -> None:
    """What the department asks, and where to answer: by mail, or by a text to a phone whose texts
    are known to be read. Whoever left neither finds the question on their own page."""
    if find_addressed_report(session, event.report_id) is not None:
        _tell_reporter(session, event.report_id, "report_question", event.event_id)
        return
    report = find_textable_report(session, event.report_id)
    if report is None:
        return
    with speaking(report.language, report.time_zone):
        subject, body = word_text(
            "report_question_text",
            report=report,
            link=MAILING.value.own_report(report.number, report.secret),
        )
    post(
        session,
        jurisdiction_id=report.jurisdiction_id,
        kind="report_question_text",
        medium=TEXT,
        recipient=report.recipient,
        language=report.language,
        subject=subject,
        body=body,
        at=now(),
        event_id=event.event_id,
    )


def tell_withdrawn(session: Session, event: ReportWithdrawn) -> None:
    """The last letter: that the report was taken back, and that this address is erased."""
    kind = "report_withdrawn_stays" if event.stays else "report_withdrawn"
    _tell_reporter(session, event.report_id, kind, event.event_id)


def mail_password_link(session: Session, event: PasswordResetRequested) -> None:
    """The one-time link, for a new account or a forgotten password."""
    person = session.get_one(Person, event.person_id)
    kind = "invitation" if event.is_invitation else "password_reset"
    with speaking(person.language):
        subject, body = word_letter(
            kind,
            name=person.name,
            link=MAILING.value.set_password(event.token),
            hours=RESET_LASTS // timedelta(hours=1),
            days=INVITATION_LASTS // timedelta(days=1),
        )
    post(
        session,
        jurisdiction_id=None,
        kind=kind,
        recipient=person.email,
        language=person.language,
        subject=subject,
        body=body,
        at=now(),
    )


def _tell_reporter(
    session: Session, report_id: int, kind: str, event_id: int | None = None
) -> None:
    report = find_addressed_report(session, report_id)
    if report is None:
        return
    told: Told | None = get_told(session, event_id) if event_id else None
    at = told.at if told else report.created_at
    if is_old(at, now()):
        return
    with speaking(report.language, report.time_zone):
        subject, body = word_letter(
            kind,
            report=report,
            event=told,
            link=MAILING.value.own_report(report.number, report.secret),
        )
    post(
        session,
        jurisdiction_id=report.jurisdiction_id,
        kind=kind,
        recipient=report.recipient,
        language=report.language,
        subject=subject,
        body=body,
        at=at,
        event_id=event_id,
    )
