"""Orders paid in the whole shop, and what was seen of it from every side."""

from collections.abc import Callable
from functools import partial

from tests.bench import truth
from tests.bench.parts.waiting.phases import Paid
from tests.bench.parts.waiting.whole_shop import WholeShop
from tests.bench.producer import Placed, paid_at, pay, place_orders
from tests.bench.runs import measured, settle
from tests.bench.stage import ask
from tests.bench.watching import watching
from tests.rig.journals import repeats

# The shop's sessions: those of this program have its own name (config.process).
BACKENDS = """
SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'
   AND application_name <> current_setting('application_name')
"""
BACKENDS_EVERY, MEMORY_EVERY = 0.5, 3.0  # seconds
LATEST = "SELECT coalesce(max(id), 0) FROM deferral_job"
Work = Callable[[list[Placed]], None]


def paid(shop: WholeShop, orders: int, work: Work) -> Paid:
    """Let `work` pay so many orders. Differs when an effect is missing or doubled."""
    placed, before = place_orders(orders), ask(LATEST)
    with (
        watching(partial(ask, BACKENDS), every=BACKENDS_EVERY) as sessions,
        watching(shop.megabytes, every=MEMORY_EVERY) as memory,
    ):
        run = measured(shop.stage, shop.roles, placed, work)
    found, moments = shop.stage.journals(), paid_at(placed)
    first = min(moments.values())
    return Paid(
        run=run,
        arrivals={
            service: [at - first for at in truth.moments(found, moments, service).values()]
            for service, _ in truth.OWED
        },
        repeats=repeats(found, moments),
        jobs=(before, ask(LATEST)),
        backends=int(sessions.most),
        megabytes=memory.most,
    )


def paying(shop: WholeShop, per_second: float = 0) -> Work:
    """Pay at this pace, 0 for as fast as it goes, and wait for every effect."""

    def work(placed: list[Placed]) -> None:
        pay(placed, per_second=per_second)
        settle(shop.stage, [order.number for order in placed])

    return work
