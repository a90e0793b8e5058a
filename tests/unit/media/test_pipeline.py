from __future__ import annotations

from civicmap.domain.media.containers import bare_webp_size
from civicmap.domain.media.pipeline import process_photo
from tests.unit.media.samples import corners, encode, plain


def test_a_photo_comes_out_in_three_sizes_of_bare_webp() -> None:
    photo = process_photo(encode(corners(2400, 1800), "JPEG"))
    sizes = {name: (image.width, image.height) for name, image in photo.by_size().items()}
    assert sizes == {"list": (320, 320), "page": (960, 720), "full": (1600, 1200)}
    for image in photo.by_size().values():
        assert bare_webp_size(image.content) == (image.width, image.height)
    assert photo.position is None
    assert photo.taken_at is None


def test_the_same_photo_always_becomes_the_same_pictures() -> None:
    first = process_photo(plain("JPEG")).by_size()
    assert all(process_photo(plain("JPEG")).by_size() == first for _ in range(8))
