"""One-time links: ask for one by mail or text, and open it."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user
from werkzeug.wrappers import Response

from civicmap.domain.accounts.actions import people
from civicmap.domain.accounts.actions.links import EMAIL, PHONE, UsedLink, request_link, use_link
from civicmap.domain.accounts.actions.residents import sign_in_by_link
from civicmap.domain.accounts.queries import ConfirmedRow, find_actor, find_link
from civicmap.domain.reports.actions.hold_report import hold_reports_with
from civicmap.extensions import db, limiter
from civicmap.foundation.email_addresses import read_email
from civicmap.foundation.errors import CivicmapError, InvalidInput
from civicmap.foundation.locales import N_, current_language, gettext
from civicmap.foundation.phone_numbers import to_e164
from civicmap.foundation.transaction import transaction
from civicmap.web.mine.blueprint import blueprint
from civicmap.web.shared.allowance import use_allowance
from civicmap.web.shared.device import device_token, new_device_token, remember_device
from civicmap.web.shared.errors import status_code_of
from civicmap.web.shared.forms import keeps_draft, read_key, token_is_good
from civicmap.web.shared.kiosk import is_kiosk
from civicmap.web.shared.people import SignedInPerson
from civicmap.web.shared.request_context import all_cities, settings

LONGEST_FIELD = 300


def can_text() -> bool:
    """Whether a text reaches anybody: a gateway is set up, or a demo's mailbox shows it."""
    if settings().sms_gateway is not None:
        return True
    return settings().mail_server is None and any(city.is_demo for city in all_cities())


@blueprint.route("/link", methods=["GET", "POST"])
@keeps_draft
def link() -> str | Response:
    """Ask for a link. The answer is the same whether or not the contact is known."""
    wants_account = request.values.get("account") == "1"
    if request.method == "GET":
        return _link_page(wants_account)
    typed = request.form.get("contact", "")[:LONGEST_FIELD].replace("\x00", "")
    try:
        if not token_is_good():
            raise InvalidInput(N_("The form had expired. Send it once more."))
        contacts = _read_contact(typed, with_phone=can_text() and not wants_account)
        use_allowance(settings().link_limit, "link")
    except CivicmapError as error:
        page = _link_page(wants_account, typed, {error.field or "": str(error)})
        return make_response(page, status_code_of(error))
    with transaction(db.session):
        for kind, contact in contacts:
            request_link(
                db.session,
                kind=kind,
                contact=contact,
                language=current_language(),
                wants_account=wants_account,
            )
    return make_response(
        render_template("mine/link_sent.html", kind=contacts[0][0], wants_account=wants_account)
    )


def _read_contact(typed: str, *, with_phone: bool) -> list[tuple[str, str]]:
    """Kind and contact. A number that is written as at home may be one of several countries', if
    civicmap serves cities in several. Raises InvalidInput."""
    if "@" not in typed and with_phone:
        numbers = {to_e164(typed, city.country) for city in all_cities()} - {""}
        if not numbers:
            raise InvalidInput(
                N_("This is neither an e-mail address nor a whole phone number."), field="contact"
            )
        return [(PHONE, number) for number in sorted(numbers)]
    return [(EMAIL, read_email(typed, field="contact"))]


@blueprint.route("/open/<token>", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
@keeps_draft
def open_link(token: str) -> str | Response:
    """A page with a button; the button uses the link up. What opens links on its way to look for
    harm, as mail servers do, presses none."""
    token = read_key(token)
    if is_kiosk():
        # The button would use it up for a browser that keeps nothing.
        return _open_page(token, status_code=200 if request.method == "GET" else 403)
    # From here on, so that a button pressed twice is pressed by the same browser.
    browser = device_token() or new_device_token()
    if request.method == "GET":
        response = _open_page(token)
        remember_device(response, browser)
        return response
    if not token_is_good():
        return _open_page(token, error=gettext("The form had expired. Press the button again."))
    try:
        with transaction(db.session):
            used = use_link(db.session, token=token, browser=browser)
            hold_reports_with(db.session, kind=used.kind, contact=used.contact, browser=browser)
            sign_in = ""
            if used.wants_account and used.kind == EMAIL:
                sign_in = sign_in_by_link(
                    db.session, email=used.contact, language=current_language()
                )
    except InvalidInput as error:
        return _open_page("", error=str(error))
    _welcome(used, sign_in)
    response = redirect(url_for("mine.reports"), 303)
    remember_device(response, browser)
    return response


def _welcome(used: UsedLink, sign_in: str) -> None:
    actor = find_actor(db.session, sign_in) if sign_in else None
    if actor is not None:
        if current_user.is_authenticated:
            with transaction(db.session):
                people.sign_out(db.session, token=current_user.token)
        # Nothing that was set before survives a sign-in (session fixation).
        session.clear()
        login_user(SignedInPerson(sign_in, actor), remember=True)
        flash(gettext("You are signed in. Your reports gather here."), "good")
    elif used.wants_account:
        flash(
            gettext("Your reports are here. To work for the city, sign in with your password."),
            "good",
        )
    else:
        flash(gettext("Your reports are on this device now."), "good")


def _open_page(token: str, *, error: str = "", status_code: int = 0) -> Response:
    found = find_link(db.session, token) if token else None
    page = render_template(
        "mine/open_link.html",
        contact=ConfirmedRow(found.kind, found.contact).masked if found else "",
        wants_account=bool(found and found.wants_account),
        error=error,
    )
    usual = 400 if error else 200 if found else 404
    return make_response(page, (status_code if found else 0) or usual)


def _link_page(wants_account: bool, typed: str = "", errors: dict[str, str] | None = None) -> str:
    return render_template(
        "mine/link.html",
        wants_account=wants_account,
        with_phone=can_text() and not wants_account,
        typed=typed,
        errors=errors or {},
    )
