"""Puts the three services together."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from aiohttp import web

from sandbox import (
    ai,
    first_page,
    formatting,
    inquiries,
    journal_page,
    partner,
    receivers,
    sms,
    switches,
)
from sandbox.context import CONTEXT, Context
from sandbox.faults import drop_lines
from sandbox.guards import add_headers, only_own_names
from sandbox.mail import inbox
from sandbox.mail.mailbox import Mailbox
from sandbox.mail.smtp import MailServer, make_protocol
from sandbox.payment import bank_page
from sandbox.payment import routes as payment
from sandbox.payment.counter import Counter
from sandbox.payment.idempotency import Replays
from sandbox.payment.notices import Notifier
from sandbox.payment.objects import PaymentObjects
from sandbox.payment.turns import Turns, turning_seconds
from sandbox.shipping.teller import Teller


def build_world(context: Context) -> web.Application:
    """The external services, their journal, their switches, the page."""
    notifier = Notifier(context.store, context.settings)
    settings = context.settings
    objects = PaymentObjects(
        context.store, tells=bool(settings.payment_webhook_url), site=settings.url
    )
    turns = Turns(objects, context.journal, notifier, turning_seconds(settings))
    counter = Counter(context, objects, Replays(context.store), notifier, turns)
    app = _application(context)
    app.middlewares.append(drop_lines)
    app.cleanup_ctx.extend([_running(notifier), _running(turns), _running(context.teller)])
    app.add_routes([*receivers.routes(), *partner.routes(), *payment.routes(counter)])
    app.add_routes(inquiries.routes())
    app.add_routes(bank_page.routes(counter))
    app.add_routes([*ai.routes(), *sms.routes()])
    app.add_routes([*journal_page.routes(), *switches.routes(), *first_page.routes()])
    return app


def build_inbox(context: Context) -> web.Application:
    """The page that shows what was mailed."""
    app = _application(context)
    app[inbox.MAILBOX] = Mailbox(context.store, context.journal)
    app.add_routes(inbox.routes())
    return app


async def open_mail_server(context: Context, listener: socket.socket) -> asyncio.Server:
    """Take mail on a bound socket."""
    mail_server = MailServer(context)
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: make_protocol(mail_server), sock=listener)


def _application(context: Context) -> web.Application:
    app = web.Application(middlewares=[only_own_names])
    app[CONTEXT] = context
    app.on_response_prepare.append(add_headers)
    app.add_routes(formatting.assets())
    return app


def _running(worker: Notifier | Turns | Teller) -> Callable[[web.Application], AsyncIterator[None]]:
    async def context(_app: web.Application) -> AsyncIterator[None]:
        work = asyncio.create_task(worker.run())
        yield
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    return context
