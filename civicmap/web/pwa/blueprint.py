"""The blueprint of the installed application; its views register themselves on import."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("pwa", __name__)
