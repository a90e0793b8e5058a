"""What every request knows before its view runs: the city, the language, the local time.

And what every template may use: see `templates/shared/layout.html`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, abort, current_app, g, request
from jinja2 import pass_context
from jinja2.runtime import Context
from werkzeug.datastructures import LanguageAccept

from civicmap.config import Settings
from civicmap.domain.jurisdictions.queries import City, list_cities
from civicmap.extensions import db
from civicmap.foundation import locales
from civicmap.foundation.clock import now
from civicmap.foundation.errors import NotFound
from civicmap.foundation.locales import LANGUAGES, N_
from civicmap.web.shared.assets import asset, modules, sheets

LANGUAGE_COOKIE = "civicmap_language"
ONE_YEAR = 365 * 24 * 3600


def register(app: Flask) -> None:
    # The language first: what comes after may refuse, and says so in words.
    app.before_request(choose_language)
    app.before_request(refuse_nul)
    app.before_request(find_city)
    app.after_request(remember_language)
    app.context_processor(template_context)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        locales.gettext,
        locales.ngettext,
        newstyle=True,
        pgettext=locales.pgettext,
        npgettext=locales.npgettext,
    )
    app.jinja_env.globals.update(
        asset=asset,
        modules=modules,
        sheets=sheets,
        in_language=locales.in_language,
        languages=LANGUAGES,
        now=now,
        month_patterns=locales.month_patterns,
        day_patterns=locales.day_patterns,
    )
    spoken: dict[str, Callable[..., str]] = {
        "local_date": locales.local_date,
        "local_datetime": locales.local_datetime,
        "local_time": locales.local_time,
        "local_age": lambda moment: locales.local_age(moment, now()),
        "local_number": locales.local_number,
        "in_language": locales.in_language,
    }
    app.jinja_env.filters.update({name: _when_rendered(of) for name, of in spoken.items()})
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _when_rendered(of: Callable[..., str]) -> Callable[..., str]:
    """A filter that waits until somebody reads the page. Of a constant Jinja works out any other as
    it compiles the template, in the language of whoever came first, and says it to everybody."""

    @pass_context
    def rendered(_context: Context, *args: Any, **kwargs: Any) -> str:
        return of(*args, **kwargs)

    return rendered


def settings() -> Settings:
    """The settings of the running application."""
    found: Settings = current_app.extensions["civicmap"]
    return found


def refuse_nul() -> None:
    """No address of ours has a NUL, and PostgreSQL takes none: nothing is there, and a question
    with one cannot be understood."""
    if "\x00" in request.path:
        abort(404)
    if any("\x00" in text for pair in request.args.items(multi=True) for text in pair):
        abort(400)


def find_city() -> None:
    """Load the city of the address (`<city_slug>`) into `g.city`; its clock counts from here on,
    and its own language for whoever wishes for none. Raises NotFound."""
    g.city = None
    slug = (request.view_args or {}).get("city_slug")
    if slug is None:
        return
    city = next((city for city in all_cities() if city.slug == slug), None)
    if city is None:
        raise NotFound(N_("There is no such city here."))
    g.city = city
    locales.set_time_zone(city.time_zone)
    if not g.language_wished:
        locales.speak(city.languages[0])


def the_city() -> City:
    """The city of this request; only for views whose address names one."""
    city: City = g.city
    return city


def all_cities() -> list[City]:
    """Every city, asked once a request."""
    if "cities" not in g:
        g.cities = list_cities(db.session)
    cities: list[City] = g.cities
    return cities


def choose_language() -> None:
    """`?lang=`, then the cookie, then the browser's wish; without any the city's own language
    (see `find_city`)."""
    asked = request.args.get("lang", "")
    g.language_asked = asked in LANGUAGES
    wishes = (
        asked,
        request.cookies.get(LANGUAGE_COOKIE, ""),
        _wished(request.accept_languages),
    )
    g.language_wished = next((code for code in wishes if code in LANGUAGES), "")
    locales.speak(g.language_wished or locales.DEFAULT_LANGUAGE)
    # Every thread remembers who it spoke to last.
    locales.set_time_zone("UTC")


def _wished(accepted: LanguageAccept) -> str:
    return accepted.best_match(list(LANGUAGES)) or ""


def remember_language(response: Response) -> Response:
    if response.mimetype != "text/html":
        return response
    if g.get("language_asked"):
        response.set_cookie(
            LANGUAGE_COOKIE,
            locales.current_language(),
            max_age=ONE_YEAR,
            samesite="Lax",
            secure=settings().is_https,
            httponly=True,
        )
    response.vary.update(["Cookie", "Accept-Language"])
    return response


def template_context() -> dict[str, Any]:
    return {
        "city": g.get("city"),
        "cities": g.get("cities", []),
        "language": locales.current_language(),
        "settings": settings(),
    }
