"""My reports: what a resident sees and does of their own reports, without an account."""

from civicmap.web.mine import photos, report  # noqa: F401 - views register themselves on import
