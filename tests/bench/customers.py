"""Customers with sessions and CSRF tokens, who press *Pay* in a closed loop.

The cart is filled once, over the shop's own pages, and its cookie is given to every customer: what
is measured is the button. Each checkout has a form of its own, fetched before the clock starts,
with its own token and checkout key. Customers do not all press at the same instant: their first
clicks are spread over the time a payment takes. Redirects are not followed.
"""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import aiohttp

from tests.bench.crowds import Answer, Crowd

PROVIDER = 0.8  # seconds; the article's payment
HIDDEN = re.compile(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"')
ADDRESS = {
    "name": "Ada",
    "email": "ada@example.org",
    "address": "1 Quay",
    "postcode": "18119",
    "town": "Warnemünde",
    "country": "DE",
    "payment_method": "pm_card_visa",
}
WANTED = {"print": 1, "home": 1, "ticket": 2}


@dataclass(frozen=True)
class Ready:
    """A form to be sent, and the cookies that go with it."""

    fields: Mapping[str, str]
    cookies: Mapping[str, str]


class Shop:
    """The running shop, as browsers see it."""

    def __init__(self, address: str, *, page: str, skus: Mapping[str, str]) -> None:
        self.address, self.page, self.skus = address, page, skus

    def crowd(self, customers: int, *, each: int = 1) -> Crowd:
        """So many customers at the same time, each buying `each` times, one after the other."""
        return asyncio.run(self._crowd(customers, each))

    async def _crowd(self, customers: int, each: int) -> Crowd:
        connector = aiohttp.TCPConnector(limit=0)
        jar, patience = aiohttp.DummyCookieJar(), aiohttp.ClientTimeout(total=120)
        async with aiohttp.ClientSession(
            connector=connector, cookie_jar=jar, timeout=patience
        ) as line:
            cart = await self._fill(line)
            forms = [await self._form(line, cart) for _ in range(customers * each)]
            began = time.monotonic()
            visits = (
                self._visit(line, forms[at::customers], delay=PROVIDER * at / customers)
                for at in range(customers)
            )
            answers = [answer for visit in await asyncio.gather(*visits) for answer in visit]
        return Crowd(answers, time.monotonic() - began)

    async def _visit(
        self, line: aiohttp.ClientSession, forms: Sequence[Ready], *, delay: float
    ) -> list[Answer]:
        await asyncio.sleep(delay)
        return [await self._press(line, form) for form in forms]

    async def _press(self, line: aiohttp.ClientSession, form: Ready) -> Answer:
        began = time.monotonic()
        try:
            async with line.post(
                f"{self.address}/checkout/",
                data=form.fields,
                headers=cookie(form.cookies),
                allow_redirects=False,
            ) as answer:
                await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            return Answer(0, time.monotonic() - began, mishap=type(error).__name__)
        order = answer.headers.get("Location", "").rstrip("/").rpartition("/")[2]
        timing = answer.headers.get("Server-Timing", "")
        return Answer(answer.status, time.monotonic() - began, order, timing)

    async def _fill(self, line: aiohttp.ClientSession) -> dict[str, str]:
        """A cart with something for each supplier: the cookies that hold it."""
        cookies: dict[str, str] = {}
        fields = await self._open(line, self.page, cookies)
        for category, quantity in WANTED.items():
            item = fields | {"sku": self.skus[category], "quantity": str(quantity)}
            async with line.post(
                f"{self.address}/cart/add/",
                data=item,
                headers=cookie(cookies),
                allow_redirects=False,
            ) as answer:
                answer.raise_for_status()
                cookies |= {name: morsel.value for name, morsel in answer.cookies.items()}
        return cookies

    async def _form(self, line: aiohttp.ClientSession, cart: Mapping[str, str]) -> Ready:
        cookies = dict(cart)
        hidden = await self._open(line, "/checkout/", cookies)
        wanted = ("csrfmiddlewaretoken", "checkout_key", "expected_total")
        return Ready({name: hidden[name] for name in wanted} | ADDRESS, cookies)

    async def _open(
        self, line: aiohttp.ClientSession, path: str, cookies: dict[str, str]
    ) -> dict[str, str]:
        """A page's hidden values; its cookies are kept."""
        async with line.get(self.address + path, headers=cookie(cookies)) as answer:
            answer.raise_for_status()
            cookies |= {name: morsel.value for name, morsel in answer.cookies.items()}
            return dict(HIDDEN.findall(await answer.text()))


def cookie(values: Mapping[str, str]) -> dict[str, str]:
    """The header a browser would send. By hand: one connection serves many sessions."""
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in values.items())}
