"""The one table of what follows from what: domain event → reactions, in order.

Reactions run inside the transaction of the change and only write rows (see `foundation.events`).
"""

from __future__ import annotations

from civicmap.domain.accounts.events import LinkRequested, PasswordResetRequested
from civicmap.domain.notifications.actions import (
    mail_password_link,
    tell_approved,
    tell_left_out,
    tell_photo_hidden,
    tell_photo_shown,
    tell_question,
    tell_received,
    tell_redacted,
    tell_status,
    tell_transfer,
    tell_update,
    tell_visibility,
    tell_withdrawn,
    tell_words_shown,
)
from civicmap.domain.notifications.followers import queue_followers
from civicmap.domain.notifications.links import queue_link
from civicmap.domain.reports.events import (
    ContentApproved,
    PhotoHidden,
    PhotoShown,
    PublicUpdatePosted,
    QuestionAsked,
    ReportRedacted,
    ReportReopened,
    ReportSent,
    ReportTransferred,
    ReportWithdrawn,
    StatusChanged,
    VisibilityChanged,
    WordsLeftOut,
    WordsShownAgain,
)
from civicmap.foundation.events import Reaction

REACTIONS: dict[type, tuple[Reaction, ...]] = {
    ReportSent: (tell_received,),
    StatusChanged: (tell_status, queue_followers),
    PublicUpdatePosted: (tell_update,),
    ReportTransferred: (tell_transfer,),
    VisibilityChanged: (tell_visibility,),
    ContentApproved: (tell_approved,),
    ReportRedacted: (tell_redacted,),
    WordsLeftOut: (tell_left_out,),
    WordsShownAgain: (tell_words_shown,),
    PhotoHidden: (tell_photo_hidden,),
    PhotoShown: (tell_photo_shown,),
    QuestionAsked: (tell_question,),
    ReportWithdrawn: (tell_withdrawn,),
    ReportReopened: (queue_followers,),
    LinkRequested: (queue_link,),
    PasswordResetRequested: (mail_password_link,),
}
