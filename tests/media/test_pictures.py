"""What is made of a picture: four sizes, three formats, and nothing of the camera's."""

import re
from typing import IO

import pytest
from PIL import Image, ImageCms

from media.pictures.encoding import FORMATS
from media.pictures.sizing import scaled, sizes_for
from media.pictures.turning import TURNS
from tests.media.drawn import BLUE, RED, exif, photo, scans, two_colours, written
from tests.media.made import alike, colours, made, shown

pytestmark = pytest.mark.django_db


def test_four_sizes_in_three_formats() -> None:
    asset = made(photo(1700, 850))

    found = asset.variants.values_list("measure", "width", "height", "format")
    sizes = ((1600, 800), (960, 480), (640, 320), (480, 240), (320, 160))
    assert set(found) == {(w, w, h, name) for w, h in sizes for name in FORMATS}
    assert {each.key for each in asset.variants.filter(measure=640)} == {
        f"picture:{asset.tag}:640-{name}" for name in FORMATS
    }


@pytest.mark.parametrize("format", list(FORMATS))
def test_each_is_what_it_says_and_looks_like_the_original(format: str) -> None:  # noqa: A002
    image = shown(made(photo(700, 350)), 640, format)

    assert image.format == format.upper()
    assert image.size == (640, 320)
    left, right = colours(image)
    assert alike(left, RED)
    assert alike(right, BLUE)


@pytest.mark.parametrize(
    ("given", "sizes"),
    [
        ((4000, 3000), (1600, 960, 640, 480, 320)),
        ((1600, 900), (1600, 960, 640, 480, 320)),
        ((700, 500), (960, 640, 480, 320)),
        ((640, 480), (640, 480, 320)),
        ((1, 1), (320,)),
        ((16_000, 1), (1600, 960, 640, 480, 320)),
        ((1, 16_000), (320,)),
    ],
)
def test_nothing_is_made_larger_than_it_was(given: tuple[int, int], sizes: tuple[int, ...]) -> None:
    assert sizes_for(*given) == sizes
    for size in sizes:
        width, height = scaled(*given, to=size)
        assert 1 <= width <= min(size, given[0])
        assert 1 <= height <= min(2_000, given[1])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_as_its_camera_was_held(orientation: int) -> None:
    """The expected is drawn upright, and laid as the camera would."""
    upright = two_colours(60, 40)
    undo = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}
    stored = upright
    if orientation > 1:
        stored = upright.transpose(TURNS[undo[orientation]])
    asset = made(written(stored, exif=exif(orientation), quality=95))

    assert (asset.width, asset.height) == (60, 40)
    image = shown(asset, 320)
    assert image.size == (60, 40)
    left, right = colours(image)
    assert alike(left, RED, 30)
    assert alike(right, BLUE, 30)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (written(two_colours(40, 40, "CMYK")), (RED, BLUE)),
        (written(two_colours(40, 40).quantize(4), "PNG"), (RED, BLUE)),
        (written(two_colours(40, 40, "RGBA"), "PNG"), (RED, BLUE)),
        (written(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG"), 2 * ((255, 255, 255),)),
        (written(Image.new("LA", (40, 40), (0, 0)), "PNG"), 2 * ((255, 255, 255),)),
        (written(Image.new("L", (40, 40), 90), "PNG"), 2 * ((90, 90, 90),)),
        (written(Image.new("1", (40, 40), 1), "PNG"), 2 * ((255, 255, 255),)),
        (written(Image.new("I;16", (40, 40), 0x8000), "PNG"), 2 * ((128, 128, 128),)),
        (photo(40, 40, "AVIF", quality=90), (RED, BLUE)),
        (photo(40, 40, "WEBP", lossless=True), (RED, BLUE)),
        (scans(20), (RED, BLUE)),
        (photo(33, 47), (RED, BLUE)),
    ],
    ids=[
        "cmyk",
        "indexed",
        "rgba",
        "transparent",
        "grey-transparent",
        "grey",
        "bits",
        "deep",
        "avif",
        "webp",
        "passes",
        "odd",
    ],
)
def test_pictures_of_every_kind_keep_their_colours(
    file: IO[bytes], expected: tuple[tuple[int, ...], ...]
) -> None:
    found = colours(shown(made(file), 320))

    assert alike(found[0], expected[0])
    assert alike(found[1], expected[1])


@pytest.mark.parametrize("options", [{"save_all": True}, {"save_all": True, "duration": 100}])
@pytest.mark.parametrize("format", ["PNG", "WEBP", "AVIF"])
def test_of_one_that_moves_the_first_picture_is_taken(format: str, options: dict[str, int]) -> None:  # noqa: A002
    frames = [Image.new("RGB", (40, 40), BLUE)]
    asset = made(written(Image.new("RGB", (40, 40), RED), format, append_images=frames, **options))

    assert alike(colours(shown(asset, 320))[0], RED, 30)


def test_colours_of_another_space_are_shown_as_they_were_meant() -> None:
    """A profile that says the same leaves them; one that cannot be read counts for nothing."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = made(photo(40, 40, icc_profile=srgb, quality=95))
    broken = made(photo(40, 40, icc_profile=b"no profile at all", quality=95))

    assert alike(colours(shown(same, 320))[0], RED)
    assert alike(colours(shown(broken, 320))[0], RED)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_of_the_camera_is_in_any_of_them(format: str) -> None:  # noqa: A002
    comment = {"comment": b"Ada Lovelace"} if format == "JPEG" else {}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    asset = made(
        photo(700, 400, format, exif=exif(1), xmp=b"Ada Lovelace", icc_profile=profile, **comment)
    )

    assert b"Ada" in asset.read()
    for variant in asset.variants.all():
        content = variant.read()
        assert not re.search(rb"Ada|Exif\0|http://ns.adobe|ICC_PROFILE|ICCP|colrprof", content)
