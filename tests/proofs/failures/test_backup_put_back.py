"""A backup is put back: row numbers and order numbers come again, and no name of ours does.

Whoever honours a key drops what comes under one that it knows. So a name that stood for an order of
the lost days must never stand for one of the days after: neither at an external service, nor on a
ticket.
"""

import psycopg
from django.db import connection
from psycopg import sql

from deferral.models import Job
from orders.models import Order, PaymentAttempt
from reports.models import Ticket
from tests.rig.running_shop import EFFECTS, RunningShop
from tests.rig.servers import POSTGRES

ORDERS = 3


def test_no_name_stands_for_two_things(shop: RunningShop) -> None:
    days(shop)
    back_up(shop)
    lost, names_lost = days(shop)
    put_back(shop)
    later, names = days(shop)

    assert [order.number for order in later] == [order.number for order in lost]
    assert not names & names_lost
    twice = {effect: 2 * count for effect, count in EFFECTS.items()}
    assert [shop.accepted(order) for order in later] == [twice] * ORDERS
    assert [shop.repeats(order) for order in later] == [0] * ORDERS


def days(shop: RunningShop) -> tuple[list[Order], set[str]]:
    """Some orders, and all the names that were given because of them."""
    shop.relay()
    shop.worker()
    orders = [shop.order() for _ in range(ORDERS)]
    for order in orders:
        shop.settle(order)
    return orders, names_of(orders)


def names_of(orders: list[Order]) -> set[str]:
    """Keys of jobs and charges, the codes on tickets, what each order is called outside."""
    keys = Job.objects.filter(subject__in=[order.subject for order in orders])
    charges = PaymentAttempt.objects.filter(order__in=orders)
    codes = Ticket.objects.filter(line__order__in=orders)
    return {
        *keys.values_list("key", flat=True),
        *map(str, charges.values_list("key", flat=True)),
        *codes.values_list("code", flat=True),
        *(order.reference for order in orders),
    }


def back_up(shop: RunningShop) -> None:
    """A cold copy: nobody works meanwhile."""
    copy(shop, source=ours(), target=f"{ours()}_copy")


def put_back(shop: RunningShop) -> None:
    """The copy takes the place of what has happened since."""
    copy(shop, source=f"{ours()}_copy", target=ours())


def ours() -> str:
    return str(connection.settings_dict["NAME"])


def copy(shop: RunningShop, *, source: str, target: str) -> None:
    """All of one database, its sequences too, under the name of another."""
    shop.end()
    connection.close()
    names = {"source": sql.Identifier(source), "target": sql.Identifier(target)}
    with psycopg.connect(POSTGRES.url("postgres", "postgres"), autocommit=True) as root:
        root.execute(sql.SQL("DROP DATABASE IF EXISTS {target} (FORCE)").format(**names))
        root.execute(
            sql.SQL("CREATE DATABASE {target} TEMPLATE {source} OWNER halyard").format(**names)
        )
