"""The inbox's markup."""

import re
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.formatting import WHOLE, clock, e
from sandbox.mail.message import MailMessage

Message = dict[str, Any]
_LINK = re.compile(r"https?://[^\s<>\"']+")


def listing(messages: list[Message], count: int, to: str, subject: str, zone: ZoneInfo) -> str:
    """The list, newest first, with a search."""
    rows = "".join(_row(message, zone) for message in messages)
    found = f'<ul class="mails">{rows}</ul>' if rows else "<p>No mail here.</p>"
    return (
        f"<header><h1>Inbox</h1><p>{_count(count, 'message')}; nothing leaves this machine.</p>"
        '<nav><a href="/">Refresh</a> <a href="/api/messages">As JSON</a></nav></header>'
        f'<form class="search"><label>To <input name="to" type="email" value="{e(to)}"></label>'
        f'<label>Subject <input name="subject" value="{e(subject)}"></label>'
        "<button>Search</button></form>" + found
    )


def message(shown: Message, mail: MailMessage, zone: ZoneInfo) -> str:
    """One message: its head, its files, and its body in a frame that can do nothing."""
    number = shown["id"]
    return (
        f'<header><nav><a href="/">Inbox</a> <a href="/messages/{number}/raw">Raw source</a></nav>'
        f"<h1>{e(mail.subject or 'No subject')}</h1>{_head(shown, zone)}</header>"
        f"{_attachments(shown)}{_body(number, mail)}"
    )


def _row(shown: Message, zone: ZoneInfo) -> str:
    files = len([part for part in shown["attachments"] if not part.get("inline")])
    marks = f'<span class="mark">{_count(files, "file")}</span>' if files else ""
    if shown["deliveries"] > 1:
        marks += f'<span class="mark">delivered {shown["deliveries"]} times</span>'
    way = f"{e(', '.join(shown['to']))} · from {e(shown['from'])}"
    return (
        f'<li><a href="/messages/{shown["id"]}">{e(shown["subject"] or "No subject")}</a>{marks}'
        f"<p>{way} · {clock(shown['received_at'], zone)}</p></li>"
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _head(shown: Message, zone: ZoneInfo) -> str:
    facts = {
        "From": e(shown["from"]),
        "To": e(", ".join(shown["to"])),
        "Received": clock(shown["received_at"], zone, WHOLE),
        "Message-ID": e(shown["message_id"]),
        "Deliveries": str(shown["deliveries"]),
    }
    lines = "".join(f"<div><dt>{name}</dt><dd>{fact}</dd></div>" for name, fact in facts.items())
    return f'<dl class="facts">{lines}</dl>'


def _attachments(shown: Message) -> str:
    """What a mail program lists: not the pictures that stand in the text."""
    items = "".join(
        f'<li><a href="/messages/{shown["id"]}/attachments/{index}">{e(part["name"])}</a>'
        f" <small>{e(part['type'])}, {part['size'] / 1024:.1f} kB</small></li>"
        for index, part in enumerate(shown["attachments"])
        if not part.get("inline")
    )
    return f"<h2>Attachments</h2><ul>{items}</ul>" if items else ""


def _body(number: int, mail: MailMessage) -> str:
    text = f'<pre class="text">{_with_links(mail.text)}</pre>' if mail.text else ""
    if not mail.html:
        return f"<h2>Text</h2>{text or '<p>Empty.</p>'}"
    frame = (
        f'<h2>HTML</h2><iframe src="/messages/{number}/html" title="The message"'
        ' sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )
    return frame + (f"<h2>Text</h2>{text}" if text else "")


def _with_links(text: str) -> str:
    parts, end = [], 0
    for found in _LINK.finditer(text):
        link = e(found[0])
        parts += [
            e(text[end : found.start()]),
            f'<a href="{link}" target="_blank" rel="noopener noreferrer">{link}</a>',
        ]
        end = found.end()
    return "".join([*parts, e(text[end:])])
