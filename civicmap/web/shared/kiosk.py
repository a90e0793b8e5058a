"""A terminal in a town hall: `?kiosk=1` makes one of a browser, `?kiosk=0` ends it.

In kiosk mode nothing of a person stays: no answer is kept by the browser, no link leads elsewhere,
fields offer nothing that somebody typed before, and `kiosk.forget` (web/kiosk) drops the rest. The
cookie holds when the visit began, so that links of the person before (the browser's Back button)
lead nowhere.

Somebody's own browser is asked first, on a page of its own (`kiosk.begin`): becoming a kiosk
forgets what is kept there, reports that wait to be sent among it.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask, Response, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from civicmap.web.shared.forms import SAFE_METHODS, token_is_good
from civicmap.web.shared.qr_code import qr_code
from civicmap.web.shared.request_context import settings

COOKIE = "civicmap_kiosk"
# Of a browser that holds reports, and of one where somebody wished to stay signed in.
BROWSER_COOKIE = "civicmap_browser"
REMEMBER_COOKIE = "civicmap_remember"
# Without scripts nobody can tell whether a person is still there: a page that is read gets the
# minute, a form that is filled in gets time to do so.
READING_SECONDS = 60
WRITING_SECONDS = 600

_BEGUN = re.compile(r"[0-9]{1,12}", re.ASCII)
_LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
_ADDRESS = re.compile(r"""\bhref="([^"]*)\"""")
_OPENS_ELSEWHERE = re.compile(r"""\btarget="_blank"|\bdownload\b""")
_AUTOCOMPLETE = re.compile(r"""\sautocomplete="[^"]*\"""")
_FIELD = re.compile(r"<(form|input|textarea|select)\b")


@dataclass(frozen=True)
class Kiosk:
    """What pages of a kiosk need: addresses of the beginning, of forgetting, and of the question
    for a browser that turns out to keep something of somebody's."""

    start: str
    forget: str
    ask: str
    patience: int  # seconds that a page without scripts waits before it forgets


def register(app: Flask) -> None:
    app.before_request(notice_kiosk)
    app.before_request(refuse_forms_of_the_one_before)
    app.after_request(answer_as_kiosk)
    app.context_processor(lambda: {"kiosk": _the_kiosk() if is_kiosk() else None})
    app.jinja_env.globals["qr_code"] = qr_code


def is_kiosk() -> bool:
    """Whether this request comes from a terminal that many people use."""
    return bool(g.get("kiosk_since"))


def belongs_to_the_one_before(moment: datetime) -> bool:
    """Whether something made at `moment` is none of the person's who stands here now."""
    return is_kiosk() and moment.timestamp() < g.kiosk_since - 1


def notice_kiosk() -> AnyResponse | None:
    """Set `g.kiosk_since`: when this visit began, in seconds of Unix time; 0 outside of a kiosk.

    Somebody's own browser that is told to be one is led to the question instead.
    """
    kept = request.cookies.get(COOKIE, "")
    g.kiosk_since = int(kept) if _BEGUN.fullmatch(kept) else 0
    g.kiosk_asked = request.args.get("kiosk", "")
    if g.kiosk_asked == "0":
        g.kiosk_since = 0
    elif g.kiosk_asked == "1" and (g.kiosk_since or not _is_led_here()):
        if not g.kiosk_since and looks_personal():
            # A link out of a messenger comes without a word of where it was followed.
            if request.blueprint == "kiosk":
                return None
            slug = (request.view_args or {}).get("city_slug")
            return redirect(url_for("kiosk.begin", city=slug), 303)
        g.kiosk_since = int(time.time())
    return None


def looks_personal() -> bool:
    """Whether this browser holds reports, or somebody is signed in: then it is no new terminal."""
    return (
        BROWSER_COOKIE in request.cookies
        or REMEMBER_COOKIE in request.cookies
        or "_user_id" in session
    )


def _is_led_here() -> bool:
    """Whether another site's link wants to make a kiosk of somebody's own phone."""
    return request.headers.get("Sec-Fetch-Site", "none") in {"cross-site", "same-site"}


def refuse_forms_of_the_one_before() -> AnyResponse | None:
    """A form sent again out of the browser's history leads to the beginning, not to a filled page.

    Its token went with the session of whoever filled it in.
    """
    if not is_kiosk() or request.method in SAFE_METHODS or request.blueprint == "kiosk":
        return None
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate" or token_is_good():
        return None
    return redirect(start_address(), 303)


def start_address(city_slug: str = "") -> str:
    """The page where the next person begins: of that city, or of this request's, or of all."""
    slug = city_slug or (request.view_args or {}).get("city_slug", "")
    if slug:
        return url_for("public.city", city_slug=slug, kiosk=1)
    return url_for("public.home", kiosk=1)


def _the_kiosk() -> Kiosk:
    slug = g.city.slug if g.get("city") else (request.view_args or {}).get("city_slug", "")
    return Kiosk(
        start=start_address(slug),
        forget=url_for("kiosk.forget", city=slug or None),
        ask=url_for("kiosk.begin", city=slug or None, kiosk=0),
        patience=WRITING_SECONDS if request.blueprint in {"report", "auth"} else READING_SECONDS,
    )


def answer_as_kiosk(response: Response) -> Response:
    if g.get("kiosk_asked") == "0":
        response.delete_cookie(COOKIE)
    if not is_kiosk():
        return response
    if g.kiosk_asked == "1":
        # A cookie of the session: a terminal that is switched off in the evening starts afresh.
        response.set_cookie(
            COOKIE,
            str(g.kiosk_since),
            httponly=True,
            samesite="Lax",
            secure=settings().is_https,
        )
    response.headers["Cache-Control"] = "no-store"
    if response.mimetype == "text/html" and not response.is_streamed:
        response.set_data(for_many_people(response.get_data(as_text=True), request.host))
    return response


def for_many_people(page: str, host: str) -> str:
    """A page of ours without links that a terminal cannot follow and without remembered fields.

    Telephone numbers, addresses elsewhere, new tabs and downloads become their words. One place for
    all pages, those of tomorrow too; `static/kiosk/links.js` does the same to what scripts add.
    """
    page = _LINK.sub(lambda link: _words_of(link, host), page)
    return _FIELD.sub(r'<\1 autocomplete="off"', _AUTOCOMPLETE.sub("", page))


def _words_of(link: re.Match[str], host: str) -> str:
    attributes, words = link[1], link[2]
    address = _ADDRESS.search(attributes)
    if address is None or _OPENS_ELSEWHERE.search(attributes):
        return f'<span class="was-link">{words}</span>'
    parts = urlsplit(address[1].replace("&amp;", "&"))
    stays = parts.scheme in {"", "http", "https"} and parts.netloc in {"", host}
    return link[0] if stays else f'<span class="was-link">{words}</span>'
