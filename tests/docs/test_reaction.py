"""`docs/add-a-reaction.md` is run: a subscriber more, and nothing else changed."""

from deferral.models import Job
from orders.models import Order
from tests.docs.copying import copy_code
from tests.rig.running_shop import EFFECTS, RunningShop
from tests.rig.waiting import eventually


def test_the_reaction_of_the_page_is_added_without_touching_anything(shop: RunningShop) -> None:
    copy_code("add-a-reaction.md", shop.scratch)
    added = {"EXTRA_APPS": "tests.probes,loyalty", "PYTHONPATH": str(shop.scratch)}
    shop.relay(**added)
    shop.worker(**added)
    generous, modest = shop.order(tickets=20), shop.order(tickets=1)

    eventually(Job.objects.filter(key=thanks(generous), state="pending").exists)
    Job.objects.filter(key=thanks(generous)).update(next_at=generous.created_at)
    shop.wait_for(thanks(generous))
    shop.settle(generous)
    shop.settle(modest)

    assert shop.accepted(generous) == EFFECTS | {("mail", "Thanks for"): 1}
    assert not Job.objects.filter(key=thanks(modest)).exists()


def thanks(order: Order) -> str:
    return f"thanks:{order.reference}"
