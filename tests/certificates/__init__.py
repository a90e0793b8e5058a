"""A certificate for localhost and 127.0.0.1, signed by itself, and its key: for tests only."""

from __future__ import annotations

from pathlib import Path

CERTIFICATE = Path(__file__).parent / "localhost.pem"
KEY = Path(__file__).parent / "localhost.key"
