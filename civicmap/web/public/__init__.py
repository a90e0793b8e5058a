"""Everything that needs no account: the map, reports, the directory of departments."""

from civicmap.web.public import (  # noqa: F401 - views register themselves on import
    directory,
    districts,
    districts_csv,
    form_token,
    home,
    map_feed,
    map_figures,
    photo_uploads,
    photos,
    report,
    reports,
    tiles,
    view,
)
