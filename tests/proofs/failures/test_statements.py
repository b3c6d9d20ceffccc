"""A month's statements while workers are killed: everybody's once, and the bookkeeper knows."""

from functools import partial

import pytest
from django.db import connection

from deferral.models import Job
from launcher.servers.process import kill_group
from launcher.workers import Worker
from notifications.models import SentMail
from reports.models import StatementFile, StatementRun
from reports.statements.asking import ask_for_month
from reports.statements.months import beginning_of, month_named
from tests.reports.months import bought
from tests.rig.depth import THOROUGH, thorough
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually

MONTH = month_named("2026-05")
# More than one chunk.
CUSTOMERS = 10_000 if THOROUGH else 1_100
PATIENCE = 900
WORKERS = (Worker("children", "bulk", 2), Worker("mails", "mail", 2))

COPIES = """
WITH copies AS (
    INSERT INTO orders_order
    SELECT copy.* FROM orders_order model, generate_series(1, %(more)s) AS n, LATERAL
        jsonb_populate_record(model, jsonb_build_object(
            'id', nextval(pg_get_serial_sequence('orders_order', 'id')), 'number', 'M-' || n,
            'checkout_key', gen_random_uuid(), 'email', 'Customer' || n || '@example.org')) AS copy
    WHERE model.id = %(order)s RETURNING id
)
INSERT INTO orders_paymentattempt
SELECT copy.* FROM orders_paymentattempt model, copies, LATERAL
    jsonb_populate_record(model, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('orders_paymentattempt', 'id')),
        'order_id', copies.id, 'key', gen_random_uuid())) AS copy
WHERE model.order_id = %(order)s
"""


def many_customers() -> None:
    order = bought(beginning_of(MONTH), "first@example.org")
    with connection.cursor() as cursor:
        cursor.execute(COPIES, {"more": CUSTOMERS - 1, "order": order.pk})


def written() -> int:
    return StatementFile.objects.exclude(statement=None).count()


def is_further_than(count: int) -> bool:
    return written() > count


@thorough
@pytest.mark.timeout(2 * PATIENCE)
def test_workers_are_killed_and_each_customer_has_one_statement(shop: RunningShop) -> None:
    many_customers()
    shop.relay()
    dying = shop.crash_at("parts_written")
    for worker in WORKERS:
        shop.celery(worker, **dying)
    shop.ready()
    run = ask_for_month(MONTH, by="eva")
    eventually(lambda: shop.crashes() == 1, patience=PATIENCE, show=shop.logs)
    assert not StatementFile.objects.exists()

    for _ in range(2):
        eventually(
            partial(is_further_than, written() + CUSTOMERS // 10),
            patience=PATIENCE,
            show=shop.logs,
        )
        kill_group(shop.named("children"))
        shop.named("children").wait()
        assert ask_for_month(MONTH, by="bob") == run
        shop.start_again()

    key = f"statements_made:{run.name}:{run.tag}"
    eventually(SentMail.objects.filter(key=key).exists, patience=PATIENCE, show=shop.logs)
    run = StatementRun.objects.get()
    assert SentMail.objects.get().subject == f"Statements of May 2026: {CUSTOMERS:,} made"
    assert (run.statements.count(), written()) == (CUSTOMERS, CUSTOMERS)
    assert run.totals is not None
    assert run.totals["sums"]["eur"]["payment"] == [CUSTOMERS, CUSTOMERS * 7_350]
    assert not Job.objects.exclude(state="done").exclude(queue="background").exists()
