"""Scenarios of an account's end, and of the copy of what is kept of its owner."""

from datetime import timedelta

import requests
from django.db.models import F
from django.db.models.functions import Now

from accounts.deletion.asking import ask_for_deletion
from accounts.models import AccountDeletion, User
from deferral.models import Job
from deferral.names import new_tag
from orders.models import Order
from orders.personal import NAMELESS
from reports.models import DataExport
from shop.fresh_login import PROVEN_AT
from tests.proofs.failures.sweep.browser import Browser
from tests.proofs.failures.sweep.scenarios import passes
from tests.proofs.failures.sweep.scenarios_logins import newest_code
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.running_shop import EFFECTS

LONG_AGO = timedelta(days=60)


def a_customer(shop: VisitedShop) -> tuple[Order, str, Browser]:
    """With one order, all of which is done, logged in."""
    order, address = shop.whole(shop.order(), EFFECTS), f"{new_tag()}@sweep.example.org"
    Order.objects.filter(pk=order.pk).update(
        email=address, created_at=F("created_at") - LONG_AGO, paid_at=F("paid_at") - LONG_AGO
    )
    shop.ready()
    visitor = Browser(shop.address)
    visitor.post("/login/", {"email": address})
    shop.until(lambda: bool(shop.sandbox.mails(address)))
    visitor.post("/login/code/", {"code": newest_code(shop, address)})
    assert PROVEN_AT
    return order, address, visitor


def presses(shop: VisitedShop, visitor: Browser, path: str, form: dict[str, str]) -> None:
    """Again where the other side goes away."""
    try:
        visitor.post(path, form)
    except requests.ConnectionError:
        shop.ready()
        presses(shop, visitor, path, form)


@passes("my_data_asked", "my_data_packed")
def read_about_themselves(shop: VisitedShop) -> Order:
    """One copy, whoever died."""
    order, address, visitor = a_customer(shop)
    presses(shop, visitor, "/account/data/", {})
    mine = DataExport.objects.filter(user__email=address)
    shop.until(mine.filter(ready_at__isnull=False).exists)
    assert mine.count() == 1
    assert visitor.get("/account/data/file/").content.startswith(b"PK")
    return order


@passes("deletion_asked")
def asked_to_be_deleted(shop: VisitedShop) -> Order:
    """The row and the end of all sessions, or neither."""
    order, address, visitor = a_customer(shop)
    presses(shop, visitor, "/account/delete/", {"email": address})
    shop.until(AccountDeletion.objects.filter(address=address, state="asked").exists)
    assert visitor.get("/account/").url.endswith("/login/")
    return order


@passes("account_closed", "part_erased")
def deleted(shop: VisitedShop) -> Order:
    """All of it, whoever died; and the order stays, as nobody's."""
    order, address, _ = a_customer(shop)
    deletion = ask_for_deletion(user_id=User.objects.get(email=address).pk)
    AccountDeletion.objects.filter(pk=deletion.pk).update(due_at=Now())
    shop.until(Job.objects.filter(key=deletion.key).exists)
    Job.objects.filter(key=deletion.key).update(next_at=Now())
    shop.until(AccountDeletion.objects.filter(pk=deletion.pk, state="done").exists)
    order.refresh_from_db()
    assert order.name == NAMELESS
    assert not User.objects.filter(email=address).exists()
    return order
