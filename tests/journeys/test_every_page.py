"""No page breaks a rule of accessibility, scrolls sideways on a phone, or fails in silence."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.journeys.album import Album
from tests.journeys.inspection import Inspection
from tests.journeys.people import Customer, Staff
from tests.rig.depth import thorough
from tests.rig.running_sandbox import Sandbox
from tests.rig.surroundings import ROOT

# Forty-odd pages, each from four sides: longer than any other test.
pytestmark = [pytest.mark.xdist_group("journeys"), pytest.mark.timeout(300)]
WINDOW = {
    "front": "/",
    "category": "/?category=ticket",
    "search": "/search/?q=harbour",
    "search-corrected": "/search/?q=lantren+mugg&category=home&cheapest=x&in_stock=on",
    "search-empty": "/search/?q=submarine",
    "search-nothing": "/search/",
    "product": "/products/slow-swell/",
    "product-reviews": "/products/slow-swell/reviews/",
    "product-scarce": "/products/knot-workshop/",
    "product-sold-out": "/products/smokehouse-supper/",
    "cart-empty": "/cart/",
    "orders-empty": "/orders/",
    "newsletter": "/newsletter/",
    "contact": "/contact/",
    "not-found": "/nowhere/",
    "ticket-unknown": "/tickets/0000-0000-0000/",
    "login": "/admin/login/",
    "login-by-mail": "/login/",
    "login-code": "/login/code/",
    "login-elsewhere": "/login/link/nobody/",
    "order-find": "/orders/find/",
    "order-mailed": "/orders/find/mailed/",
    "deletion-asked": "/account/delete/asked/",
    "order-link-over": "/orders/found/nobody/",
}
ADMIN = {
    "orders": "/admin/orders/order/",
    "dead-letters": "/admin/deferral/job/dead-letters/",
    "jobs": "/admin/deferral/job/",
    "events": "/admin/deferral/event/",
    "queues": "/admin/deferral/queue/",
    "world": "/admin/deferral/breaker/",
    "service": "/admin/deferral/breaker/partner/change/",
    "service-held": "/admin/deferral/breaker/partner/hold/open/",
    "workers": "/admin/deferral/worker/",
    "time-per-task": "/admin/deferral/job/time-per-task/",
    "books": "/admin/orders/reconciliation/",
    "endpoints": "/admin/webhooks/endpoint/",
    "endpoint-new": "/admin/webhooks/endpoint/add/",
    "deliveries": "/admin/webhooks/delivery/",
    "campaigns": "/admin/notifications/campaign/",
    "recipients": "/admin/notifications/recipient/",
    "subscriptions": "/admin/notifications/subscription/",
    "suppressions": "/admin/notifications/suppression/",
    "products": "/admin/shop/product/",
    "documents": "/admin/reports/document/",
    "tickets": "/admin/reports/ticket/",
    "reviews": "/admin/reviews/review/",
    "messages": "/admin/contact/message/",
    "sms": "/admin/notifications/sentsms/",
    "audit": "/admin/audit/auditentry/",
    "users": "/admin/accounts/user/",
    "user-new": "/admin/accounts/user/add/",
    "schedules": "/admin/django_celery_beat/periodictask/",
    "results": "/admin/django_celery_results/taskresult/",
}


@thorough
def test_every_page_of_the_shop_window(customer: Customer, album: Album) -> None:
    inspection = Inspection(customer.page, album)
    for station, address in WINDOW.items():
        customer.page.goto(address)
        inspection.look(station)
    show_500(customer.page)
    inspection.look("broken")

    assert not inspection.complaints, "\n".join(inspection.complaints)


def test_every_page_on_the_way_to_an_order(
    customer: Customer, sandbox: Sandbox, album: Album
) -> None:
    inspection = Inspection(customer.page, album)
    sandbox.fault("print-room", mode="410")
    for station in way_to_an_order(customer):
        inspection.look(station)

    assert not inspection.complaints, "\n".join(inspection.complaints)


@thorough
def test_every_page_of_the_admin(
    customer: Customer, staff: Staff, sandbox: Sandbox, album: Album
) -> None:
    inspection = Inspection(staff.page, album)
    sandbox.fault("print-room", mode="410")
    customer.takes_a_mixed_basket()
    number = customer.buys()
    customer.sees("print-room", "dead")
    for station in pages_of_the_admin(staff, number):
        inspection.look(station)

    assert not inspection.complaints, "\n".join(inspection.complaints)


def way_to_an_order(customer: Customer) -> Iterator[str]:
    """The cart, the form, what is wrong with it, the order."""
    page = customer.page
    customer.takes_a_mixed_basket()
    yield "cart"
    customer.goes_to_the_checkout()
    yield "checkout"
    page.get_by_label("Name", exact=True).fill(" ")
    customer.pays_with("Visa that works")
    yield "checkout-marked"
    page.get_by_label("Name", exact=True).fill("Ada")
    customer.pays_with("A card that is declined")
    yield "checkout-declined"
    customer.pays_with("Visa that works")
    customer.sees("print-room", "dead")
    yield "order"
    page.goto("/orders/")
    yield "orders"


def pages_of_the_admin(staff: Staff, number: str) -> Iterator[str]:
    """The login, the lists, and one page of each kind."""
    page = staff.page
    page.goto("/admin/")
    yield "login"
    staff.signs_in()
    yield "index"
    for station, address in ADMIN.items():
        page.goto(address)
        yield station
    staff.opens_order(number)
    yield "order"
    page.get_by_role("link", name="Cancel").first.click()
    yield "cancel"
    staff.opens_job(number, "reserve_print_room:")
    yield "job"
    page.get_by_role("button", name="Replay").click()
    yield "replay"
    page.goto(ADMIN["endpoints"])
    page.get_by_role("link", name="partner", exact=True).click()
    yield "endpoint"
    page.get_by_role("link", name="Rotate secret").click()
    yield "endpoint-rotate"
    page.go_back()
    page.get_by_role("link", name="Recover").click()
    page.get_by_label("Reason").fill("To see how much it would be.")
    page.get_by_role("button", name="Count").click()
    yield "endpoint-recover"
    page.goto(ADMIN["deliveries"])
    page.locator("#result_list .field-at a").first.click()
    yield "delivery"
    page.goto(ADMIN["products"])
    page.get_by_role("link", name="Lantern Walk").click()
    page.get_by_role("link", name="Restock").click()
    yield "restock"


def show_500(page: Page) -> None:
    """It is a file, sent as it is when everything else is broken."""
    sent = (ROOT / "shop" / "templates" / "500.html").read_text()
    page.route("**/broken/", lambda route: route.fulfill(status=500, body=sent))
    page.goto("/broken/")
