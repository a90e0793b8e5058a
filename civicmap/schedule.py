"""The one table of what runs by the clock: five-field cron line (UTC) → job.

Jobs here are cheap when there is nothing to do. What missed its time because no worker ran is done
within ten minutes, or at its next time; hence hourly rather than at night. Only the last looks at
every file there is, and once a day will do.
"""

from __future__ import annotations

from civicmap.domain.accounts.jobs import forget_old_sign_ins
from civicmap.domain.addresses.jobs import forget_old_answers
from civicmap.domain.media.jobs import sweep_orphan_photos, sweep_stray_files
from civicmap.domain.notifications.jobs import deliver_waiting_letters, forget_old_letters
from civicmap.domain.publicmap.jobs import fold_map_counts
from civicmap.foundation.jobs import Job

SCHEDULE: list[tuple[str, Job]] = [
    ("* * * * *", fold_map_counts),
    ("*/10 * * * *", deliver_waiting_letters),
    ("7 * * * *", sweep_orphan_photos),
    ("17 * * * *", forget_old_letters),
    ("27 * * * *", forget_old_sign_ins),
    ("47 * * * *", forget_old_answers),
    ("37 3 * * *", sweep_stray_files),
]
