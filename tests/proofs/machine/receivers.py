"""Services without a network, whose books are the judge: who accepted what, under which key.

They fold what comes again under the same key, and count it apart. Each can be away, too busy, lose
its reply after it has accepted, or refuse for good. A slow one is a process that stands at `asked`.
"""

import json
import re
import smtplib
from collections import Counter, defaultdict
from collections.abc import Sequence
from email.mime.base import MIMEBase
from io import BytesIO
from typing import Any, ClassVar
from urllib.parse import urlsplit

import requests
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from deferral.errors import NoCurrentJob
from deferral.tasks import current_job
from tests.proofs.machine.processes import reach
from webhooks.outbound import Answer

NAMES = ("print-room", "box-office", "partner", "analytics", "crm", "audit-archive", "mail")
BANK = "payment"
# What staff are told of an endpoint that fails for days.
OF_NO_ORDER = ""
MODES = ("ok", "away", "busy", "loses replies", "refuses")

Effect = tuple[str, str, str]  # the order's number, the external service, what it was told


class Away(Exception):
    """Whoever asks is told so in the words of its protocol."""


class Books:
    """What all external services together have written down."""

    def __init__(self) -> None:
        self.modes: dict[str, str] = dict.fromkeys((*NAMES, BANK), "ok")
        self.accepted: defaultdict[Effect, Counter[str]] = defaultdict(Counter)
        self.job_of: dict[tuple[Effect, str], str] = {}
        # By the job's key: replies that were an error, and those of them that were an acceptance.
        self.failures: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()

    def heal(self) -> None:
        """From here on everybody behaves."""
        self.modes = dict.fromkeys(self.modes, "ok")

    def observe(self, effect: Effect, key: str) -> str:
        """Take note, unless the mode forbids it; return the mode in which it was heard."""
        reach("asked")
        mode, job = self.modes[effect[1]], job_key(key)
        if mode in {"ok", "loses replies"}:
            self.accepted[effect][key] += 1
            self.job_of[effect, key] = job
        self.failures[job] += mode != "ok"
        self.lost[job] += mode == "loses replies"
        return mode


class Line:
    """In the place of `requests.Session`: `deferral.external.http` posts to it."""

    def __init__(self, books: Books) -> None:
        self.books = books

    def post(
        self, url: str, *, headers: dict[str, str], json: Any = None, data: bytes = b"", **_: Any
    ) -> requests.Response:
        """Answer as the external service's mode has it."""
        effect, key = told(url, json or loads(data)), headers["Idempotency-Key"]
        mode = self.books.observe(effect, key)
        if mode in {"away", "loses replies"}:
            raise requests.ConnectionError(mode)
        answer = requests.Response()
        answer.raw = BytesIO()
        answer.status_code = {"ok": 200, "busy": 503, "refuses": 422}[mode]
        return answer

    def deliver(self, url: str, *, body: bytes, headers: dict[str, str]) -> Answer:
        """The same for a webhook, in the place of `outbound.post`."""
        mode = self.books.observe(told(url, loads(body)), headers["webhook-id"])
        if mode in {"away", "loses replies"}:
            return Answer(took=1, error=f"did not answer: {mode}")
        return Answer(took=1, status={"ok": 200, "busy": 503, "refuses": 422}[mode])


def told(url: str, content: dict[str, Any]) -> Effect:
    """What a request means, by its address and its content; never by its key."""
    path = urlsplit(url).path.strip("/").split("/")
    what = content.get("type") or content.get("event") or content.get("action")
    what = what or path[-1].removesuffix("s")  # /reservations
    part = f" of {content['refunded_cents']}" if "refunded_cents" in content else ""
    data = content.get("data", content)
    if "refund" in data:
        part = f" of {data['refund']['cents']}"
    return data["number"], path[0], f"{what}{part}"


def loads(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data)
    return found


class MailServer(BaseEmailBackend):
    """The mail server, as `EMAIL_BACKEND`. `attached` is how many documents each mail brought;
    of a mail that was sent again, the last."""

    books: ClassVar[Books]
    attached: ClassVar[dict[Effect, int]] = {}

    def send_messages(self, messages: Sequence[Any]) -> int:
        """Answer as SMTP does."""
        for message in messages:
            self._send(message)
        return len(messages)

    def _send(self, message: EmailMultiAlternatives) -> None:
        effect = named(message)
        mode = self.books.observe(effect, message.extra_headers["Message-ID"])
        if mode in {"ok", "loses replies"}:
            self.attached[effect] = len(documents(message))
        if mode == "refuses":
            raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"nobody")})
        if mode == "busy":
            raise smtplib.SMTPDataError(451, b"later")
        if mode != "ok":
            raise smtplib.SMTPServerDisconnected(mode)


def documents(message: EmailMultiAlternatives) -> list[Any]:
    """What is attached, without the pictures that stand in the text."""
    return [one for one in message.attachments if not isinstance(one, MIMEBase)]


def named(message: EmailMultiAlternatives) -> Effect:
    """A mail by its subject without the order's number; a late document also by its file."""
    subject = str(message.subject)
    if subject.startswith("Webhooks: "):
        return OF_NO_ORDER, "mail", subject
    [number] = re.findall(r"H-\d+", subject)
    what = subject.replace(f" {number}", "")
    if what.startswith("More"):
        what += f": {documents(message)[0][0]}"
    return number, "mail", what


def job_key(otherwise: str) -> str:
    """The running job's; in the web there is none."""
    try:
        return current_job().key
    except NoCurrentJob:
        return otherwise
