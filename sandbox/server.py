"""One process, three ports: the services, the inbox, SMTP. Ends within two seconds when asked."""

import argparse
import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack

from aiohttp import web

from sandbox.building import build_inbox, build_world, open_mail_server
from sandbox.context import Context, open_context
from sandbox.directory import Locked, hold_directory
from sandbox.settings import BadSettings, Settings, read_settings

log = logging.getLogger("sandbox")

_BACKLOG = 512
# aiohttp waits this long for a request to end, and as long again after cancelling it: together half
# of the two seconds in which the sandbox has to end.
_FINISH_SECONDS = 0.5


class PortTaken(Exception):
    """Another process listens there, or nobody may."""

    def __init__(self, name: str, port: int, problem: OSError) -> None:
        super().__init__(f"port {port}: {problem.strerror}; set {name} to another port")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; 1 when it could not start."""
    _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    try:
        settings = read_settings(os.environ)
        sockets = _listen(settings)
        with hold_directory(settings):
            asyncio.run(_run(settings, sockets))
    except (BadSettings, PortTaken, Locked, OSError) as problem:
        sys.stderr.write(f"sandbox: {problem}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog="python -m sandbox",
        description="The world outside the shop: payment provider, inventory systems, partner,"
        " analytics, CRM, audit archive, AI service, SMS and mail, with a journal and fault"
        " switches.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


_HELP = """\
environment:
  SANDBOX_HOST [127.0.0.1]  where to listen
  SANDBOX_NAME          one more name to answer to, besides loopback's
  SANDBOX_URL [http://127.0.0.1:SANDBOX_PORT]  where a customer's browser finds the bank's page
  SANDBOX_PORT [8001]   external services, journal, fault switches; open / in a browser
  MAIL_PORT [8025]      the inbox page, /api/messages
  SANDBOX_SMTP_PORT [1025]  where mail is taken
  DATA_DIR [.data]      everything is remembered in DATA_DIR/sandbox
  TIME_ZONE [UTC]       in which the pages show times
  SITE_URL              the shop, to which the pages lead
  SANDBOX_PROFILE [article]  article: the article's latencies; fast: one millisecond;
                        payment: one millisecond, but a card takes its 0.8 s
  SANDBOX_TOKEN         for PUT /faults/<service>; else made at start, see DATA_DIR/sandbox/token
  PAYMENT_SECRET_KEY [sk_test_halyard]  the only key the payment provider takes
  PAYMENT_WEBHOOK_URL, PAYMENT_WEBHOOK_SECRET  where payment events go, and how they are signed
  PARTNER_WEBHOOK_SECRET  whsec_...; without it the partner refuses everything
  SUPPLIER_WEBHOOK_URL  where suppliers tell of parcels, less /print-room/notices/
  PRINT_ROOM_WEBHOOK_SECRET, WAREHOUSE_WEBHOOK_SECRET  whsec_...; each signs its own notices
  Of a secret X, X_FILE may name a file that holds it.

break something:
  curl -X PUT -H "X-Sandbox-Token: $(cat .data/sandbox/token)" \\
       -d '{"mode": "503", "rate": 50, "seconds": 60}' http://127.0.0.1:8001/faults/warehouse
  services: payment print-room warehouse box-office partner analytics crm audit-archive ai sms mail
  modes: ok 503 500 400 410 slow hang reset lost-reply; of payment also
         refund-fails refund-pending refund-pending-fails refund-comes-back;
         of ai and sms 429 200-error garbage, of ai cut declines, of sms unknown-number no-credit
"""


def _listen(settings: Settings) -> list[socket.socket]:
    ports = {
        "SANDBOX_PORT": settings.port,
        "MAIL_PORT": settings.mail_port,
        "SANDBOX_SMTP_PORT": settings.smtp_port,
    }
    return [_bind(settings.host, name, port) for name, port in ports.items()]


def _bind(host: str, name: str, port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as problem:
        raise PortTaken(name, port, problem) from None
    return listener


async def _run(settings: Settings, sockets: list[socket.socket]) -> None:
    context = open_context(settings)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        async with AsyncExitStack() as stack:
            await _open(stack, context, sockets)
            log.info("sandbox ready on http://%s:%d/", settings.host, settings.port)
            await stop.wait()
    finally:
        context.store.close()


async def _open(stack: AsyncExitStack, context: Context, sockets: list[socket.socket]) -> None:
    world_socket, inbox_socket, smtp_socket = sockets
    mail_server = await open_mail_server(context, smtp_socket)
    stack.callback(mail_server.close)
    for app, listener in (
        (build_inbox(context), inbox_socket),
        (build_world(context), world_socket),
    ):
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_FINISH_SECONDS)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listener).start()
