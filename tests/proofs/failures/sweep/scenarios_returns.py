"""A scenario in which somebody sends a thing back, and staff count the parcel."""

import uuid
from typing import Any

import requests

from deferral.models import Job
from orders.models import Order, Refund, Return
from orders.returns.deciding import approve_return
from shop.models import Product
from tests.deferral.staff import sitting
from tests.proofs.failures.sweep.browser import Browser
from tests.proofs.failures.sweep.scenarios import passes
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.running_shop import EFFECTS


@passes("return_asked", "return_arrived")
def sent_back(shop: VisitedShop) -> Order:
    """Each button is pressed again where the other side goes away: one return, paid for once, and
    the print is there to be sold again.
    """
    order = shop.whole(shop.order(), EFFECTS)
    line = order.lines.get(kind="print")
    before = Product.objects.get(sku=line.sku).available
    presses(
        shop,
        Browser(shop.address),
        f"/orders/{order.number}/returns/?token={order.link_token}",
        {"key": str(uuid.uuid4()), "reason": "changed_mind", f"line_{line.pk}": 1},
    )
    found = Return.objects.get(order=order)
    approve_return(return_id=found.pk, by="harbour", reason="")
    one = found.lines.get().pk
    address = f"/admin/orders/return/{found.pk}/decide/arrived/"
    presses(shop, a_colleague(shop), address, {f"arrived_{one}": 1, f"again_{one}": 1})
    refund = Refund.objects.get(of_return=found)
    shop.until(Return.objects.filter(pk=found.pk, state="refunded").exists)
    shop.until(Job.objects.filter(key=f"take_back:{refund.name}", state="done").exists)
    shop.settle(order)
    now = Product.objects.get(sku=line.sku).available
    assert now == (before + 1 if before is not None else None)
    assert shop.accepted(order)["payment", f"refund of {refund.amount_cents} cents"] == 1
    return order


def a_colleague(shop: VisitedShop) -> Browser:
    """Somebody of the staff, logged in."""
    browser = Browser(shop.address)
    session = sitting(superuser=True).cookies["sessionid"].value
    browser.session.cookies.set("sessionid", session)
    return browser


def presses(shop: VisitedShop, browser: Browser, path: str, form: dict[str, Any]) -> None:
    """Send the form, again where the other side goes away."""
    shop.ready()
    try:
        browser.post(path, form).raise_for_status()
    except requests.ConnectionError:
        presses(shop, browser, path, form)
