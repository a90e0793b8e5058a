"""The one table of what follows from what: domain event → reactions, in order.

Reactions run inside the transaction of the change and only write rows (see `foundation.events`).
"""

from __future__ import annotations

from civicmap.domain.accounts.events import PasswordResetRequested
from civicmap.domain.notifications.actions import (
    mail_password_link,
    tell_received,
    tell_status,
    tell_transfer,
    tell_update,
    tell_visibility,
)
from civicmap.domain.reports.events import (
    PublicUpdatePosted,
    ReportSent,
    ReportTransferred,
    StatusChanged,
    VisibilityChanged,
)
from civicmap.foundation.events import Reaction

REACTIONS: dict[type, tuple[Reaction, ...]] = {
    ReportSent: (tell_received,),
    StatusChanged: (tell_status,),
    PublicUpdatePosted: (tell_update,),
    ReportTransferred: (tell_transfer,),
    VisibilityChanged: (tell_visibility,),
    PasswordResetRequested: (mail_password_link,),
}
