"""Where people and their browsers knock: one blueprint a room."""

from __future__ import annotations

from flask import Flask

from civicmap.web.auth.blueprint import blueprint as auth
from civicmap.web.kiosk.views import blueprint as kiosk_room
from civicmap.web.mailbox.blueprint import blueprint as mailbox
from civicmap.web.mine.blueprint import blueprint as mine
from civicmap.web.public.blueprint import blueprint as public
from civicmap.web.pwa.blueprint import blueprint as pwa
from civicmap.web.report.blueprint import blueprint as report
from civicmap.web.shared import (
    device,
    errors,
    forms,
    keeping,
    kiosk,
    request_context,
    security,
    text_browsers,
)
from civicmap.web.staff.blueprint import blueprint as staff
from civicmap.web.system.views import blueprint as system


def register(app: Flask) -> None:
    """Hang every blueprint, and what all of them share, on the application."""
    # The kiosk first: whatever is refused later, a terminal stays one.
    kiosk.register(app)
    request_context.register(app)
    forms.register(app)
    security.register(app)
    text_browsers.register(app)
    device.register(app)
    errors.register(app)
    keeping.register(app)
    for blueprint in (system, auth, staff, kiosk_room, mailbox, public, pwa, report, mine):
        app.register_blueprint(blueprint)
