"""The page at /: every external service with its switches, and the end of the journal."""

from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox.context import CONTEXT, Context
from sandbox.fault_switches import HINTS, MEANINGS, Fault, Mode, modes_of
from sandbox.formatting import clock, e, page, ways
from sandbox.journal import COUNTS
from sandbox.services import SERVICES, Service

_ROWS = 50
_PACE = {
    "article": "each takes the time that stands on its card",
    "fast": "1 ms each",
    "payment": "1 ms each, but the payment provider takes its time",
}


def routes() -> list[web.RouteDef]:
    """The front page."""
    return [web.get("/", _first_page)]


async def _first_page(request: web.Request) -> web.Response:
    context = request.app[CONTEXT]
    return page(
        "The world outside",
        _head(context) + _doubles(context) + _cards(context) + _journal(context),
    )


def _head(context: Context) -> str:
    pace = _PACE[context.settings.profile]
    return (
        f"{ways(context.settings)}<header><h1>The world outside</h1>"
        "<p>Every service that the shop calls."
        f" Profile <b>{e(context.settings.profile)}</b>: {pace}.</p>"
        "<p>A button makes its service misbehave in that percentage <i>of requests</i>,"
        " until <i>ok</i> is pressed or the seconds beside <i>for</i> are over.</p>"
        '<nav><a href="/">Refresh</a> <a href="/ledger.json">Journal as JSON</a>'
        ' <a href="/sms">SMS</a></nav>'
        f"{_all_ok(context)}</header>"
    )


def _all_ok(context: Context) -> str:
    """One button that heals everybody; nothing to press while everybody behaves."""
    ill = sum(context.faults.of(name).mode is not Mode.OK for name in SERVICES)
    if not ill:
        return ""
    return (
        '<form method="post" action="/faults"><input type="hidden" name="token"'
        f' value="{e(context.settings.token)}"><button class="heal">All ok<small>'
        f"{ill} misbehave{'s' if ill == 1 else ''}</small></button></form>"
    )


def _doubles(context: Context) -> str:
    doubles = context.journal.doubles()
    if not doubles:
        repeats = sum(totals["repeats"] for totals in context.journal.totals().values())
        known = (
            f" {repeats} came again under their own key (a mail: its Message-ID)."
            if repeats
            else ""
        )
        return f'<p class="note good">No effect on an order was accepted twice.{known}</p>'
    items = "".join(
        f"<li>{e(double['service'])}: {e(double['effect'])} of {e(double['order'])},"
        f" {len(double['keys'])} keys</li>"
        for double in doubles[:_ROWS]
    )
    return f'<div class="note bad"><b>Accepted under more than one key:</b><ul>{items}</ul></div>'


def _cards(context: Context) -> str:
    totals = context.journal.totals()
    cards = "".join(_card(context, service, totals[name]) for name, service in SERVICES.items())
    return f'<main class="cards">{cards}</main>'


def _card(context: Context, service: Service, totals: dict[str, int]) -> str:
    fault = context.faults.of(service.name)
    numbers = "".join(
        f"<div><dt>{name}</dt><dd>{count}</dd></div>" for name, count in totals.items()
    )
    return (
        f'<section id="{service.name}" class="card"><h2>{e(service.title)}</h2>'
        f"<p>{e(service.does)} · {context.settings.latency(service.name):g} s</p>"
        f"{_state(fault)}<dl>{numbers}</dl>{_form(context, service.name, fault)}</section>"
    )


def _state(fault: Fault) -> str:
    if fault.mode is Mode.OK:
        return '<p class="state good">behaves</p>'
    often = "" if fault.rate == 100 else f", {fault.rate} % of requests"
    left = fault.seconds_left
    until = "" if left is None else f", {left:.0f} s left"
    return f'<p class="state bad">{e(MEANINGS[fault.mode])}{often}{until}</p>'


def _form(context: Context, name: str, fault: Fault) -> str:
    buttons = "".join(
        f'<button name="mode" value="{mode}" title="{e(MEANINGS[mode])}"'
        f' aria-pressed="{str(mode is fault.mode).lower()}">'
        f"{mode}<small>{HINTS[mode]}</small></button>"
        for mode in modes_of(name)
    )
    return (
        f'<form method="post" action="/faults/{name}">'
        f'<input type="hidden" name="token" value="{e(context.settings.token)}">'
        f'<div class="buttons">{buttons}</div>'
        '<label>of requests <input name="rate" type="number" min="0" max="100" value="100">'
        " %</label>"
        '<label>for <input name="seconds" type="number" min="1" placeholder="ever">'
        " s</label></form>"
    )


def _journal(context: Context) -> str:
    rows = "".join(_row(entry, context.settings.zone) for entry in context.journal.latest(_ROWS))
    if not rows:
        return "<h2>Journal</h2><p>No service has been called yet.</p>"
    names = ("Last", "Service", "Effect", "Order", "Key", "Accepted", "Repeats", "Refused")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    return (
        f'<h2>Journal, last {_ROWS}</h2><div class="wide"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(entry: dict[str, Any], zone: ZoneInfo) -> str:
    numbers = "".join(_number(name, entry[name]) for name in COUNTS)
    texts = "".join(f"<td>{e(entry[name])}</td>" for name in ("service", "effect", "order"))
    return (
        f"<tr><td>{clock(entry['last_at'], zone)}</td>{texts}"
        f"<td><code>{e(entry['key'])}</code></td>{numbers}</tr>"
    )


def _number(name: str, count: int) -> str:
    bad = " bad" if name == "refused" and count else ""
    return f'<td class="number{bad}">{count}</td>'
