"""A picture of any kind as one of ours: RGB in sRGB, the right way up, small, with nothing else."""

import io
from typing import IO

from PIL import Image, ImageCms

from media.pictures.opening import ON_ITS_SIDE, opened, orientation_of, seen_size
from media.pictures.sizing import scaled
from media.pictures.turning import flat, turned

LANCZOS = Image.Resampling.LANCZOS
# Averaged in whole pixels down to three times the size, then by Lanczos: half the time, as sharp.
GAP = 3.0
SRGB = ImageCms.createProfile("sRGB")
# By the colour space that a profile is for: what mode it takes.
MODES = {"RGB": "RGB", "CMYK": "CMYK", "GRAY": "L"}
# Of these no mean of two pixels can be made.
INDEXED = {"P", "PA", "1"}


def reduced(file: IO[bytes], format: str, *, to: int) -> Image.Image:  # noqa: A002 - the word for it
    """Decoded, and at most `to` wide. NotAccepted for what is damaged.

    A JPEG decodes itself at a half, a quarter or an eighth of its size, whichever is enough.
    """
    with opened(file, format) as image:
        turn = orientation_of(image)
        wanted = scaled(*seen_size(image), to=to)
        lying = wanted[::-1] if turn in ON_ITS_SIDE else wanted
        image.draft("RGB", lying)
        profile = image.info.get("icc_profile")
        small = _smooth(image).resize(lying, LANCZOS, reducing_gap=GAP)
        made = turned(in_srgb(small, profile), turn)
    made.info.clear()
    return made


def smaller(image: Image.Image, *, to: int) -> Image.Image:
    """The next size of one that is reduced."""
    return image.resize(scaled(*image.size, to=to), LANCZOS, reducing_gap=GAP)


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Without a profile it is taken for sRGB, as browsers do; and with one that cannot be read."""
    if not profile:
        return flat(image)
    try:
        known = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = MODES.get(known.profile.xcolor_space.strip(), "")
        given = image if image.mode == mode else flat(image)
        if given.mode != mode and mode != "L":
            return flat(image)
        made = ImageCms.profileToProfile(given.convert(mode), known, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return flat(image)
    return made if made is not None else flat(image)


def _smooth(image: Image.Image) -> Image.Image:
    """With colours that can be averaged."""
    if image.mode in INDEXED:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image if image.mode in {"RGB", "RGBA", "L", "LA", "CMYK", "YCbCr"} else flat(image)
