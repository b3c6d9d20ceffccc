"""The few shapes everything is drawn with. Numbers are rounded: a tenth of a unit is not seen."""

from collections.abc import Iterable
from html import escape


def document(body: str, *, width: int, height: int, label: str, scale: int = 1) -> str:
    """A whole SVG file, shown `scale` times as large as it is drawn."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width * scale}" height="{height * scale}" role="img" '
        f'aria-label="{escape(label)}">{body}</svg>'
    )


def rect(x: float, y: float, w: float, h: float, fill: str, *, r: float = 0, more: str = "") -> str:
    """A rectangle with round corners of radius `r`."""
    round_ = f' rx="{r:g}"' if r else ""
    return f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}"{round_} fill="{fill}"{more}/>'


def circle(x: float, y: float, r: float, fill: str, *, more: str = "") -> str:
    """A disc."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:g}" fill="{fill}"{more}/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, *, more: str = "") -> str:
    """A flat disc: rims and shadows."""
    return f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}" fill="{fill}"{more}/>'


def path(d: str, fill: str = "none", *, more: str = "") -> str:
    """Any other shape."""
    return f'<path d="{d}" fill="{fill}"{more}/>'


def line(d: str, colour: str, width: float, *, more: str = "") -> str:
    """A stroke with round ends."""
    return path(d, more=f' stroke="{colour}" stroke-width="{width:g}" stroke-linecap="round"{more}')


def dots(places: Iterable[tuple[float, float]], colour: str, size: float, *, more: str = "") -> str:
    """Many discs of one colour and size, as the round ends of strokes without a length."""
    return line("".join(f"M{x:.1f} {y:.1f}h0" for x, y in places), colour, size, more=more)


def group(content: str, transform: str) -> str:
    """Everything in `content`, moved or turned."""
    return f'<g transform="{transform}">{content}</g>'


def gradient(name: str, top: str, bottom: str) -> str:
    """A vertical blend, to be used as `url(#name)`."""
    return (
        f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" '
        f'stop-color="{top}"/><stop offset="1" stop-color="{bottom}"/></linearGradient>'
    )


def clipped(content: str, name: str, shape: str) -> str:
    """Only what lies inside `shape`."""
    return f'<clipPath id="{name}">{shape}</clipPath><g clip-path="url(#{name})">{content}</g>'


def shadow(x: float, y: float, w: float, h: float, *, r: float = 4) -> str:
    """A soft edge under a flat thing, in three layers: filters are slow and clumsy."""
    layers = ((3, 0.10), (7, 0.06), (11, 0.04))
    return "".join(
        rect(x - g / 2, y + g, w + g, h, "#2b1a2b", r=r + g / 2, more=f' opacity="{o}"')
        for g, o in layers
    )
