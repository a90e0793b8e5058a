"""The one way for a photo into civicmap: checked, upright, stripped, in every size.

    photo = process_photo(upload)
    photo.page.content   # WebP bytes, nothing but pixels in them

The upload itself is never kept. Decoding happens in a separate process (`sandbox.py`), so a bomb
or a crash costs a refusal and never this process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from civicmap.domain.media.containers import bare_webp_size
from civicmap.domain.media.limits import MEGABYTE, Limits
from civicmap.domain.media.refusals import Reason
from civicmap.domain.media.sandbox import DecoderAway, Sandbox
from civicmap.domain.media.sizes import FULL, LIST, PAGE, SIZES
from civicmap.foundation.errors import InvalidInput, TooMany
from civicmap.foundation.locales import N_

CONTENT_TYPE = "image/webp"
EXTENSION = "webp"

_SENTENCES: Mapping[Reason, str] = {
    Reason.EMPTY: N_("The photo is empty. Choose it again."),
    Reason.TOO_HEAVY: N_("The photo is larger than %(megabytes)s MB. Choose a smaller one."),
    Reason.OTHER_KIND: N_(
        "%(kind)s files cannot be taken. Send a JPEG, PNG, WebP, AVIF or HEIC photo."
    ),
    Reason.NOT_A_PHOTO: N_("This file is not a photo. Send a JPEG, PNG, WebP, AVIF or HEIC photo."),
    Reason.CUT_OFF: N_("The photo arrived incomplete. Send it again."),
    Reason.BROKEN: N_("The photo is damaged and cannot be read. Choose another one."),
    Reason.TOO_MANY_PIXELS: N_(
        "The photo has more than %(megapixels)s megapixels. Choose a smaller one."
    ),
    Reason.TOO_SMALL: N_(
        "The photo is too small to show anything: each side needs at least %(pixels)s pixels."
    ),
    Reason.TOO_COSTLY: N_(
        "The photo is saved in an unusual way and cannot be taken. "
        "Save it as an ordinary JPEG and send that."
    ),
}


class RefusedPhoto(InvalidInput):
    """This photo cannot be taken; `reason` says why, the message tells the person."""

    def __init__(self, reason: Reason, *, field: str | None = None, **values: object) -> None:
        super().__init__(_SENTENCES[reason], field=field, **values)
        self.reason = reason


class PhotoNotProcessed(TooMany):
    """Nothing is wrong with the photo as far as we know; sending it again may help."""


@dataclass(frozen=True)
class EncodedImage:
    """One size: WebP `content` of `width` times `height` pixels."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class ProcessedPhoto:
    """A photo in the three kept sizes.

    `position` is (latitude, longitude) in degrees, WGS 84 (SRID 4326), as the camera wrote it: not
    to be trusted and not to be published. `taken_at` is aware, or None.
    """

    list: EncodedImage
    page: EncodedImage
    full: EncodedImage
    position: tuple[float, float] | None
    taken_at: datetime | None

    def by_size(self) -> dict[str, EncodedImage]:
        """The images by the names of their sizes: list, page, full."""
        return {LIST.name: self.list, PAGE.name: self.page, FULL.name: self.full}


_sandbox = Sandbox()


def process_photo(
    upload: bytes,
    *,
    limits: Limits | None = None,
    time_zone: tzinfo | None = None,
    field: str | None = "photo",
    sandbox: Sandbox | None = None,
) -> ProcessedPhoto:
    """Check `upload` (JPEG, PNG, WebP, AVIF or HEIC) and make every size of it.

    Of an animated or many-pictured file the first (for HEIC the primary) picture is taken.
    `time_zone` is assumed where the camera did not write its offset from UTC; without it such a
    photo has no `taken_at`. `field` names the form field in errors.

    Raises RefusedPhoto when this photo can never be taken, PhotoNotProcessed when trying again may
    help. Nothing else.
    """
    limits = limits or Limits()
    if not upload:
        raise RefusedPhoto(Reason.EMPTY, field=field)
    if len(upload) > limits.upload_bytes:
        megabytes = limits.upload_bytes // MEGABYTE
        raise RefusedPhoto(Reason.TOO_HEAVY, field=field, megabytes=megabytes)
    try:
        told, contents = (sandbox or _sandbox).develop(upload, limits)
        if "refused" in told:
            raise _refusal(told, field)
        return _accept(told, contents, time_zone)
    except (DecoderAway, ValueError, TypeError, KeyError) as error:
        raise PhotoNotProcessed(
            N_("The photo could not be processed just now. Send it again in a moment."),
            field=field,
        ) from error


def warm_up() -> None:
    """Start the decoder process of this process now, so that the first photo need not wait."""
    _sandbox.start()


def _refusal(told: dict[str, Any], field: str | None) -> RefusedPhoto:
    """Raises ValueError, KeyError or TypeError when the decoder's refusal makes no sense."""
    refused = RefusedPhoto(Reason(told["refused"]), field=field, **told.get("values", {}))
    refused.message % refused.values  # every value its sentence needs must be there
    return refused


def _accept(
    told: dict[str, Any], contents: list[bytes], time_zone: tzinfo | None
) -> ProcessedPhoto:
    """The decoder's answer, believed only as far as it is checked. Raises ValueError, TypeError."""
    images = {}
    for size, (name, width, height, _), content in zip(
        SIZES, told["renditions"], contents, strict=True
    ):
        if name != size.name or bare_webp_size(content) != (width, height):
            raise ValueError("the decoder answered with something else than a bare picture")
        images[name] = EncodedImage(content, width, height)
    position = told["position"]
    if position is not None:
        latitude, longitude = map(float, position)
        position = (latitude, longitude)
    return ProcessedPhoto(
        list=images[LIST.name],
        page=images[PAGE.name],
        full=images[FULL.name],
        position=position,
        taken_at=_aware(told["moment"], time_zone),
    )


def _aware(moment: str | None, time_zone: tzinfo | None) -> datetime | None:
    if moment is None:
        return None
    taken_at = datetime.fromisoformat(moment)
    if taken_at.tzinfo is None:
        if time_zone is None:
            return None
        taken_at = taken_at.replace(tzinfo=time_zone)
    try:
        return taken_at.astimezone(UTC)
    except OverflowError:
        return None
