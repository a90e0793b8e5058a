"""The comparison of districts as open data."""

from __future__ import annotations

import csv
import io

from flask import Response, make_response, request

from civicmap.domain.publicmap.districts import M2_PER_KM2, Measure, list_district_counts
from civicmap.domain.reports.workflow import STATUSES
from civicmap.extensions import db
from civicmap.foundation.locales import N_, gettext
from civicmap.web.public.blueprint import blueprint
from civicmap.web.public.comparison import rounded
from civicmap.web.public.filters import read_filters
from civicmap.web.shared.request_context import the_city

# A spreadsheet takes a cell that begins like this for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@blueprint.get("/<city_slug>/districts.csv")
def districts_csv(city_slug: str) -> Response:
    """The table as CSV (RFC 4180, UTF-8). It begins with a byte order mark: spreadsheets take it
    for something else without one, and who reads it with a program is used to skipping it."""
    city = the_city()
    rows = list_district_counts(db.session, city, read_filters(request.args))
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(
        ("slug", "district", "residents", "square_km", "reports", *STATUSES, "share_fixed",
         "reports_per_1000_residents", "reports_per_square_km")
    )  # fmt: skip
    for row in rows:
        area = row.area
        table.writerow(
            (
                area.slug if area else "",
                plain_cell(area.display_name if area else gettext(N_("Outside all districts"))),
                area.population if area else None,
                round(area.square_metres / M2_PER_KM2, 4) if area else None,
                row.counts.total,
                *(row.counts[status] for status in STATUSES),
                rounded(row.measured(Measure.SHARE_FIXED), 4),
                rounded(row.measured(Measure.PER_1000), 4),
                rounded(row.measured(Measure.PER_KM2), 4),
            )
        )
    response = make_response("\ufeff" + written.getvalue())
    response.headers["Content-Type"] = "text/csv; charset=utf-8; header=present"
    response.headers["Content-Disposition"] = f'attachment; filename="{city.slug}-districts.csv"'
    response.headers["Cache-Control"] = "no-cache"
    return response


def plain_cell(text: str) -> str:
    """A cell of a table that no spreadsheet calculates with."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
