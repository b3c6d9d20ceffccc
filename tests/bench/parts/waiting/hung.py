"""One external service hangs while orders are paid: what does it cost the others?"""

from functools import partial

from tests.bench import truth
from tests.bench.parts.waiting.paying import Work
from tests.bench.parts.waiting.whole_shop import WholeShop
from tests.bench.producer import Placed, pay
from tests.bench.runs import SILENCE, has_all, settle
from tests.rig.waiting import eventually

HUNG = "warehouse"
OTHERS = sorted({service for service, _ in truth.owed_but({HUNG})})


def beside_a_hung_service(shop: WholeShop, per_second: float) -> Work:
    """Pay; it answers again when all the others have everything."""

    def work(placed: list[Placed]) -> None:
        sandbox, numbers = shop.stage.sandbox, [order.number for order in placed]
        sandbox.fault(HUNG, mode="hang")
        pay(placed, per_second=per_second)
        for number in numbers:
            rest = partial(has_all, shop.stage, number, but={HUNG})
            eventually(rest, patience=SILENCE, show=shop.stage.logs)
        sandbox.fault(HUNG, mode="ok")
        settle(shop.stage, numbers)

    return work
