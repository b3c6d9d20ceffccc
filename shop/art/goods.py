"""What hangs, lies or is folded: bags, throws, mats, aprons, knives."""

import random

from shop.art.lettering import text
from shop.art.palettes import Palette
from shop.art.paper import room
from shop.art.scenes import scene
from shop.art.svg import circle, clipped, group, line, path, rect, shadow


def tote(rng: random.Random, palette: Palette, motif: str, _title: str, _caption: str) -> str:
    """A cotton bag with a round print."""
    handles = line("M152 156V116C152 52 248 52 248 116V156", "#d6c09c", 12)
    body = path("M104 134H296L312 344Q312 350 306 350H94Q88 350 88 344Z", "#f4e8d4")
    print_ = clipped(
        group(scene(rng, palette, motif, width=128, height=128), "translate(136 170)"),
        "print",
        circle(200, 234, 62, "#fff"),
    )
    name = text(200, 326, 13, "HALYARD", palette.ink, spacing=0.22)
    return room(palette) + shadow(106, 200, 188, 148) + body + handles + print_ + name


def throw(rng: random.Random, palette: Palette, _motif: str, _title: str, _caption: str) -> str:
    """A folded blanket in stripes, with a fringe."""
    drawn = shadow(76, 150, 248, 168, r=22)
    for fold, y in enumerate((150, 206, 262)):
        drawn += rect(76, y, 248, 58, palette.hills[fold], r=24)
        for _ in range(3):
            x = rng.uniform(110, 270)
            drawn += rect(x, y, rng.choice((6, 10, 18)), 58, palette.light, more=' opacity=".5"')
        drawn += line(f"M96 {y + 50}H304", palette.ink, 1.2, more=' opacity=".25"')
    fringe = "".join(line(f"M{x} 318v16", palette.hills[2], 2.4) for x in range(100, 304, 9))
    return room(palette) + fringe + drawn


def mat(rng: random.Random, palette: Palette, _motif: str, _title: str, _caption: str) -> str:
    """Rope, laid in rows."""
    drawn = shadow(54, 130, 292, 176, r=30)
    for row in range(8):
        y = 134 + row * 22
        drawn += rect(54, y, 292, 21, palette.hills[rng.choice((0, 1, 1, 2))], r=10.5)
        twists = "".join(f"M{x} {y + 3}l9 15" for x in range(66, 334, 13))
        drawn += line(twists, palette.ink, 1.6, more=' opacity=".28"')
    return rect(0, 0, 400, 400, palette.wall) + drawn


def apron(rng: random.Random, palette: Palette, motif: str, _title: str, _caption: str) -> str:
    """An apron on a hook, with a printed pocket."""
    hook = circle(200, 54, 7, palette.ink) + line("M164 112C164 60 236 60 236 112", palette.deep, 7)
    ties = line("M116 208C84 236 92 266 74 292M284 208C316 236 308 266 326 292", palette.deep, 7)
    cloth = path(
        "M160 108H240Q244 168 286 192V336Q286 346 276 346H124Q114 346 114 336V192Q156 168 160 108Z",
        palette.hills[1],
    )
    folds = line("M150 220V336M250 220V336", palette.ink, 2, more=' opacity=".14"')
    pocket = rect(148, 226, 104, 78, palette.light, r=5)
    picture = group(scene(rng, palette, motif, width=92, height=60), "translate(154 238)")
    back = rect(0, 0, 400, 400, palette.wall)
    return back + ties + cloth + hook + folds + pocket + picture


def knife(rng: random.Random, palette: Palette, _motif: str, _title: str, _caption: str) -> str:
    """A short blade, and the oyster it is for."""
    shell = path(
        "M92 286C60 214 140 176 204 208C270 240 252 318 182 324C140 328 106 316 92 286Z",
        palette.hills[2],
    )
    inner = path(
        "M112 282C90 232 146 202 198 224C246 246 232 302 178 308C146 310 124 304 112 282Z",
        "#f7f1e6",
    )
    pearl = circle(
        160 + rng.uniform(-8, 8), 266, 13, "#fffdf8", more=f' stroke="{palette.hills[0]}"'
    )
    blade = path("M152 178L232 168Q240 182 232 196L152 190Q136 184 152 178Z", "#c9ced3")
    edge = line("M156 189L230 194", "#eef1f3", 2)
    handle = rect(228, 160, 112, 44, palette.hills[3], r=20) + rect(
        228, 160, 14, 44, "#c79a4b", r=4
    )
    grain = line("M256 174H324M262 186H318", palette.hills[1], 1.6, more=' opacity=".6"')
    tool = group(blade + edge + handle + grain, "rotate(-28 236 182) translate(6 -40)")
    return room(palette) + shell + inner + pearl + tool
