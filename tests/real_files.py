"""Real input that is tried in tests and not part of the repository.

It lies in `shared/data` beside the checkout; a test that needs it is skipped, saying so, only where
that folder is absent.
"""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data"

needs_real_files = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the real files in ../shared/data are not here"
)


def real_file(name: str) -> Path:
    return FOLDER / name
