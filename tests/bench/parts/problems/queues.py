"""A customer comes while the partner is slow and much is waiting for it."""

import time
from collections.abc import Iterator

from launcher.workers import Worker
from tests.baselines import one_queue
from tests.baselines.twins import paying_with
from tests.bench.parts.problems.counting import mails, until
from tests.bench.producer import pay, place_orders
from tests.bench.results import Row
from tests.bench.stage import Stage, staged
from tests.bench.systems import LEDGER
from tests.rig.stand_alone import Servers

NAME = "queues"
WHAT = "30 webhooks wait for a partner that takes 5 s; how long does the next customer wait?"
ORDERS = 30
PATIENCE = 120
# Children on both sides: what is compared is the queues. What threads bring is `waiting`'s.
IN_QUEUES = (
    Worker("critical", "critical,mail", 2),
    Worker("partners", "partners", 4),
    Worker("bulk", "analytics,bulk", 1),
)


def rows(servers: Servers) -> Iterator[Row]:
    """Seven processes on one queue, and the same seven in queues."""
    with staged(servers) as stage:
        stage.celery(Worker("everything", "critical", 7), "tests.baselines.one_queue")
        stage.ready()
        with paying_with(one_queue.app):
            yield {"problem": NAME, "way": "one queue, 7 processes", **wait(stage)}
    with staged(servers) as stage:
        stage.relay(**LEDGER.env)
        for worker in IN_QUEUES:
            stage.celery(worker, **LEDGER.env)
        stage.ready()
        yield {"problem": NAME, "way": f"{LEDGER.title}, 2 + 4 + 1 processes", **wait(stage)}


def wait(stage: Stage) -> Row:
    """The last customer's wait for the e-mail."""
    many, [last] = place_orders(ORDERS), place_orders(1)
    stage.sandbox.fault("partner", mode="slow")
    pay(many)
    pay([last])
    began = time.monotonic()
    until(lambda: mails(stage, [last]) == 1, patience=PATIENCE)
    took = time.monotonic() - began
    return {"orders": ORDERS + 1, "what else": f"its e-mail came after {took:.1f} s"}
