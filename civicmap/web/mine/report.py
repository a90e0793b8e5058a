"""The reporter's own link: their report, shown to everyone or not, and what they may do."""

from __future__ import annotations

from flask import g, render_template, request, url_for

from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.reports.examination import LONGEST_WORDS
from civicmap.domain.reports.queries.my_reports import find_own_secret, get_own_state
from civicmap.domain.reports.queries.own import OwnReport
from civicmap.domain.reports.queries.standing import get_reporter_rights
from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.web.mine.blueprint import blueprint
from civicmap.web.mine.drafts import OwnDraft, load_own
from civicmap.web.shared.device import device_token
from civicmap.web.shared.photo_intake import photo_limit
from civicmap.web.shared.report_page import report_context
from civicmap.web.shared.request_context import settings


@blueprint.get("/<number>/<secret>")
def report(number: str, secret: str) -> str:
    """Raises NotFound."""
    return own_page(load_own(number, secret), secret)


def own_page(found: OwnReport, secret: str, *, draft: OwnDraft | None = None) -> str:
    """The page; `draft`: the answer to the department's question that could not be taken."""
    return render_template(
        "public/report.html",
        **report_context(g.city, found, secret=secret),
        own_link=url_for("mine.report", number=found.number, secret=secret, _external=True),
        own_page=None,
        secret=secret,
        just_sent="sent" in request.args,
        has_supported=False,
        is_following=False,
        is_held_here=bool(find_own_secret(db.session, found.id, hash_token(device_token()))),
        rights=get_reporter_rights(db.session, found.id, now()),
        state=get_own_state(db.session, found.id),
        draft=draft or OwnDraft(),
        errors=draft.errors if draft else {},
        longest_words=LONGEST_WORDS,
        photo_limit=photo_limit(),
        photo_bytes=settings().photo_bytes,
    )
