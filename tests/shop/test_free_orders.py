"""What costs nothing is ordered without a card, and gets everything else."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from deferral.errors import NotAllowed
from deferral.models import Event
from notifications import messages
from orders import placing, services
from orders.admin.refunding import may_refund
from orders.errors import NotPayable
from orders.models import Order, PaymentAttempt
from orders.payments.provider import gateway
from orders.payments.reconciliation import comparing
from orders.payments.refunds.decisions import request_refund
from orders.selectors import order_by_id
from reports.receipts import receipt_of
from shop import stock
from shop.checkout import check_out
from shop.models import Product
from shop.progress import order_progress
from tests.rig.running_sandbox import Sandbox
from tests.shop.buying import a_draft, buy, fill_cart, form_values, in_cart, left_of, order_of

Shop = dict[str, Product]


@pytest.fixture
def free(open_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Product:
    """Seats that cost nothing, and a provider that is not there to be asked."""
    monkeypatch.setattr(gateway, "client", lambda: pytest.fail("the provider was asked"))
    Product.objects.filter(slug="lantern-walk").update(price_cents=0)
    Event.objects.all().delete()
    return Product.objects.get(slug="lantern-walk")


@pytest.fixture
def ordered(free: Product, customer: Client) -> Order:
    """Two of them, by a customer."""
    fill_cart(customer, lantern_walk=2)
    return order_of(buy(customer))


def test_nothing_to_pay_is_ordered_without_a_card(free: Product, customer: Client) -> None:
    fill_cart(customer, lantern_walk=2)
    page = customer.get("/checkout/").content.decode()
    assert "no card is asked for" in page
    assert "payment_method" not in page

    answer = buy(customer)
    customer.get(answer["Location"])

    order = order_of(answer)
    assert (order.state, order.total_cents, left_of(free)) == ("paid", 0, 238)
    assert order.paid_at
    assert [kept.state for kept in order.reservations.all()] == ["committed"]
    assert [event.type for event in Event.objects.all()] == ["orders.order_paid"]
    assert not PaymentAttempt.objects.exists()
    assert not in_cart(customer)


def test_the_form_sent_again_leads_to_the_same_order(free: Product, customer: Client) -> None:
    fill_cart(customer, lantern_walk=2)
    form = form_values(customer)
    first, second = (customer.post("/checkout/", form)["Location"] for _ in range(2))

    assert first == second
    assert (Order.objects.count(), Event.objects.count()) == (1, 1)


def test_of_eight_who_order_under_one_key_at_once_one_orders(free: Product) -> None:
    draft = a_draft(free)

    def order(_: int) -> str:
        try:
            return check_out(draft=draft, method="").outcome
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as browsers:
        assert sorted(browsers.map(order, range(8))) == ["free", *["repeated"] * 7]
    assert (left_of(free), Event.objects.count()) == (239, 1)


def test_a_death_before_the_commit_leaves_nothing(
    free: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is one commit: with it the order is whole, without it there is none."""
    draft = a_draft(free)
    with monkeypatch.context() as patch:
        patch.setattr(stock, "commit", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            check_out(draft=draft, method="")
    assert (Order.objects.count(), Event.objects.count(), left_of(free)) == (0, 0, 240)

    assert check_out(draft=draft, method="").outcome == "free"


def test_a_price_that_has_come_meanwhile_is_shown_before_anything_is_asked(
    free: Product, customer: Client
) -> None:
    fill_cart(customer, lantern_walk=1)
    form = form_values(customer)
    del form["payment_method"]
    Product.objects.update(price_cents=700)
    answer = customer.post("/checkout/", form)

    assert answer.status_code == 409
    assert "A price or your cart has changed" in answer.content.decode()
    assert 'name="payment_method"' in answer.content.decode()
    assert not Order.objects.exists()


def test_what_is_paid_is_never_taken_for_free(open_shop: Shop) -> None:
    draft = a_draft(open_shop["lantern-walk"])
    with pytest.raises(NotPayable), transaction.atomic():
        placing.place_free_order(draft=draft)
    order, _ = _placed(open_shop["lantern-walk"])
    with pytest.raises(NotAllowed):
        services.mark_free(order_id=order.pk)


def _placed(product: Product) -> tuple[Order, PaymentAttempt]:
    with transaction.atomic():
        return placing.place_order(draft=a_draft(product))


def test_its_page_says_that_nothing_was_to_be_paid(ordered: Order, customer: Client) -> None:
    page = customer.get(f"/orders/{ordered.number}/").content.decode()

    assert order_progress(ordered).steps[0].title == "Nothing to pay"
    assert "This order is free of charge." in page
    assert ">Paid<" not in page


def test_its_receipt_and_its_mail_say_so(ordered: Order) -> None:
    assert ordered.paid_at
    order = order_by_id(ordered.pk)
    receipt = receipt_of(order, list(order.lines.all()), paid_at=ordered.paid_at, card="Card")
    mail = messages.confirmation(order, documents=[], missing=[], key="free")

    assert ["Payment", "Free of charge"] in receipt["facts"]
    assert receipt["settled"].startswith("Free of charge: nothing was to be paid.")
    assert f"Your order {order.number} is free of charge and confirmed" in mail.text
    assert "Paid" not in mail.text + mail.html


def test_cancelling_it_moves_no_money(ordered: Order) -> None:
    services.cancel_order(order_id=ordered.pk, by="staff", reason="no wind")

    ordered.refresh_from_db()
    types = Event.objects.order_by("id").values_list("type", flat=True)
    assert (ordered.state, list(types)[1:]) == ("cancelled", ["orders.order_cancelled"])
    assert "€" not in messages.cancellation(order_by_id(ordered.pk), key="c").text
    page = Client().get(f"/orders/{ordered.number}/?token={ordered.link_token}").content.decode()
    assert "What you paid" not in page


def test_there_is_nothing_of_it_to_refund(ordered: Order) -> None:
    assert not may_refund(ordered)
    with pytest.raises(NotAllowed):
        request_refund(order_id=ordered.pk, by="staff", reason="asked for")


def test_the_books_agree_without_it(open_shop: Shop, bank: Sandbox) -> None:
    Product.objects.filter(slug="lantern-walk").update(price_cents=0)
    free = Product.objects.get(slug="lantern-walk")
    order = check_out(draft=a_draft(free), method="").order
    counts, findings = comparing.look_at(timezone.localdate())

    assert (counts["ours"], [one for one in findings if one.order == order.number]) == (0, [])
