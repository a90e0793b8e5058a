"""Photos made for the tests: honest ones, ones full of secrets, and hostile ones."""

from __future__ import annotations

import io
import re
import struct
import zlib
from functools import cache
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, ImageDraw

pillow_heif.register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
SECRET = "Zofia Kowalska, Rynek 4/7"
TAKEN = "2024:05:01 12:30:15"
LATITUDE, LONGITUDE = 52.408333, 16.934167
CORNERS = ((220, 30, 30), (30, 200, 30), (30, 30, 220), (230, 220, 30))


def corners(width: int = 240, height: int = 160, mode: str = "RGB") -> Image.Image:
    """Red, green over blue, yellow: shows how a picture was turned."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for index, colour in enumerate(CORNERS):
        left, top = index % 2 * width // 2, index // 2 * height // 2
        draw.rectangle((left, top, left + width // 2, top + height // 2), fill=colour)
    return image.convert(mode)


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


@cache
def plain(kind: str) -> bytes:
    return encode(corners(), kind)


def exif(orientation: int = 1) -> bytes:
    """EXIF with a position in Poznań, a time with its offset, and the secret in words."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = SECRET  # ImageDescription
    tags[0x013B] = SECRET  # Artist
    tags[0x9C9D] = SECRET.encode("utf-16-le")  # XPAuthor
    inner = tags.get_ifd(0x8769)
    inner[0x9003] = TAKEN
    inner[0x9011] = "+02:00"
    inner[0x927C] = SECRET.encode()  # MakerNote
    inner[0xA431] = SECRET  # BodySerialNumber
    gps = tags.get_ifd(0x8825)
    gps[1], gps[2] = "N", (52.0, 24.0, 30.0)
    gps[3], gps[4] = "E", (16.0, 56.0, 3.0)
    return tags.tobytes()


def taken_at(latitude: float, longitude: float) -> bytes:
    """A JPEG whose camera wrote this position (degrees, WGS 84), north and east of nought."""
    tags = Image.Exif()
    gps = tags.get_ifd(0x8825)
    gps[1], gps[2] = "N", _sexagesimal(latitude)
    gps[3], gps[4] = "E", _sexagesimal(longitude)
    return encode(corners(), "JPEG", exif=tags.tobytes())


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes = degrees % 1 * 60
    return float(int(degrees)), float(int(minutes)), round(minutes % 1 * 60, 4)


def xmp() -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/'
        '22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:creator>{SECRET}</dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def segment(marker: int, body: bytes) -> bytes:
    """A JPEG segment."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def chunk(kind: bytes, body: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunks(png: bytes, *chunks: bytes) -> bytes:
    return png[:33] + b"".join(chunks) + png[33:]


def telling_jpeg() -> bytes:
    """A JPEG with the secret in every place a JPEG has for one; the pixels of `plain("JPEG")`."""
    thumbnail = with_segments(encode(corners(64, 64), "JPEG"), segment(0xFE, SECRET.encode()))
    second = with_segments(plain("JPEG"), segment(0xFE, SECRET.encode()))
    photoshop = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(SECRET) + 5)
    photoshop += b"\x1c\x02\x50" + struct.pack(">H", len(SECRET)) + SECRET.encode()
    jpeg = with_segments(
        plain("JPEG"),
        segment(0xE1, b"Exif\0\0" + exif().removeprefix(b"Exif\0\0")),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp()),
        segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + SECRET.encode() + xmp()),
        segment(0xE0, b"JFXX\0\x10" + thumbnail),
        segment(0xED, photoshop),
        segment(0xEC, b"Ducky" + SECRET.encode()),
        segment(0xEE, b"Adobe\0d\0\0\0\0\x01" + SECRET.encode()),
        segment(0xFE, f"<script>alert('{SECRET}')</script>".encode()),
    )
    return jpeg + second + b"MotionPhoto_Data" + b"\0\0\0\x18ftypmp42" + SECRET.encode()


def telling_png() -> bytes:
    text = SECRET.encode()
    packed = zlib.compress(text)
    png = with_chunks(
        plain("PNG"),
        chunk(b"tEXt", b"Author\0" + text),
        chunk(b"zTXt", b"Comment\0\0" + packed),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp()),
        chunk(b"eXIf", exif().removeprefix(b"Exif\0\0")),
        chunk(b"tIME", struct.pack(">HBBBBB", 2024, 5, 1, 12, 30, 15)),
        chunk(b"prVt", text),
    )
    return png + b"PK\x03\x04" + text


def telling(kind: str) -> bytes:
    """A photo of `kind` full of secrets, with the pixels of `plain(kind)`."""
    if kind == "JPEG":
        return telling_jpeg()
    if kind == "PNG":
        return telling_png()
    return encode(corners(), kind, exif=exif(), xmp=xmp())


def swapped_profile() -> bytes:
    """An sRGB profile whose red and green primaries are exchanged, with the secret as copyright."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    place = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * 20, 12)}
    red, green = place[b"rXYZ"], place[b"gXYZ"]
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


def many_scans(scans: int) -> bytes:
    """A valid progressive JPEG that repeats one of its scans."""
    jpeg = encode(corners(640, 480), "JPEG", progressive=True)
    starts = [found.start() for found in re.finditer(rb"\xff\xda", jpeg)]
    end = re.compile(rb"\xff[\xc4\xda\xd9]").search(jpeg, starts[1] + 2)
    assert end
    repeated = jpeg[starts[1] : end.start()] * (scans - len(starts))
    return jpeg[: end.start()] + repeated + jpeg[end.start() :]


def large_jpeg_header(width: int, height: int) -> bytes:
    """A small JPEG that says it is large."""
    jpeg = bytearray(plain("JPEG"))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(jpeg)


def flat_png(width: int, height: int) -> bytes:
    """A valid PNG of one colour, a thousandth of its unpacked size."""
    row = b"\0" * (1 + 3 * width)
    some, rest = divmod(height, 100)
    # Packed once and said over and over: packing 400 MB of nothing takes seconds.
    deflated = _deflate(row * 100) * some + _deflate(row * rest) + b"\3\0"
    checksum = len(row) * height % 65521 << 16 | 1  # Adler-32 of so many zeros
    rows = b"\x78\xda" + deflated + struct.pack(">I", checksum)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    )


def _deflate(data: bytes) -> bytes:
    """`data` as deflate blocks that refer to nothing before them and are not the last."""
    packer = zlib.compressobj(9, wbits=-15)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


def flat_webp(width: int, height: int) -> bytes:
    """A valid lossless WebP of one colour, some dozens of bytes for any size."""
    webp = bytearray(encode(Image.new("RGB", (16, 16), (9, 99, 200)), "WEBP", lossless=True))
    bits = struct.unpack("<I", webp[21:25])[0] & ~0xFFFFFFF | (height - 1) << 14 | (width - 1)
    webp[21:25] = struct.pack("<I", bits)
    return bytes(webp)
