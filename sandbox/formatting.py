"""The frame of our own pages. Whatever comes from outside goes through `e`."""

from datetime import datetime
from html import escape as e
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox.receiving import Handler
from sandbox.settings import Settings

_ASSETS = Path(__file__).parent / "assets"
_PAGE = Template((_ASSETS / "page.html").read_text(encoding="utf-8"))

# A time with its date, for `clock`.
WHOLE = "%Y-%m-%d %H:%M:%S %Z"

__all__ = ["WHOLE", "assets", "clock", "e", "page", "ways"]


def page(title: str, body: str, *, status: int = 200) -> web.Response:
    """Answer with a page; `body` is markup."""
    text = _PAGE.substitute(title=e(title), body=body)
    return web.Response(text=text, content_type="text/html", status=status)


def ways(settings: Settings) -> str:
    """Links between the shop and the world outside, on every page of ours."""
    found = {
        "Shop": f"{settings.shop}/" if settings.shop else "",
        "Admin": f"{settings.shop}/admin/" if settings.shop else "",
        "Sandbox": f"http://127.0.0.1:{settings.port}/",
        "Inbox": f"http://127.0.0.1:{settings.mail_port}/",
    }
    links = (f'<a href="{e(address)}">{name}</a>' for name, address in found.items() if address)
    return f'<nav class="ways" aria-label="Halyard">{" ".join(links)}</nav>'


def assets() -> list[web.RouteDef]:
    """The style sheet and the icon."""
    return [
        web.get("/style.css", _file("style.css", "text/css")),
        web.get("/favicon.svg", _file("favicon.svg", "image/svg+xml")),
    ]


def clock(at: str, zone: ZoneInfo, form: str = "%H:%M:%S %Z") -> str:
    """Show an ISO time in this zone, as time of day or in another form; all of it on hover."""
    there = datetime.fromisoformat(at).astimezone(zone)
    return f'<time datetime="{e(at)}" title="{there:{WHOLE}}">{there:{form}}</time>'


def _file(name: str, kind: str) -> Handler:
    text = (_ASSETS / name).read_text(encoding="utf-8")

    async def serve(_request: web.Request) -> web.Response:
        return web.Response(text=text, content_type=kind)

    return serve
