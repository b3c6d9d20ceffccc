"""Puts the three services together."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from aiohttp import web

from sandbox import first_page, formatting, journal_page, partner, receivers, switches
from sandbox.context import SCENE, Scene
from sandbox.fault_injection import drop_lines
from sandbox.guards import add_headers, only_own_names
from sandbox.mail import inbox
from sandbox.mail.mailbox import Mailbox
from sandbox.mail.smtp import Postbox, make_protocol
from sandbox.payment import bank_page
from sandbox.payment import routes as payment
from sandbox.payment.counter import Desk
from sandbox.payment.idempotency import Replays
from sandbox.payment.notices import Postman
from sandbox.payment.objects import Till
from sandbox.payment.turns import Turns, turning_seconds


def build_world(scene: Scene) -> web.Application:
    """The strangers, their ledger, their switches, the page."""
    postman = Postman(scene.store, scene.settings)
    settings = scene.settings
    till = Till(scene.store, tells=bool(settings.payment_webhook_url), site=settings.url)
    turns = Turns(till, scene.book, postman, turning_seconds(settings))
    desk = Desk(scene, till, Replays(scene.store), postman, turns)
    app = _application(scene)
    app.middlewares.append(drop_lines)
    app.cleanup_ctx.extend([_running(postman), _running(turns)])
    app.add_routes([*receivers.routes(), *partner.routes(), *payment.routes(desk)])
    app.add_routes(bank_page.routes(desk))
    app.add_routes([*journal_page.routes(), *switches.routes(), *first_page.routes()])
    return app


def build_inbox(scene: Scene) -> web.Application:
    """The page that shows what was mailed."""
    app = _application(scene)
    app[inbox.MAILBOX] = Mailbox(scene.store, scene.book)
    app.add_routes(inbox.routes())
    return app


async def open_post_office(scene: Scene, listener: socket.socket) -> asyncio.Server:
    """Take mail on a bound socket."""
    postbox = Postbox(scene)
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: make_protocol(postbox), sock=listener)


def _application(scene: Scene) -> web.Application:
    app = web.Application(middlewares=[only_own_names])
    app[SCENE] = scene
    app.on_response_prepare.append(add_headers)
    app.add_routes(formatting.assets())
    return app


def _running(worker: Postman | Turns) -> Callable[[web.Application], AsyncIterator[None]]:
    async def context(_app: web.Application) -> AsyncIterator[None]:
        work = asyncio.create_task(worker.run())
        yield
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    return context
