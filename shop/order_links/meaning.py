"""Which order a request means."""

from accounts.login_names import login_name_in
from orders.models import Order
from shop.models import OrderLink


def order_meant(link: OrderLink) -> Order | None:
    """The order of this number, where it is of this address today: staff may have corrected it."""
    order = Order.objects.filter(number=link.number).first()
    return order if order and login_name_in(order.email) == link.address else None
