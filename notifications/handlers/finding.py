"""Who looks for an order gets a mail."""

from collections.abc import Iterator

from deferral.handlers import Work, handles, job
from notifications.tasks import finding as tasks
from shop.events import OrderLinkRequested
from shop.models import OrderLink


@handles(OrderLinkRequested)
def mail_order_link(fact: OrderLinkRequested) -> Iterator[Work]:
    """Whether there is such an order: the worker looks. Not for what is asked too often."""
    for link in OrderLink.objects.filter(pk=fact.link_id, limited=False):
        yield job(tasks.send_order_link, key=f"order_link:{link.tag}", link_id=link.pk)
