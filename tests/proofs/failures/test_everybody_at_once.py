"""Many customers, or one who clicks many times: no seat is sold twice, no card charged twice."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

from django.db import connection

from orders.models import Order, PaymentAttempt
from shop.checkout import Checkout, check_out
from shop.errors import OutOfStock
from shop.models import Product
from tests.rig.running_shop import RunningShop, draft
from tests.rig.waiting import eventually

OUR_SESSIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def at_once(buy: Callable[[], Checkout], *, times: int) -> Counter[str]:
    """What came of so many customers who all press the button together."""

    def customer(_: int) -> str:
        try:
            return buy().outcome
        except OutOfStock:
            return "sold out"
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as crowd:
        return Counter(crowd.map(customer, range(times)))


def test_fifty_buyers_of_the_last_ten_seats_are_ten_charges(shop: RunningShop) -> None:
    wanted = draft(tickets=1, email="ada@example.org")
    Product.objects.filter(sku=wanted.lines[1].sku).update(available=10)

    def buy() -> Checkout:
        return check_out(draft=replace(wanted, checkout_key=uuid4()), method="pm_card_visa")

    outcomes = at_once(buy, times=50)

    assert outcomes == {"captured": 10, "sold out": 40}
    numbers = Order.objects.values_list("number", flat=True)
    charged = [shop.sandbox.entries("payment", number) for number in numbers]
    assert charged == [[("charge", 1, 0, 0)]] * 10


def test_eight_clicks_on_one_form_are_one_order_and_one_charge(shop: RunningShop) -> None:
    form = draft(tickets=1, email="ada@example.org")

    outcomes = at_once(lambda: check_out(draft=form, method="pm_card_visa"), times=8)

    assert outcomes == {"captured": 1, "repeated": 7}
    [order] = Order.objects.all()
    assert shop.sandbox.entries("payment", order.number) == [("charge", 1, 0, 0)]


def test_while_cards_are_charged_no_connection_is_held(shop: RunningShop) -> None:
    before = sessions()

    with ThreadPoolExecutor(1) as clock:
        crowd = clock.submit(at_once, slow_bank, times=8)
        eventually(lambda: being_charged() == 8)
        eventually(lambda: sessions() <= before, patience=2)
        assert not crowd.done()

    # Asked again in time, the bank has answered by then.
    assert crowd.result().keys() <= {"captured", "unknown"}


def slow_bank() -> Checkout:
    """A charge that takes longer than we wait (PAYMENT_TIMEOUT is 3 s in tests)."""
    return check_out(draft=draft(tickets=1, email="ada@example.org"), method="pm_sandbox_slowBank")


def being_charged() -> int:
    return PaymentAttempt.objects.exclude(provider_ref="").filter(state="requested").count()


def sessions() -> int:
    """How many other sessions this database has."""
    with connection.cursor() as cursor:
        cursor.execute(OUR_SESSIONS)
        return int(cursor.fetchone()[0])
