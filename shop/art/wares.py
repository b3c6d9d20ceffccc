"""What stands on a shelf: mugs, cups, candles, tins, a clock, a lantern."""

import math
import random

from shop.art.lettering import fit, small_print, text
from shop.art.palettes import Palette
from shop.art.paper import room
from shop.art.scenes import scene
from shop.art.svg import circle, clipped, ellipse, group, line, path, rect

CLAY = "#fdfcf8"


def mug(rng: random.Random, palette: Palette, motif: str, _title: str, _caption: str) -> str:
    """A straight mug with a picture round its middle."""
    ear = line("M268 168c58-14 74 96 0 104", CLAY, 26) + line(
        "M268 168c58-14 74 96 0 104", "#d9d4ca", 1.2
    )
    body = rect(110, 116, 164, 208, CLAY, r=16)
    picture = group(scene(rng, palette, motif, width=164, height=112), "translate(110 164)")
    light = rect(152, 116, 14, 208, "#fff", more=' opacity=".35"')
    shade = rect(246, 124, 28, 200, "#000", r=10, more=' opacity=".07"')
    rim = ellipse(192, 118, 82, 13, "#f3ede2") + ellipse(192, 120, 74, 9, palette.ink)
    ground = ellipse(196, 326, 98, 11, palette.ink, more=' opacity=".25"')
    return room(palette) + ground + ear + body + picture + light + shade + rim


def cup(rng: random.Random, palette: Palette, motif: str, _title: str, _caption: str) -> str:
    """An enamel cup: white, with a coloured rim and a thin handle."""
    ear = line("M276 196c46-10 52 66 -6 70", palette.deep, 11)
    body = path("M118 152H282L268 306Q266 320 250 320H150Q134 320 132 306Z", CLAY)
    picture = clipped(
        group(scene(rng, palette, motif, width=180, height=84), "translate(110 196)"),
        "cup",
        path("M118 152H282L268 306Q266 320 250 320H150Q134 320 132 306Z", "#fff"),
    )
    rim = ellipse(200, 152, 84, 14, palette.deep) + ellipse(200, 153, 75, 10, "#ece7dc")
    specks = "".join(
        circle(rng.uniform(140, 260), rng.uniform(172, 192), 1.6, palette.deep) for _ in range(9)
    )
    ground = ellipse(202, 322, 86, 9, palette.ink, more=' opacity=".25"')
    return room(palette) + ground + ear + body + picture + specks + rim


def candle(rng: random.Random, palette: Palette, motif: str, title: str, caption: str) -> str:
    """A burning candle in a glass with a label."""
    glass = rect(118, 134, 164, 190, palette.deep, r=12)
    light = rect(118, 134, 22, 190, "#fff", r=10, more=' opacity=".18"')
    wax = ellipse(200, 136, 80, 12, "#fbf1dc")
    flame = line("M200 130V104", "#3b3030", 3) + path(
        "M200 56C214 78 213 100 200 106C187 100 186 78 200 56Z", "#f9c04f"
    )
    flame += path("M200 76C207 88 206 98 200 102C194 98 193 88 200 76Z", "#fff3cf")
    picture = group(scene(rng, palette, motif, width=104, height=76), "translate(148 178)")
    label = rect(144, 174, 112, 112, "#fffdf7", r=2)
    name = text(200, 268, fit(title, width=98, most=13), title, palette.ink)
    name += small_print(200, 280, caption, palette.ink, width=98, most=6)
    ground = ellipse(200, 326, 96, 10, palette.ink, more=' opacity=".25"')
    return room(palette) + ground + glass + light + wax + flame + label + picture + name


def tin(rng: random.Random, palette: Palette, motif: str, title: str, caption: str) -> str:
    """A tea tin with a round lid."""
    body = rect(122, 142, 156, 182, palette.deep, r=8)
    lid = rect(116, 102, 168, 46, palette.ink, r=8) + rect(116, 138, 168, 5, palette.sun)
    picture = group(scene(rng, palette, motif, width=156, height=104), "translate(122 168)")
    name = text(200, 298, fit(title, width=132, most=20), title, palette.light)
    name += small_print(200, 313, caption, palette.light, width=132, most=7)
    light = rect(134, 104, 12, 216, "#fff", r=6, more=' opacity=".16"')
    ground = ellipse(200, 326, 90, 10, palette.ink, more=' opacity=".25"')
    return room(palette) + ground + body + lid + picture + name + light


def clock(rng: random.Random, palette: Palette, motif: str, _title: str, _caption: str) -> str:
    """A brass tide clock with one hand."""
    rim = circle(200, 192, 124, palette.ink, more=' opacity=".16"')
    rim += circle(200, 186, 122, "#c79a4b") + circle(200, 186, 110, "#f5e7c4")
    face = circle(200, 186, 104, "#fff")
    sky = clipped(
        group(scene(rng, palette, motif, width=208, height=208), "translate(96 82)"), "face", face
    )
    ticks = "".join(
        line(f"M{spoke(hour / 12, 94)}L{spoke(hour / 12, 84)}", palette.light, 4)
        for hour in range(12)
    )
    hand = line(f"M{spoke(0, 0)}L{spoke(rng.random(), 74)}", "#fffdf6", 6)
    hub = circle(200, 186, 9, "#c79a4b")
    return rect(0, 0, 400, 400, palette.wall) + rim + sky + ticks + hand + hub


def spoke(turn: float, length: float) -> str:
    """A point on the clock's face, a part of one turn from twelve."""
    angle = turn * math.tau
    return f"{200 + length * math.sin(angle):.1f} {186 - length * math.cos(angle):.1f}"


def lantern(rng: random.Random, palette: Palette, motif: str, _title: str, _caption: str) -> str:
    """A storm lantern, lit."""
    metal = palette.ink
    handle = line("M146 128C140 46 260 46 254 128", metal, 6)
    glow = circle(200, 206, 112, palette.sun, more=' opacity=".45"')
    cap = path("M164 112H236L252 140H148Z", metal) + rect(184, 94, 32, 20, metal, r=5)
    pane = clipped(
        group(scene(rng, palette, motif, width=104, height=124), "translate(148 140)"),
        "pane",
        path("M156 140H244Q268 204 244 264H156Q132 204 156 140Z", "#fff"),
    )
    flame = path("M200 172C220 204 216 232 200 242C184 232 180 204 200 172Z", "#f9b940")
    flame += path("M200 202C209 218 208 232 200 238C192 232 191 218 200 202Z", "#fff3cf")
    cage = line("M148 142C128 200 134 240 150 266M252 142C272 200 266 240 250 266", metal, 5)
    tank = path("M142 262H258L268 318Q268 326 260 326H140Q132 326 132 318Z", metal)
    ground = ellipse(200, 328, 84, 9, metal, more=' opacity=".25"')
    return room(palette) + ground + glow + handle + pane + flame + cage + cap + tank
