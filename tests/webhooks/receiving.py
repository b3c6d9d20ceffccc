"""A receiver of webhooks as others write it, with the specification's own library."""

import contextlib
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

from deferral.models import Job
from orders.models import Order
from webhooks.models import Endpoint

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EVENTS = ["order.completed", "order.cancelled", "order.refunded"]


def an_endpoint(slug: str, **columns: Any) -> Endpoint:
    """One that hears of everything, unless the columns say otherwise."""
    facts = {"url": f"https://{slug}.example/hooks", "secret": SECRET, "events": EVENTS}
    return Endpoint.objects.create(slug=slug, **(facts | columns))


def a_delivery_job(endpoint: Endpoint, order_id: int | None, what: str = EVENTS[0]) -> Job:
    """What the handler would have written."""
    order = Order.objects.filter(pk=order_id or 0).first()
    name = order.reference if order else order_id
    key = f"{endpoint.slug}:{what}:{name}"
    facts = {"endpoint_id": endpoint.pk, "webhook_id": key, "what": what, "order_id": order_id}
    return Job.objects.create(
        key=key,
        subject=order.subject if order else "order:H-1",
        task="webhooks.deliver_webhook",
        queue="partners",
        service=endpoint.slug,
        ordering_key=f"webhook:{endpoint.slug}:{name}",
        kwargs=facts,
    )


class Receiver(ThreadingHTTPServer):
    """Verifies, and answers with the next of `answers` (status, headers, body), else 204."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.secret = SECRET
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.accepted: dict[str, Any] = {}
        self.pause = 0.0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/hooks"

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """The next one gets this."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, named, body))


class Conversation(BaseHTTPRequestHandler):
    """One POST."""

    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((dict(self.headers), body))
        time.sleep(self.server.pause)
        status, headers, text = self.reply(body)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(text)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):  # whoever has left
            self.wfile.write(text)

    def reply(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        if self.server.answers:
            return self.server.answers.pop(0)
        Webhook(self.server.secret).verify(body.decode(), dict(self.headers))
        self.server.accepted[self.headers["webhook-id"]] = json.loads(body)
        return 204, {}, b""

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""
