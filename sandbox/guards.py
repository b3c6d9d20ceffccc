"""What protects two pages on loopback from every other page in the same browser."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.context import CONTEXT

_NAMES = ("127.0.0.1", "localhost", "[::1]")
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-src 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: that would make the browser send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def only_own_names(request: web.Request, handler: _Next) -> web.StreamResponse:
    """Refuse a foreign Host: a name rebound to 127.0.0.1 could otherwise read the token."""
    names = (*_NAMES, request.app[CONTEXT].settings.name)
    name = request.host.rpartition(":")[0] if request.host[-1:].isdigit() else request.host
    if request.host not in names and name not in names:
        raise web.HTTPMisdirectedRequest(text="the sandbox answers to its own names only\n")
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the security headers that the handler has not set itself (a signal of aiohttp)."""
    if request.method in ("GET", "HEAD"):
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)


def same_origin(request: web.Request) -> bool:
    """Tell whether a form came from our own page; browsers send these headers, scripts need not."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", f"http://{request.host}")
    return site == "same-origin" and origin == f"http://{request.host}"
