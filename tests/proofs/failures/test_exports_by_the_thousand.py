"""Everybody wants an export at once: each is made once, and no confirmation waits for them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain, combinations, islice
from typing import Any

import pytest
from django.db import connection

from deferral.models import Event, Job
from orders.models import Order
from reports.exports.catalogue import DATASETS
from reports.models import Export
from tests.proofs.failures.disturbed_exports import files_of, is_what_it_says
from tests.reports.exports.exporting import ask, orders, somebody, table, whole
from tests.rig.depth import THOROUGH, thorough
from tests.rig.running_shop import EFFECTS, RunningShop
from tests.rig.waiting import eventually

pytestmark = pytest.mark.timeout(1_800)
ASKED, DISTINCT = (10_000, 2_500) if THOROUGH else (400, 200)
PEOPLE = 4
TASK = "reports.write_export"
COLUMNS = [column.name for column in DATASETS["orders"].columns]
CHOICES = chain.from_iterable(combinations(COLUMNS, number) for number in range(2, 8))


def wanted() -> list[tuple[str, ...]]:
    """The columns of each request, the doubles one after the other."""
    distinct = islice(CHOICES, DISTINCT)
    return [columns for columns in distinct for _ in range(ASKED // DISTINCT)]


def ask_as(clerk: Any, columns: Sequence[str]) -> int:
    """As a thread of the web does."""
    try:
        return ask(clerk, columns=list(columns)).pk
    finally:
        connection.close()


def is_left() -> bool:
    """Whether anybody still waits for an export."""
    return Export.objects.filter(ready_at=None).exists()


@thorough
def test_each_is_made_once_and_confirmations_go_out_meanwhile(shop: RunningShop) -> None:
    orders(3)
    clerk = somebody("orders.view_order")
    shop.relay()
    shop.crew()
    shop.ready()
    with ThreadPoolExecutor(PEOPLE) as people:
        asked = people.map(partial(ask_as, clerk), wanted())
        bought = [shop.order() for _ in range(5)]
        assert len(set(asked)) == Export.objects.count() == DISTINCT
    for order in bought:
        shop.settle(order)
    assert [shop.accepted(order) for order in bought] == [EFFECTS] * len(bought)
    assert is_left()  # all five were mailed before the last export

    eventually(lambda: not is_left(), patience=1_500, show=shop.logs)
    assert Event.objects.filter(type="reports.export_ready").count() == DISTINCT
    assert {*Job.objects.filter(task=TASK).values_list("state", "attempts")} == {("done", 1)}
    assert all(map(is_right, Export.objects.all()))


def is_right(export: Export) -> bool:
    """One file, with the orders that were there when it was asked for."""
    there = Order.objects.filter(pk__lte=export.last_id).count()
    [path] = files_of(export)
    return is_what_it_says(path) and len(table(whole(export))) == 1 + there == 1 + (
        export.rows or 0
    )
