"""From the bytes of an upload to clean pictures in every size. Runs inside the decoder process.

Only pixels cross from the upload to what is kept: colours are brought to sRGB, the picture is
turned upright, and the result is copied into a fresh image that has never seen a tag.
"""

from __future__ import annotations

import io
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import pillow_heif
from PIL import (
    AvifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from civicmap.domain.media.containers import check_boxes, check_png, webp_size
from civicmap.domain.media.exif import (
    EXIF_IFD,
    GPS_IFD,
    read_moment,
    read_orientation,
    read_position,
)
from civicmap.domain.media.formats import Format, detect_format
from civicmap.domain.media.jpeg import outline_jpeg
from civicmap.domain.media.limits import MEBIBYTE, MEGAPIXEL, Limits
from civicmap.domain.media.refusals import Reason, Refusal
from civicmap.domain.media.sizes import FULL, SIZES, Size

# A fast method at a good quality: 4 and above take three times as long for 5 % fewer bytes.
_WEBP_METHOD = 2
_MOST_PROFILE = 4 * MEBIBYTE
# Pillow loads these when it first needs them; the decoder's children may open no file by then.
LOADED = (JpegImagePlugin, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin)
_WHITE = (255, 255, 255)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What the decoders say when a file asks for more than they may take.
_TOLD_OF_COST = ("too large", "too much memory", "out of memory", "memory alloc")
_SRGB = ImageCms.createProfile("sRGB")


@dataclass(frozen=True)
class Rendition:
    """One kept size: WebP `content` and its width and height in pixels."""

    name: str
    width: int
    height: int
    content: bytes


@dataclass(frozen=True)
class Developed:
    """Every size of a photo, with where and when it was taken as far as the camera said."""

    renditions: list[Rendition]
    position: tuple[float, float] | None
    moment: datetime | None


def prepare_decoders() -> None:
    """Load the decoders that are needed and set their own limits, once per process."""
    Image.preinit()
    # An embedded thumbnail may show what was cropped away, so it must never stand in.
    pillow_heif.register_heif_opener(
        thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
    )
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    PngImagePlugin.MAX_TEXT_CHUNK = MEBIBYTE
    PngImagePlugin.MAX_TEXT_MEMORY = 4 * MEBIBYTE
    # The encoder fills its tables when it is first used: here, before two threads use it at once.
    _encode(Image.effect_noise((64, 64), 50).convert("RGB"), FULL)
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def develop(upload: bytes, limits: Limits) -> Developed:
    """Check `upload` and make every size of it. Raises Refusal, whatever is wrong with it."""
    image, tags = _decode(upload, limits)
    position, moment = _place_and_moment(tags)
    return Developed(_render(_clean(image, read_orientation(tags))), position, moment)


def _decode(upload: bytes, limits: Limits) -> tuple[Image.Image, Image.Exif]:
    """The pixels of `upload`, no larger than `FULL` needs where that is free, and its EXIF tags."""
    kind = detect_format(upload)
    picture = _inspect(upload, kind, limits)
    try:
        Image.MAX_IMAGE_PIXELS = limits.pixels[kind]
        image = Image.open(io.BytesIO(picture), formats=[kind.value])
        _check_size(image.size, upload, kind, limits)
        if kind is Format.JPEG:
            # A fraction of the size in the decoder itself: the box must have the true aspect.
            image.draft(None, _fit(image.size, FULL.pixels))
        image.load()
        return _flatten(image), _tags(image)
    except Refusal:
        raise
    except MemoryError:
        raise Refusal(Reason.TOO_COSTLY) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(kind, limits) from None
    except Exception as error:  # decoders raise anything at all on hostile input
        if (isinstance(error, OSError) and error.errno) or isinstance(error, ImportError):
            raise  # the system's fault, not the photo's
        raise Refusal(_reason_for(error)) from None


def _inspect(upload: bytes, kind: Format, limits: Limits) -> bytes:
    """Refuse what can be told without decoding; the upload up to the end of its first picture."""
    if kind is Format.JPEG:
        outline = outline_jpeg(upload, limits.scans)
        _check_size((outline.width, outline.height), upload, kind, limits)
        return upload[: outline.end]
    if kind is Format.PNG:
        check_png(upload)
    elif kind is Format.WEBP:
        _check_size(webp_size(upload), upload, kind, limits)
    else:
        check_boxes(upload)
    return upload


def _reason_for(error: Exception) -> Reason:
    told = str(error).lower()
    if "truncated" in told:
        return Reason.CUT_OFF
    if any(words in told for words in _TOLD_OF_COST):
        return Reason.TOO_COSTLY
    return Reason.BROKEN


def _check_size(size: tuple[int, int], upload: bytes, kind: Format, limits: Limits) -> None:
    pixels = size[0] * size[1]
    if pixels > limits.pixels[kind]:
        raise _too_many_pixels(kind, limits)
    if min(size) < limits.side:
        raise Refusal(Reason.TOO_SMALL, pixels=limits.side)
    if pixels > limits.dense_from_pixels and pixels > len(upload) * limits.pixels_per_byte:
        raise Refusal(Reason.TOO_COSTLY)


def _too_many_pixels(kind: Format, limits: Limits) -> Refusal:
    return Refusal(Reason.TOO_MANY_PIXELS, megapixels=limits.pixels[kind] // MEGAPIXEL)


def _flatten(image: Image.Image) -> Image.Image:
    """Palettes and rare depths become something that can be scaled; transparency becomes white."""
    if image.mode.startswith("I"):  # 16-bit grey; a plain convert() would cut off, not scale
        image = image.point(lambda value: value / 256)
    if image.mode in {"I", "I;16", "1"}:
        image = image.convert("L")
    if image.mode in {"PA", "LA", "La", "RGBa", "RGBA"} or _has_transparent_colour(image):
        image = image if image.mode == "RGBA" else image.convert("RGBA")
        ground = Image.new("RGB", image.size, _WHITE)
        ground.paste(image, mask=image)
        ground.info = image.info
        return ground
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def _has_transparent_colour(image: Image.Image) -> bool:
    """Whether a colour of `image` is declared transparent, in a depth that can be honoured."""
    transparency = image.info.get("transparency")
    if isinstance(transparency, int | tuple):
        values = transparency if isinstance(transparency, tuple) else (transparency,)
        if max(values) > 255 or image.mode == "L":
            del image.info["transparency"]
            return False
    return transparency is not None


def _clean(image: Image.Image, orientation: int) -> Image.Image:
    """`image` at the largest kept size, upright, in sRGB, and without anything but pixels."""
    profile = image.info.get("icc_profile")
    size = _fit(image.size, FULL.pixels)
    if size != image.size:
        image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    image = _to_srgb(image, profile)
    if orientation in _TURNS:
        image = image.transpose(_TURNS[orientation])
    return Image.frombytes("RGB", image.size, image.tobytes())


def _to_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Colours moved from the photo's own profile to sRGB; a profile that is nonsense is ignored."""
    if isinstance(profile, bytes) and 0 < len(profile) <= _MOST_PROFILE:
        try:
            converted = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                _SRGB,
                renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")


def _render(clean: Image.Image) -> list[Rendition]:
    """Every size, each scaled from the one before; the largest is encoded beside the others."""
    pictures = []
    source = clean
    for size in SIZES:
        source = _scale(source if min(source.size) >= size.pixels else clean, size)
        pictures.append((source, size))
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(_encode, *pictures[0])
        others = [_encode(*picture) for picture in pictures[1:]]
        return [first.result(), *others]


def _encode(image: Image.Image, size: Size) -> Rendition:
    content = io.BytesIO()
    image.save(content, "WEBP", quality=size.quality, method=_WEBP_METHOD)
    return Rendition(size.name, *image.size, content.getvalue())


def _scale(image: Image.Image, size: Size) -> Image.Image:
    """A new picture, never `image` itself: saving keeps its options in the picture it saves."""
    if size.square:
        side = min(size.pixels, *image.size)
        return ImageOps.fit(image, (side, side), Image.Resampling.BICUBIC)
    fitted = _fit(image.size, size.pixels)
    return image.copy() if fitted == image.size else image.resize(fitted, Image.Resampling.BICUBIC)


def _fit(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """`size` scaled down so that neither side is over `longest`; at least one pixel each."""
    width, height = size
    scale = min(1.0, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _tags(image: Image.Image) -> Image.Exif:
    try:
        return image.getexif()
    except Exception:  # hostile tags raise anything at all
        return Image.Exif()


def _place_and_moment(
    tags: Image.Exif,
) -> tuple[tuple[float, float] | None, datetime | None]:
    """Where and when; a broken tag costs that bonus, not the photo."""
    position = moment = None
    try:
        moment = read_moment(tags, tags.get_ifd(EXIF_IFD))
        position = read_position(tags.get_ifd(GPS_IFD))
    except Exception:  # hostile tags raise anything at all
        return position, moment
    return position, moment
