"""A picture as it is seen: the right way up, eight bits a colour, on white, without its camera."""

from PIL import Image

WHITE = "white"
# As an EXIF orientation says it (Exif 2.32, 4.6.4).
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Sixteen bits of grey: Pillow would cut them off at 255.
DEEP = {"I", "I;16", "I;16B", "I;16L", "I;16N"}
WHOLE = 256


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """The right way up."""
    return image.transpose(TURNS[orientation]) if orientation in TURNS else image


def flat(image: Image.Image) -> Image.Image:
    """In RGB; what can be seen through is on white, as JPEG has it."""
    if image.mode in DEEP:
        image = image.point(lambda value: value * (1 / WHOLE)).convert("L")
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    over = image.convert("RGBA")
    paper = Image.new("RGBA", over.size, WHITE)
    return Image.alpha_composite(paper, over).convert("RGB")
