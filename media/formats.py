"""What a file is by its first bytes. What it is called, and what a browser says of it, is no word.

Not a proof: whoever opens it names the one decoder that may, and that finds what is a lie.
"""

from collections.abc import Callable

# As many first bytes as are looked at.
HEAD = 1_024
# Pictures, by the name that Pillow has for each; and films.
PICTURES = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "avif": "AVIF"}
FILMS = frozenset({"mp4", "mov", "matroska", "webm"})
SAVE_AS_JPEG = "Save it as JPEG and upload that."
SAVE_AS_MP4 = "Save it as MP4 and upload that."
# What people upload that is neither, and what they can do.
REFUSED = {
    "heic": "This is a HEIC photo, as iPhones take them. In its settings choose Camera, Formats, "
    "Most Compatible; or save it as JPEG.",
    "gif": "This is a GIF. Save it as PNG, or a moving one as MP4.",
    "svg": f"This is an SVG drawing, which can hold programs. {SAVE_AS_JPEG}",
    "postscript": f"This is a PostScript file, which is a program. {SAVE_AS_JPEG}",
    "pdf": f"This is a PDF. {SAVE_AS_JPEG}",
    "tiff": f"This is a TIFF, or a camera's raw picture. {SAVE_AS_JPEG}",
    "bmp": f"This is a BMP picture. {SAVE_AS_JPEG}",
    "psd": f"This is a Photoshop file. {SAVE_AS_JPEG}",
    "raw": f"This is a camera's raw picture. {SAVE_AS_JPEG}",
    "jpeg xl": f"This is a JPEG XL picture. {SAVE_AS_JPEG}",
    "jpeg 2000": f"This is a JPEG 2000 picture. {SAVE_AS_JPEG}",
    "playlist": "This is a playlist: a list of films that are elsewhere. Upload the film.",
    "film": f"This film's format is not taken. {SAVE_AS_MP4}",
    "sound": "This is sound without pictures.",
}
# At the beginning of a file.
BEGINNINGS = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"%!PS", "postscript"),
    (b"\xc5\xd0\xd3\xc6", "postscript"),
    (b"%PDF", "pdf"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"BM", "bmp"),
    (b"8BPS", "psd"),
    (b"FUJIFILMCCD-RAW", "raw"),
    (b"\xff\x0a", "jpeg xl"),
    (b"\x00\x00\x00\x0cJXL ", "jpeg xl"),
    (b"\x00\x00\x00\x0cjP  ", "jpeg 2000"),
    (b"#EXTM3U", "playlist"),
    (b"[playlist]", "playlist"),
    (b"ffconcat", "playlist"),
    (b"FLV", "film"),
    (b"\x30\x26\xb2\x75", "film"),  # Windows Media
    (b"\x00\x00\x01\xba", "film"),  # MPEG-1, MPEG-2
    (b"\x00\x00\x01\xb3", "film"),
    (b"ID3", "sound"),
    (b"OggS", "film"),
    (b"fLaC", "sound"),
)
# After `ftyp`: what the file calls itself first, and then what else it is (ISO 14496-12).
BRANDS = {
    b"avif": "avif",
    b"avis": "avif",
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"), "heic"),
    b"crx ": "raw",
    b"jxl ": "jpeg xl",
    b"qt  ": "mov",
    **dict.fromkeys((b"M4A ", b"M4B ", b"F4A "), "sound"),
}
# Of any picture in such a file; what kind it is, the other brands say.
ANY_PICTURE = {b"mif1", b"msf1", b"mif2"}
OLD_QUICKTIME = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}


def format_of(head: bytes) -> str:
    """One of PICTURES, of FILMS or of REFUSED; "" for what nobody knows."""
    for beginning, name in BEGINNINGS:
        if head.startswith(beginning):
            return name
    return next(filter(None, (ask(head) for ask in ASKED)), "")


def _boxes(head: bytes) -> str:
    """MP4 and what is built like it."""
    if head[4:8] in OLD_QUICKTIME:
        return "mov"
    if head[4:8] != b"ftyp":
        return ""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    first, others = head[8:12], [head[at : at + 4] for at in range(16, length, 4)]
    if first in ANY_PICTURE:
        return next((BRANDS[each] for each in others if each in BRANDS), "heic")
    return BRANDS.get(first, "mp4")


def _riff(head: bytes) -> str:
    if head[:4] != b"RIFF":
        return ""
    return {b"WEBP": "webp", b"AVI ": "film", b"WAVE": "sound"}.get(head[8:12], "")


def _matroska(head: bytes) -> str:
    if head[:4] != b"\x1aE\xdf\xa3":
        return ""
    return "webm" if b"webm" in head[:64] else "matroska"


def _text(head: bytes) -> str:
    """A byte order mark or blanks may stand before it."""
    words = head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").replace(b"\x00", b"").lower()
    if words.startswith((b"#extm3u", b"[playlist]", b"ffconcat", b"file '", b"<smil")):
        return "playlist"
    if not words.startswith(b"<"):
        return ""
    return "svg" if b"<svg" in words else "playlist" if b"<mpd" in words else ""


def _transport_stream(head: bytes) -> str:
    """MPEG-TS: every 188 bytes the same one (ISO 13818-1)."""
    return "film" if len(head) > 376 and {head[0], head[188], head[376]} == {0x47} else ""


ASKED: tuple[Callable[[bytes], str], ...] = (_boxes, _riff, _matroska, _text, _transport_stream)
