"""Pages against the bare SQL that they run: the city, a report, the list, the counters, tiles."""

from __future__ import annotations

import gzip

from benches.crowded_city import a_number, make_app, make_city
from benches.measuring import HEADING, caught_statements, played_back, row, take_turns
from civicmap.domain.publicmap.view import get_view_counts
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.extensions import db
from civicmap.foundation.geo import Point, tile_of

NAME = "pages"
DESCRIPTION = "pages, counters and tiles against their bare SQL [reports, default 20000]"

ROUNDS = 40


def run(arguments: list[str]) -> None:
    """Print p50, p95, the multiple of bare SQL, gzipped kilobytes and SQL statements of each."""
    reports = int(arguments[0]) if arguments else 20_000
    app = make_app()
    with app.app_context():
        city = make_city(reports)
        number = a_number()
        engine = db.engine
    centre = Point(52.408, 16.934)
    addresses = {
        "city page": f"/{city.slug}/",
        "city page, one category": f"/{city.slug}/?category=pothole",
        "list of open reports": f"/{city.slug}/reports?status=open",
        "report page": f"/{city.slug}/reports/{number}",
        "departments": f"/{city.slug}/departments",
        "outline": f"/{city.slug}/outline.json",
        "report form": f"/{city.slug}/report",
    }
    for zoom in (11, 13, 16):
        tile = tile_of(centre, zoom)
        addresses[f"tile z{zoom}"] = f"/tiles/{city.slug}/{zoom}/{tile.x}/{tile.y}"
    print(f"{reports} reports, {ROUNDS} rounds")
    print(HEADING + "  gz kB  SQL")
    client = app.test_client()
    for name, address in addresses.items():
        answer = client.get(address)
        if answer.status_code != 200:
            print(f"{name:34} answered {answer.status_code}")
            continue
        with caught_statements(engine) as statements:
            client.get(address)
        taken = take_turns(
            {
                "page": lambda address=address: client.get(address),  # type: ignore[misc]
                "bare": played_back(engine, statements),
            },
            ROUNDS,
        )
        weight = len(gzip.compress(answer.data, 6)) / 1000
        print(row(name, taken["page"], taken["bare"], f"{weight:5.1f}", f"{len(statements):3d}"))
    with app.app_context():
        filters = Filters()
        with caught_statements(engine) as statements:
            get_view_counts(db.session, city.id, filters)
        taken = take_turns(
            {
                "counters": lambda: get_view_counts(db.session, city.id, filters),
                "bare": played_back(engine, statements),
            },
            ROUNDS,
        )
        print(row("counters and categories", taken["counters"], taken["bare"]))
