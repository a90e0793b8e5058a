"""The web app manifest: what the application is called on a home screen, and where it starts."""

from __future__ import annotations

from flask import Response, json, make_response, request, url_for

from civicmap.foundation.locales import current_language, gettext
from civicmap.web.pwa.blueprint import blueprint
from civicmap.web.shared.assets import asset
from civicmap.web.shared.request_context import all_cities

PAPER = "#faf8f4"
CARD = "#ffffff"
KEPT_SECONDS = 3600
# file, side in px, purpose
ICONS = [
    ("icon-192", 192, "any"),
    ("icon-512", 512, "any"),
    ("maskable-192", 192, "maskable"),
    ("maskable-512", 512, "maskable"),
]


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """`?city=slug&lang=code`: the application opens that city; without a known one, all cities.

    Browsers ask without cookies, hence the language in the address.
    """
    slug = request.args.get("city", "")
    city = next((city for city in all_cities() if city.slug == slug), None)
    start = url_for("public.city", city_slug=city.slug) if city else url_for("public.home")
    told = {
        "id": start,
        "name": gettext("%(city)s: report a problem") % {"city": city.display_name}
        if city
        else "civicmap",
        "short_name": city.display_name if city else "civicmap",
        "description": gettext("Report a problem in the city and see who is fixing it."),
        "lang": current_language(),
        "dir": "ltr",
        "start_url": start,
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": CARD,
        "categories": ["government", "utilities"],
        "icons": [
            {
                "src": asset(f"pwa/icons/{name}.png"),
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, side, purpose in ICONS
        ],
        "shortcuts": _shortcuts(city.slug) if city else [],
    }
    answered = make_response(json.dumps(told, ensure_ascii=False))
    answered.mimetype = "application/manifest+json"
    answered.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return answered


def _shortcuts(city_slug: str) -> list[dict[str, object]]:
    """What a long press on the icon offers."""
    icon = {"src": asset("pwa/icons/icon-192.png"), "sizes": "192x192", "type": "image/png"}
    return [
        {
            "name": gettext("Report a problem"),
            "url": url_for("report.start", city_slug=city_slug),
            "icons": [icon],
        }
    ]
