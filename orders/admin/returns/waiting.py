"""Returns that wait for somebody of us, on the admin's first page."""

from collections.abc import Iterator

from django.urls import reverse

from deferral.first_page import Card, Panel, on_first_page
from orders.models import Refund, Return
from orders.selectors import in_force

State = Return.State
SHOWN = 5
HELD_UP = "{count} return{s} arrived, and the money has not gone back: decide on the return's page."


@on_first_page("orders.change_return")
def waiting() -> Iterator[Panel]:
    """Four queries, of open returns alone. Nothing while there are none."""
    asked, approved, held_up = _count(State.ASKED), _count(State.APPROVED), _held_up()
    if asked or approved or held_up:
        oldest = Return.objects.filter(state=State.ASKED).select_related("order").order_by("id")
        yield Panel(
            title="Returns",
            template="admin/orders/panels/returns.html",
            context={"oldest": list(oldest[:SHOWN]), "asked": asked, "approved": approved},
            cards=tuple(_cards(asked, approved)),
            warnings=(HELD_UP.format(count=held_up, s=" has" if held_up == 1 else "s have"),)
            if held_up
            else (),
            place=43,
        )


def _cards(asked: int, approved: int) -> Iterator[Card]:
    address = reverse("admin:orders_return_changelist")
    if asked:
        yield Card(
            label="Returns to decide about",
            value=f"{asked:,}",
            note="customers wait for an answer",
            address=f"{address}?state__exact=asked",
            tone="wait",
        )
    if approved:
        yield Card(
            label="Returns on their way",
            value=f"{approved:,}",
            note="approved, not here yet",
            address=f"{address}?state__exact=approved",
        )


def _count(state: str) -> int:
    return Return.objects.filter(state=state).count()


def _held_up() -> int:
    """Arrived, and nothing under way of the money."""
    moving = in_force(Refund.objects.filter(of_return__state=State.ARRIVED))
    here = Return.objects.filter(state=State.ARRIVED)
    return here.exclude(pk__in=[one.of_return_id for one in moving]).count()
