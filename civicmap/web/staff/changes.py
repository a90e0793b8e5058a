"""What staff change about a report. Each view names its form, its action and its good news; the
rest, errors above all, is the same for all (see `report.answer_form`)."""

from __future__ import annotations

from flask import Response, request, url_for

from civicmap.domain.reports.actions import moderate
from civicmap.domain.reports.actions import staff as actions
from civicmap.domain.reports.actions.step import Step
from civicmap.domain.reports.queries.staff.worklist import CHECK
from civicmap.domain.reports.workflow import STATUSES
from civicmap.extensions import db
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import parse_position_text
from civicmap.foundation.locales import N_, gettext
from civicmap.web.shared.forms import keeps_draft, read_id
from civicmap.web.shared.request_context import the_city
from civicmap.web.staff.blueprint import blueprint
from civicmap.web.staff.drafts import Draft
from civicmap.web.staff.report import answer_form


@blueprint.post("/<city_slug>/reports/<number>/status")
@keeps_draft
def change_status(city_slug: str, number: str) -> Response:
    """In progress, fixed, won't fix, open again."""

    def act(step: Step, draft: Draft) -> None:
        if draft["to"] not in STATUSES:
            raise InvalidInput(N_("Choose the new status."), field="to")
        actions.change_status(
            db.session,
            step,
            to=draft["to"],
            words=draft["words"],
            reason=draft["reason"],
            photos=draft.photos,
        )

    return answer_form(number, "status", act, gettext("Done. Everyone sees the new status."))


@blueprint.post("/<city_slug>/reports/<number>/update")
@keeps_draft
def post_update(city_slug: str, number: str) -> Response:
    """Tell the public something."""

    def act(step: Step, draft: Draft) -> None:
        actions.post_update(db.session, step, words=draft["words"], photos=draft.photos)

    return answer_form(number, "update", act, gettext("The update is out. Everyone can read it."))


@blueprint.post("/<city_slug>/reports/<number>/ask")
@keeps_draft
def ask_reporter(city_slug: str, number: str) -> Response:
    """Ask the reporter something, and wait for the answer."""

    def act(step: Step, draft: Draft) -> None:
        actions.ask_reporter(db.session, step, words=draft["words"])

    return answer_form(number, "ask", act, gettext("The question is out. The report waits for it."))


@blueprint.post("/<city_slug>/reports/<number>/note")
@keeps_draft
def add_note(city_slug: str, number: str) -> Response:
    """Write down something that only staff read."""

    def act(step: Step, draft: Draft) -> None:
        actions.add_note(db.session, step, words=draft["words"])

    return answer_form(number, "note", act, gettext("The note is kept. Only staff read it."))


@blueprint.post("/<city_slug>/reports/<number>/transfer")
@keeps_draft
def transfer(city_slug: str, number: str) -> Response:
    """Hand over to another department."""

    def act(step: Step, draft: Draft) -> None:
        actions.transfer(db.session, step, to_department=draft["department"], words=draft["words"])

    return answer_form(number, "transfer", act, gettext("Handed over."))


@blueprint.post("/<city_slug>/reports/<number>/place")
@keeps_draft
def move_pin(city_slug: str, number: str) -> Response:
    """Correct where it is."""

    def act(step: Step, draft: Draft) -> None:
        point = parse_position_text(draft["position"])
        actions.move_pin(db.session, step, point=point, address=draft["address"])

    return answer_form(number, "place", act, gettext("The pin is moved."))


@blueprint.post("/<city_slug>/reports/<number>/approve")
@keeps_draft
def approve(city_slug: str, number: str) -> Response:
    """Show to everybody what waited; `back=check` leads back to what waits still."""

    def act(step: Step, draft: Draft) -> None:
        moderate.approve(db.session, step)

    done = gettext("Approved. Everyone sees %(number)s now.") % {"number": number}
    back = url_for("staff.worklist", city_slug=the_city().slug, tab=CHECK)
    return answer_form(
        number, "approve", act, done, to=back if request.form.get("back") == CHECK else ""
    )


@blueprint.post("/<city_slug>/reports/<number>/redact")
@keeps_draft
def redact(city_slug: str, number: str) -> Response:
    """Change what everybody reads of what the resident wrote."""

    def act(step: Step, draft: Draft) -> None:
        moderate.redact(
            db.session,
            step,
            text=draft["text"],
            address=draft["address"],
            reason=draft["reason"],
            words=draft["words"],
            left_out=draft.left_out,
        )

    return answer_form(
        number, "redact", act, gettext("Changed. The reporter is told, with the reason.")
    )


@blueprint.post("/<city_slug>/reports/<number>/leave_out")
@keeps_draft
def leave_out(city_slug: str, number: str) -> Response:
    """Leave out for everybody what a resident added later, or show it again."""

    def act(step: Step, draft: Draft) -> None:
        event_id = read_id(draft["event"])
        if not event_id:
            raise InvalidInput(N_("Choose the words."), field="event")
        if draft["to"] == "shown":
            moderate.show_words(db.session, step, event_id=event_id)
        else:
            moderate.leave_out_words(
                db.session,
                step,
                event_id=event_id,
                reason=draft["reason"],
                words=draft["words"],
            )

    return answer_form(number, "leave_out", act, gettext("Done. The public page follows at once."))


@blueprint.post("/<city_slug>/reports/<number>/photo")
@keeps_draft
def change_photo(city_slug: str, number: str) -> Response:
    """Hide a single photo, or show it again."""

    def act(step: Step, draft: Draft) -> None:
        if not draft["key"]:
            raise InvalidInput(N_("Choose the photo."), field="key")
        if draft["to"] == "shown":
            moderate.show_photo(db.session, step, key=draft["key"])
        else:
            moderate.hide_photo(
                db.session,
                step,
                key=draft["key"],
                reason=draft["reason"],
                words=draft["words"],
            )

    return answer_form(number, "photo", act, gettext("Done. The public page follows at once."))


@blueprint.post("/<city_slug>/reports/<number>/visibility")
@keeps_draft
def change_visibility(city_slug: str, number: str) -> Response:
    """Publish or hide."""

    def act(step: Step, draft: Draft) -> None:
        moderate.change_visibility(
            db.session, step, to=draft["to"], reason=draft["reason"], words=draft["words"]
        )

    return answer_form(number, "visibility", act, gettext("Done. The public page follows at once."))
