"""The page at /: every stranger with its switches, and the end of the ledger."""

from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox.context import SCENE, Scene
from sandbox.faults import HINTS, MEANINGS, Fault, Mode, modes_of
from sandbox.formatting import clock, e, page, ways
from sandbox.journal import COUNTS
from sandbox.services import STRANGERS, Stranger

_ROWS = 50
_PACE = {
    "article": "each takes the time that stands on its card",
    "fast": "1 ms each",
    "payment": "1 ms each, but the payment provider takes its time",
}


def routes() -> list[web.RouteDef]:
    """The front page."""
    return [web.get("/", _front)]


async def _front(request: web.Request) -> web.Response:
    scene = request.app[SCENE]
    return page(
        "The world outside", _head(scene) + _doubles(scene) + _cards(scene) + _ledger(scene)
    )


def _head(scene: Scene) -> str:
    pace = _PACE[scene.settings.profile]
    return (
        f"{ways(scene.settings)}<header><h1>The world outside</h1>"
        f"<p>Everybody the shop talks to. Profile <b>{e(scene.settings.profile)}</b>: {pace}.</p>"
        "<p>A button has its stranger misbehave in so many percent <i>of requests</i>,"
        " until <i>ok</i> is pressed or the seconds beside <i>for</i> are over.</p>"
        '<nav><a href="/">Refresh</a> <a href="/ledger.json">Ledger as JSON</a></nav>'
        f"{_all_ok(scene)}</header>"
    )


def _all_ok(scene: Scene) -> str:
    """One button that heals everybody; nothing to press while everybody behaves."""
    ill = sum(scene.faults.of(name).mode is not Mode.OK for name in STRANGERS)
    if not ill:
        return ""
    return (
        '<form method="post" action="/faults"><input type="hidden" name="token"'
        f' value="{e(scene.settings.token)}"><button class="heal">All ok<small>'
        f"{ill} misbehave{'s' if ill == 1 else ''}</small></button></form>"
    )


def _doubles(scene: Scene) -> str:
    doubles = scene.book.doubles()
    if not doubles:
        repeats = sum(totals["repeats"] for totals in scene.book.totals().values())
        known = (
            f" {repeats} came again under their own key (a mail: its Message-ID)."
            if repeats
            else ""
        )
        return f'<p class="note good">No effect on an order was accepted twice.{known}</p>'
    items = "".join(
        f"<li>{e(double['stranger'])}: {e(double['effect'])} of {e(double['order'])},"
        f" {len(double['keys'])} keys</li>"
        for double in doubles[:_ROWS]
    )
    return f'<div class="note bad"><b>Accepted under more than one key:</b><ul>{items}</ul></div>'


def _cards(scene: Scene) -> str:
    totals = scene.book.totals()
    cards = "".join(_card(scene, stranger, totals[name]) for name, stranger in STRANGERS.items())
    return f'<main class="cards">{cards}</main>'


def _card(scene: Scene, stranger: Stranger, totals: dict[str, int]) -> str:
    fault = scene.faults.of(stranger.name)
    numbers = "".join(
        f"<div><dt>{name}</dt><dd>{count}</dd></div>" for name, count in totals.items()
    )
    return (
        f'<section id="{stranger.name}" class="card"><h2>{e(stranger.title)}</h2>'
        f"<p>{e(stranger.does)} · {scene.settings.latency(stranger.name):g} s</p>"
        f"{_state(fault)}<dl>{numbers}</dl>{_form(scene, stranger.name, fault)}</section>"
    )


def _state(fault: Fault) -> str:
    if fault.mode is Mode.OK:
        return '<p class="state good">behaves</p>'
    often = "" if fault.rate == 100 else f", {fault.rate} % of requests"
    left = fault.seconds_left
    until = "" if left is None else f", {left:.0f} s left"
    return f'<p class="state bad">{e(MEANINGS[fault.mode])}{often}{until}</p>'


def _form(scene: Scene, name: str, fault: Fault) -> str:
    buttons = "".join(
        f'<button name="mode" value="{mode}" title="{e(MEANINGS[mode])}"'
        f' aria-pressed="{str(mode is fault.mode).lower()}">'
        f"{mode}<small>{HINTS[mode]}</small></button>"
        for mode in modes_of(name)
    )
    return (
        f'<form method="post" action="/faults/{name}">'
        f'<input type="hidden" name="token" value="{e(scene.settings.token)}">'
        f'<div class="buttons">{buttons}</div>'
        '<label>of requests <input name="rate" type="number" min="0" max="100" value="100">'
        " %</label>"
        '<label>for <input name="seconds" type="number" min="1" placeholder="ever">'
        " s</label></form>"
    )


def _ledger(scene: Scene) -> str:
    rows = "".join(_row(entry, scene.settings.zone) for entry in scene.book.latest(_ROWS))
    if not rows:
        return "<h2>Ledger</h2><p>Nobody has been asked for anything yet.</p>"
    names = ("Last", "Stranger", "Effect", "Order", "Key", "Accepted", "Repeats", "Refused")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    return (
        f'<h2>Ledger, last {_ROWS}</h2><div class="wide"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(entry: dict[str, Any], zone: ZoneInfo) -> str:
    numbers = "".join(_number(name, entry[name]) for name in COUNTS)
    texts = "".join(f"<td>{e(entry[name])}</td>" for name in ("stranger", "effect", "order"))
    return (
        f"<tr><td>{clock(entry['last_at'], zone)}</td>{texts}"
        f"<td><code>{e(entry['key'])}</code></td>{numbers}</tr>"
    )


def _number(name: str, count: int) -> str:
    bad = " bad" if name == "refused" and count else ""
    return f'<td class="number{bad}">{count}</td>'
