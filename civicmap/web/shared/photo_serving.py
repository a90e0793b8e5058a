"""A photo as an answer: only what the pipeline wrote, as WebP. Whether somebody may see it is the
business of whoever asks here."""

from __future__ import annotations

from flask import Response, make_response, send_file
from werkzeug.exceptions import NotFound

from civicmap.domain.media.actions import KEY, file_name
from civicmap.domain.media.sizes import SIZES
from civicmap.web.shared.photo_intake import photo_storage

_SIZES = frozenset(size.name for size in SIZES)


def check_photo_address(key: str, size: str) -> None:
    """Raises NotFound for what cannot be the address of a photo."""
    if not KEY.fullmatch(key) or size not in _SIZES:
        raise NotFound


def photo_response(key: str, size: str) -> Response:
    """A size (list, page, full) of a photo. Raises NotFound when its file is not there."""
    check_photo_address(key, size)
    path = photo_storage().path(file_name(key, size))
    if not path.is_file():
        raise NotFound
    response = make_response(send_file(path, mimetype="image/webp", conditional=True))
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
