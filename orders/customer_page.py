"""What apps contribute to the page on which a customer follows an order, and where that page is.

The page itself is the storefront's. A task shows on it as a step when its decorator gives it a
title (`step=`), and the app that the task belongs to says here in which words.
"""

from collections.abc import Callable
from dataclasses import dataclass

from deferral.models import Job
from deferral.slots import Slot
from orders.models import Order


def always(_job: Job) -> bool:
    """Every job of the task is the customer's business."""
    return True


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What a step says under its title. `who` was asked; `missing` is so when it is dead.

    `called_off` takes the place of `done`, and of what was made, when the order is cancelled or
    refunded. `button` leads to the document, where the step makes one. `{email}` is the customer's.
    `shown` picks the jobs that are the customer's business, where not all of them are.
    """

    doing: str = "In progress."
    done: str = ""
    who: str = ""
    missing: str = ""
    called_off: str = ""
    button: str = ""
    shown: Callable[[Job], bool] = always


PLAIN = Words()
# By the task's name.
STEP_WORDS: Slot[Words] = Slot("the words of the step")
# One part, the storefront's: where the customer sees an order.
ADDRESS: Slot[Callable[[Order], str]] = Slot("the address of")
CUSTOMERS = "customer"


def words_of(task: str) -> Words:
    """In which words the task shows. Plain ones where its app says none."""
    return STEP_WORDS.get(task, PLAIN)


def customers_address(order: Order) -> str:
    """The path of the page, without what opens it. Empty where no storefront is installed."""
    address = ADDRESS.get(CUSTOMERS)
    return address(order) if address else ""
