"""The blueprint of the report form; its views register themselves on import (see `__init__`)."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("report", __name__)
