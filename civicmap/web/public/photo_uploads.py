"""Photos that arrive in pieces and go on after a break: the core of the tus protocol, simplified.

    POST   /photos/uploads                 Upload-Name, Upload-Length   begin, or ask how far it is
    HEAD   /photos/uploads/<name>                                       how far it is
    PATCH  /photos/uploads/<name>          Upload-Offset, the piece     the next piece
    POST   /photos/uploads/<name>/finish                                `{"key": …}` of the photo
    DELETE /photos/uploads/<name>                                       give it up

Every good answer says in `Upload-Offset` how many bytes have arrived. A piece that does not begin
there is answered 409, with the offset that would be right. The device makes the name, at random,
and keeps it with the photo: whatever answer got lost, asking again is safe, and finishing twice
gives the same key. Every request but HEAD needs `X-CSRFToken`.
"""

from __future__ import annotations

import re
from contextlib import suppress

from flask import Response, jsonify, request, url_for
from werkzeug.exceptions import ClientDisconnected, UnsupportedMediaType

from civicmap.domain.media.limits import MEGABYTE
from civicmap.domain.media.pipeline import RefusedPhoto
from civicmap.domain.media.refusals import Reason
from civicmap.domain.media.uploads import LARGEST_PIECE, Upload, WrongOffset
from civicmap.extensions import limiter
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_
from civicmap.web.public.blueprint import blueprint
from civicmap.web.shared.errors import answers_json
from civicmap.web.shared.photo_intake import finish_upload, photo_uploads
from civicmap.web.shared.request_context import settings

PIECE = "application/offset+octet-stream"
# A photo of the largest size in the smallest pieces that a phone sends, and as many as may be sent.
PIECES_LIMIT = "12000 per hour"
_BYTES = re.compile(r"[0-9]{1,12}", re.ASCII)


@blueprint.post("/photos/uploads")
@answers_json
@limiter.limit(lambda: settings().upload_limit)
def begin_upload() -> Response:
    """Begin an upload of `Upload-Length` bytes: 201, or 200 when some of it is here."""
    length = _bytes_in("Upload-Length")
    if not 0 < length <= settings().photo_bytes:
        raise RefusedPhoto(
            Reason.TOO_HEAVY if length else Reason.EMPTY,
            field="photo",
            megabytes=settings().photo_bytes // MEGABYTE,
        )
    name = request.headers.get("Upload-Name", "")
    with photo_uploads().begin(name, length=length, room=settings().uploads_room) as upload:
        answered = _so_far(upload, 200 if upload.offset else 201)
    answered.headers["Location"] = url_for("public.upload_so_far", name=name)
    return answered


@blueprint.route("/photos/uploads/<name>", methods=["HEAD"])
@answers_json
def upload_so_far(name: str) -> Response:
    """How much of it has arrived: 204 with `Upload-Offset` and `Upload-Length`."""
    with photo_uploads().hold(name) as upload:
        return _so_far(upload, 204)


@blueprint.patch("/photos/uploads/<name>")
@answers_json
@limiter.limit(PIECES_LIMIT)
def add_piece(name: str) -> Response:
    """Add the piece that begins at `Upload-Offset`: 204. Of a piece that breaks off, what arrived
    is kept."""
    if request.mimetype != PIECE:
        raise UnsupportedMediaType
    offset = _bytes_in("Upload-Offset")
    piece = _read_piece()
    photo_uploads().check_room(len(piece), settings().uploads_room)
    with photo_uploads().hold(name) as upload:
        try:
            upload.append(offset, piece)
        except WrongOffset as wrong:
            answered = _so_far(upload, 409)
            answered.set_data(jsonify({"error": str(wrong)}).get_data())
            return answered
        return _so_far(upload, 204)


@blueprint.post("/photos/uploads/<name>/finish")
@answers_json
def finish(name: str) -> tuple[Response, int]:
    """`{"key": …}`: the photo is there, and may be sent with a report."""
    return jsonify({"key": finish_upload(name)}), 201


@blueprint.delete("/photos/uploads/<name>")
@answers_json
def give_up(name: str) -> tuple[str, int]:
    """Forget it."""
    with photo_uploads().hold(name) as upload:
        upload.drop()
    return "", 204


def _bytes_in(header: str) -> int:
    given = request.headers.get(header, "")
    if not _BYTES.fullmatch(given):
        raise InvalidInput(N_("The request could not be understood."))
    return int(given)


def _read_piece() -> bytes:
    """At most `LARGEST_PIECE` bytes of the body. Raises InvalidInput when there are more."""
    piece = bytearray()
    with suppress(ClientDisconnected, OSError):
        while len(piece) <= LARGEST_PIECE and (block := request.stream.read(65_536)):
            piece += block
    if len(piece) > LARGEST_PIECE:
        raise InvalidInput(N_("This part of the photo is too large."), field="photo")
    return bytes(piece)


def _so_far(upload: Upload, status_code: int) -> Response:
    answered = Response(status=status_code, mimetype="application/json")
    if status_code in {200, 201}:
        answered.set_data(jsonify({"offset": upload.offset}).get_data())
    answered.headers["Upload-Offset"] = str(upload.offset)
    answered.headers["Upload-Length"] = str(upload.length)
    answered.headers["Cache-Control"] = "no-store"
    return answered
