"""What is printed: posters, tickets, record sleeves, books, charts, screens."""

import random
from collections.abc import Iterable
from textwrap import wrap

from shop.art.lettering import SANS, fit, small_print, text
from shop.art.palettes import Palette
from shop.art.scenes import scene
from shop.art.svg import circle, gradient, group, line, path, rect, shadow


def room(palette: Palette) -> str:
    """A wall and a shelf to stand on."""
    floor = gradient("floor", *palette.floor) + rect(0, 296, 400, 104, "url(#floor)")
    return rect(0, 0, 400, 400, palette.wall) + floor


def circles(x: int, y: int, radii: Iterable[int]) -> str:
    """Rings around one point, as the steps of a path."""
    return "".join(f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0" for r in radii)


def poster(rng: random.Random, palette: Palette, motif: str, title: str, _caption: str) -> str:
    """A framed print on the wall."""
    frame = shadow(94, 44, 212, 292) + rect(94, 44, 212, 292, "#2a2226")
    sheet = rect(101, 51, 198, 278, "#fffdf8")
    picture = group(scene(rng, palette, motif, width=166, height=218), "translate(117 67)")
    size = fit(title, width=150, most=13, spacing=0.06)
    name = text(200, 311, size, title, palette.ink, spacing=0.06)
    return rect(0, 0, 400, 400, palette.wall) + frame + sheet + picture + name


def ticket(rng: random.Random, palette: Palette, motif: str, title: str, caption: str) -> str:
    """An admission ticket, thrown on a table."""
    rings = path(
        circles(200, 200, range(62, 300, 28)), more=f' stroke="{palette.sun}" stroke-opacity=".16"'
    )
    card = shadow(40, 112, 320, 180, r=6) + rect(40, 112, 320, 180, palette.light, r=6)
    picture = group(scene(rng, palette, motif, width=206, height=94), "translate(56 128)")
    name = text(159, 254, fit(title, width=200, most=24), title, palette.ink)
    day, _, _where = caption.partition(" · ")
    when = text(159, 276, fit(day, width=200, most=13, face=SANS), day, palette.deep, face=SANS)
    stub = line("M282 120V284", palette.accent, 2.4, more=' stroke-dasharray="0.1 8"')
    notches = circle(40, 202, 16, palette.deep) + circle(360, 202, 16, palette.deep)
    letters = text(0, 0, 11, "ADMIT ONE", palette.deep, face=SANS, spacing=0.24)
    admit = group(letters, "translate(300 202)rotate(90)")
    whole = card + picture + name + when + stub + notches + admit + barcode(rng, palette)
    return rect(0, 0, 400, 400, palette.deep) + rings + group(whole, "rotate(-8 200 200)")


def barcode(rng: random.Random, palette: Palette) -> str:
    """Bars that no scanner will ever read."""
    drawn, y = "", 146.0
    while y < 258:
        thick = rng.choice((1.5, 2.5, 4))
        drawn += f"M318 {y:g}h22v{thick:g}h-22z"
        y += thick + rng.choice((1.5, 2.5))
    return path(drawn, palette.ink)


def record(rng: random.Random, palette: Palette, motif: str, title: str, caption: str) -> str:
    """A sleeve, its title in a band over the picture, with its record half out."""
    disc = circle(250, 194, 110, "#17151a")
    grooves = path(circles(250, 194, range(56, 108, 7)), more=' stroke="#34303a"')
    sleeve = shadow(60, 78, 232, 232, r=2) + rect(60, 78, 232, 232, palette.light)
    picture = group(scene(rng, palette, motif, width=232, height=170), "translate(60 140)")
    name = text(176, 112, fit(title, width=200, most=25), title, palette.ink)
    kind = small_print(176, 129, caption, palette.ink, width=200, most=8)
    return room(palette) + disc + grooves + sleeve + picture + name + kind


def book(rng: random.Random, palette: Palette, motif: str, title: str, caption: str) -> str:
    """A book with a picture under its title."""
    block = shadow(104, 62, 192, 270, r=3) + rect(112, 66, 190, 266, "#efe6d6", r=4)
    cover = rect(104, 62, 190, 270, palette.ink, r=3)
    picture = group(scene(rng, palette, motif, width=190, height=152), "translate(104 158)")
    spine = rect(104, 62, 12, 270, "#fff", more=' opacity=".14"')
    foot = small_print(203, 323, caption, palette.light, width=166, most=8)
    return room(palette) + block + cover + picture + lettering(title, palette) + foot + spine


def lettering(title: str, palette: Palette) -> str:
    """A title over as many lines as it needs."""
    rows = wrap(title, 13) or [""]
    size = min(fit(row, width=160, most=27) for row in rows)
    top = 116 - (len(rows) - 1) * size * 0.55
    return "".join(
        text(203, top + n * size * 1.15, size, row, palette.light) for n, row in enumerate(rows)
    )


def notebook(rng: random.Random, palette: Palette, motif: str, title: str, _caption: str) -> str:
    """A stitched notebook with a label and an elastic band."""
    cover = shadow(108, 64, 184, 264, r=10) + rect(108, 64, 184, 264, palette.deep, r=10)
    picture = group(scene(rng, palette, motif, width=116, height=88), "translate(136 104)")
    label = rect(132, 100, 124, 124, palette.light, r=3)
    name = text(194, 212, fit(title, width=112, most=12), title, palette.ink)
    band = rect(268, 64, 9, 264, palette.ink, more=' opacity=".75"')
    stitches = line("M118 76V318", palette.light, 2, more=' stroke-dasharray="7 9" opacity=".6"')
    return room(palette) + cover + label + picture + name + band + stitches


def chart(rng: random.Random, palette: Palette, motif: str, title: str, _caption: str) -> str:
    """A folded map with a dotted way across it."""
    sheet = shadow(62, 92, 276, 208) + rect(62, 92, 276, 208, palette.light)
    picture = group(scene(rng, palette, motif, width=276, height=208), "translate(62 92)")
    way = "M84 272C130 220 150 262 190 214S262 190 316 118"
    trail = line(way, palette.light, 4.5, more=' stroke-dasharray="1 10"')
    folds = "".join(
        rect(x, 92, 34.5, 208, "#1b1420", more=' opacity=".10"')
        for x in (96.5, 165.5, 234.5, 303.5)
    )
    name = rect(80, 108, 128, 34, palette.light, r=3) + text(
        144, 130, fit(title, width=114, most=15), title, palette.ink
    )
    cross = path("M310 108l12 12m0-12l-12 12", more=f' stroke="{palette.accent}" stroke-width="4"')
    return room(palette) + sheet + picture + trail + folds + name + cross


def screen(rng: random.Random, palette: Palette, motif: str, _title: str, _caption: str) -> str:
    """A screen with a sky on it."""
    foot = rect(184, 266, 32, 42, "#3a3640") + rect(146, 304, 108, 9, "#3a3640", r=4.5)
    case = shadow(66, 92, 268, 180, r=10) + rect(66, 92, 268, 180, "#201d24", r=10)
    picture = group(scene(rng, palette, motif, width=250, height=162), "translate(75 101)")
    return room(palette) + foot + case + picture
