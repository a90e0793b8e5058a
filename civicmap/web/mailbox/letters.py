"""The letters, newest first, and one as its reader would see it."""

from __future__ import annotations

from flask import render_template, request

from civicmap.domain.notifications.queries import get_kept_letter, list_kept_letters
from civicmap.extensions import db
from civicmap.foundation.paging import read_place
from civicmap.web.mailbox.blueprint import blueprint, open_city_ids
from civicmap.web.shared.people import the_actor

PAGE_LENGTH = 50


@blueprint.get("")
def letters() -> str:
    page = list_kept_letters(
        db.session,
        the_actor(),
        open_city_ids(),
        after=read_place(request.args.get("after", "")),
        limit=PAGE_LENGTH,
    )
    return render_template("mailbox/letters.html", page=page)


@blueprint.get("/<int:letter_id>")
def letter(letter_id: int) -> str:
    found = get_kept_letter(db.session, the_actor(), open_city_ids(), letter_id)
    return render_template("mailbox/letter.html", letter=found)
