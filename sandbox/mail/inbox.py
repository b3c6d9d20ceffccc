"""The inbox: an address for each way to look at a message."""

import re
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox.context import CONTEXT
from sandbox.formatting import page, ways
from sandbox.mail import pages
from sandbox.mail.mailbox import Mailbox
from sandbox.mail.message import MailMessage, Part, read_mail
from sandbox.reading import storable

MAILBOX = web.AppKey("mailbox", Mailbox)
# A message may show pictures it carries and its own styles; it may run and load nothing. Links open
# in a tab of their own, outside the frame's sandbox.
_FRAME_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' data:;"
    " style-src 'unsafe-inline'; frame-ancestors 'self'"
)
# What a browser may show itself; anything else, HTML above all, is only ever downloaded.
_SHOWN_INLINE = {
    "application/pdf",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "text/plain",
}
_MOST = 10_000


def routes() -> list[web.RouteDef]:
    """Every address of the inbox."""
    return [
        web.get("/", _list),
        web.get(r"/messages/{number:\d{1,15}}", _message),
        web.get(r"/messages/{number:\d{1,15}}/html", _html),
        web.get(r"/messages/{number:\d{1,15}}/raw", _raw),
        web.get(r"/messages/{number:\d{1,15}}/attachments/{index:\d{1,4}}", _attachment),
        web.get("/api/messages", _api_list),
        web.get("/api/accepted", _api_accepted),
        web.get(r"/api/messages/{number:\d{1,15}}", _api_message),
    ]


async def _list(request: web.Request) -> web.Response:
    to, subject = _filters(request)
    mailbox = request.app[MAILBOX]
    found = mailbox.messages(to=to, containing=subject)
    listing = pages.listing(found, mailbox.count(), to, subject, _zone(request))
    return page("Inbox", ways(request.app[CONTEXT].settings) + listing)


async def _message(request: web.Request) -> web.Response:
    message, mail = _open(request)
    shown = pages.message(message, mail, _zone(request))
    return page(mail.subject or "No subject", ways(request.app[CONTEXT].settings) + shown)


async def _html(request: web.Request) -> web.Response:
    message, mail = _open(request)
    body = '<base target="_blank">' + _own_pictures(mail, f"/messages/{message['id']}/attachments/")
    headers = {"Content-Security-Policy": _FRAME_POLICY, "Referrer-Policy": "no-referrer"}
    return web.Response(
        body=body.encode("utf-8", "replace"),
        content_type="text/html",
        charset="utf-8",
        headers=headers,
    )


async def _raw(request: web.Request) -> web.Response:
    raw = request.app[MAILBOX].source(int(request.match_info["number"]))
    if raw is None:
        raise web.HTTPNotFound(text="no such message\n")
    return web.Response(body=raw, content_type="text/plain", charset="utf-8")


async def _attachment(request: web.Request) -> web.Response:
    _, mail = _open(request)
    index = int(request.match_info["index"])
    if index >= len(mail.parts):
        raise web.HTTPNotFound(text="no such attachment\n")
    part = mail.parts[index]
    inline = part.type in _SHOWN_INLINE
    return web.Response(
        body=part.content,
        content_type=part.type if inline else "application/octet-stream",
        headers={
            "Content-Disposition": _disposition(part, inline=inline),
            # Not the pages' policy: under default-src 'none' browsers do not show a PDF.
            "Content-Security-Policy": "frame-ancestors 'none'",
        },
    )


async def _api_list(request: web.Request) -> web.Response:
    to, subject = _filters(request)
    limit = request.query.get("limit", "")
    most = min(int(limit), _MOST) if re.fullmatch(r"\d{1,6}", limit) else _MOST
    found = request.app[MAILBOX].messages(to=to, containing=subject, limit=most)
    return web.json_response(found)


async def _api_accepted(request: web.Request) -> web.Response:
    """Was a message with this Message-ID accepted? Providers call such a thing their event log."""
    asked = storable(request.query.get("message_id", ""))
    taken = request.app[MAILBOX].has_taken(asked)
    return web.json_response({"message_id": asked, "accepted": taken})


async def _api_message(request: web.Request) -> web.Response:
    message, mail = _open(request)
    return web.json_response({**message, "text": mail.text, "html": mail.html})


def _zone(request: web.Request) -> ZoneInfo:
    return request.app[CONTEXT].settings.zone


def _filters(request: web.Request) -> tuple[str, str]:
    return storable(request.query.get("to", "")), storable(request.query.get("subject", ""))


def _open(request: web.Request) -> tuple[pages.Message, MailMessage]:
    number = int(request.match_info["number"])
    mailbox = request.app[MAILBOX]
    message, raw = mailbox.message(number), mailbox.source(number)
    if message is None or raw is None:
        raise web.HTTPNotFound(text="no such message\n")
    return message, read_mail(raw)


def _own_pictures(mail: MailMessage, address: str) -> str:
    html = mail.html
    for index, part in enumerate(mail.parts):
        if part.cid:
            html = html.replace(f"cid:{part.cid}", f"{address}{index}")
    return html


def _disposition(part: Part, *, inline: bool) -> str:
    way = "inline" if inline else "attachment"
    return f"{way}; filename*=UTF-8''{quote(part.name, safe='')}"
