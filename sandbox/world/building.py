"""Puts the three services together."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from aiohttp import web

from sandbox.world import front, ledger, markup, partner, receivers, switches
from sandbox.world.gate import drop_lines
from sandbox.world.guards import add_headers, only_own_names
from sandbox.world.mail import inbox
from sandbox.world.mail.mailbox import Mailbox
from sandbox.world.mail.smtp import Postbox, make_protocol
from sandbox.world.payment import bank_page
from sandbox.world.payment import routes as payment
from sandbox.world.payment.desk import Desk
from sandbox.world.payment.idempotency import Replays
from sandbox.world.payment.postman import Postman
from sandbox.world.payment.till import Till
from sandbox.world.payment.turns import Turns, turning_seconds
from sandbox.world.scene import SCENE, Scene


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
    app.add_routes([*ledger.routes(), *switches.routes(), *front.routes()])
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
    app.add_routes(markup.assets())
    return app


def _running(worker: Postman | Turns) -> Callable[[web.Application], AsyncIterator[None]]:
    async def context(_app: web.Application) -> AsyncIterator[None]:
        work = asyncio.create_task(worker.run())
        yield
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    return context
