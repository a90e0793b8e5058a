"""The rooms of those who work on reports: the worklist and the page of one report."""

from civicmap.web.staff import (  # noqa: F401 - views register themselves on import
    changes,
    home,
    photos,
    report,
    worklist,
    worklist_map,
)
