"""The one table of what runs by the clock: five-field cron line (UTC) → job."""

from __future__ import annotations

from civicmap.foundation.jobs import Job

SCHEDULE: list[tuple[str, Job]] = []
