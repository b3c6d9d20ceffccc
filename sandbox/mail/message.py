"""One message as a mailbox provider sees it."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from email.utils import make_msgid

from sandbox.journal import Parcel
from sandbox.reading import storable

# A hostile header can break the standard parser in all of these ways.
_BROKEN = (MessageError, LookupError, ValueError, AttributeError, TypeError)
_ORDER = re.compile(r"\bH-\d+\b")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Part:
    """A file in a message. `cid` is how its HTML refers to it, if it does."""

    name: str
    type: str
    content: bytes
    cid: str = ""


@dataclass(frozen=True)
class MailMessage:
    """A parsed message."""

    message_id: str
    subject: str
    sender: str
    text: str
    html: str
    parts: list[Part]

    @property
    def parcel(self) -> Parcel:
        """Key: Message-ID. Order: the first one in the subject. Effect: the subject without it."""
        found = _ORDER.search(self.subject)
        order = found[0] if found else ""
        return Parcel(self.message_id, order, _squeeze(self.subject.replace(order, " ", 1)))


def read_mail(raw: bytes) -> MailMessage:
    """Parse whatever was sent; a message without a Message-ID gets one, as servers do."""
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101 narrows what policy=default promises
    return MailMessage(
        message_id=_header(message, "Message-ID") or make_msgid(domain="sandbox.invalid"),
        subject=_header(message, "Subject"),
        sender=_header(message, "From"),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        parts=_parts(message),
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return storable(_squeeze(str(message.get(name, ""))))
    except _BROKEN:
        return ""


def _body(message: EmailMessage, kind: str) -> str:
    try:
        part = message.get_body((kind,))
        return str(part.get_content()) if part else ""
    except _BROKEN:
        return ""


def _parts(message: EmailMessage) -> list[Part]:
    try:
        shown = {id(message.get_body((kind,))) for kind in ("plain", "html")}
        leaves = [part for part in message.walk() if not part.is_multipart()]
        return [_part(leaf) for leaf in leaves if id(leaf) not in shown]
    except _BROKEN:
        return []


def _part(leaf: EmailMessage) -> Part:
    content = leaf.get_payload(decode=True)
    return Part(
        name=storable(leaf.get_filename() or "unnamed"),
        type=leaf.get_content_type(),
        content=content if isinstance(content, bytes) else b"",
        cid=str(leaf.get("Content-ID", "")).strip("<> "),
    )


def _squeeze(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
