"""A drawing as PNG, for whoever shows no SVG: mails, and pages that preview a link.

By Typst, which is here for the documents, and has an SVG renderer inside. 12 to 24 ms, once in the
life of a process for each drawing and size.
"""

import threading
from functools import lru_cache
from pathlib import Path
from typing import cast

import typst

PAGE = (
    "#set page(width: float(sys.inputs.width) * 1pt, height: auto, margin: 0pt)\n"
    '#image(bytes(sys.inputs.drawing), format: "svg", width: 100%)'
)
POINTS = 72.0  # an inch; at so many pixels of it, a point is a pixel


class Press(threading.local):
    """A compiler for each thread: it may not be entered twice. A drawing needs no fonts."""

    def __init__(self) -> None:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
        self.compiler = typst.Compiler(root=Path(__file__).parent, font_paths=fonts)


press = Press()


@lru_cache(maxsize=256)
def png_of(drawing: bytes, *, width: int) -> bytes:
    """So many pixels wide. `drawing` is one of ours."""
    told = {"drawing": drawing.decode(), "width": str(width)}
    png = press.compiler.compile(input=PAGE.encode(), format="png", ppi=POINTS, sys_inputs=told)
    return cast("bytes", png)  # a list for many pages, None for a file: neither asked for
