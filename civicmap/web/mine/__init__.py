"""My reports: what a resident sees and does of their own reports, without an account."""

from civicmap.web.mine import (  # noqa: F401 - views register themselves on import
    account,
    changes,
    followed,
    links,
    photos,
    report,
    reports,
)
