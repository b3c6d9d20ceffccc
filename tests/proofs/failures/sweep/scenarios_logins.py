"""Scenarios in which a mail lets somebody in for the first time, or shows a guest an order."""

import re

import requests

from accounts.models import LoginLink, Session, User
from deferral.models import Event, Job
from deferral.names import new_tag
from orders.models import Order
from shop.models import OrderLink
from tests.proofs.failures.sweep.browser import Browser
from tests.proofs.failures.sweep.scenarios import passes, passes_in_threads
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.running_shop import EFFECTS


@passes("let_in")
@passes_in_threads("login_mail_prepared")
def logged_in(shop: VisitedShop) -> Order:
    """The newest mail's code lets in, whoever died; there is one account, told of once."""
    address = f"{new_tag()}@sweep.example.org"
    shop.ready()
    visitor = Browser(shop.address)
    visitor.post("/login/", {"email": address})
    tag = LoginLink.objects.get(address=address).tag
    shop.until(Job.objects.filter(key=f"login_link:{tag}", state="done").exists)
    types(shop, visitor, newest_code(shop, address))
    user = User.objects.get(email=address)
    assert Session.objects.filter(user=user).count() == 1
    assert Event.objects.filter(type="accounts.user_registered", payload__tag=tag).count() == 1
    shop.until(Job.objects.filter(key=f"welcome:{tag}", state="done").exists)
    shop.until(Job.objects.filter(key=f"crm:user:{tag}", state="done").exists)
    return shop.whole(shop.order(), EFFECTS)


@passes_in_threads("order_mail_prepared")
def found_again(shop: VisitedShop) -> Order:
    """The newest mail's link shows the order, whoever died."""
    order, address = shop.whole(shop.order(), EFFECTS), f"{new_tag()}@sweep.example.org"
    Order.objects.filter(pk=order.pk).update(email=address)
    shop.ready()
    visitor = Browser(shop.address)
    visitor.post("/orders/find/", {"number": order.number, "email": address})
    tag = OrderLink.objects.get(address=address).tag
    shop.until(Job.objects.filter(key=f"order_link:{tag}", state="done").exists)
    shop.ready()
    answer = visitor.post(newest_link(shop, address), {})
    assert answer.headers["Location"] == f"/orders/{order.number}/"
    return order


def newest_text(shop: VisitedShop, address: str) -> str:
    """Of as many mails as came, the last one's."""
    newest = max(mail["id"] for mail in shop.sandbox.mails(address))
    return str(
        requests.get(f"{shop.sandbox.inbox}/api/messages/{newest}", timeout=15).json()["text"]
    )


def newest_link(shop: VisitedShop, address: str) -> str:
    """To an order."""
    return str(re.findall(r"/orders/found/[\w-]+/", newest_text(shop, address))[0])


def newest_code(shop: VisitedShop, address: str) -> str:
    """To log in."""
    return str(re.findall(r"\b\d{6}\b", newest_text(shop, address))[0])


def types(shop: VisitedShop, visitor: Browser, code: str) -> None:
    """The code, again where the other side goes away."""
    try:
        answer = visitor.post("/login/code/", {"code": code})
    except requests.ConnectionError:
        shop.ready()
        types(shop, visitor, code)
    else:
        assert answer.headers["Location"] == "/account/"
