"""`docs/add-a-reaction.md` is run: a subscriber more, and nothing else changed."""

from deferral.models import Job
from orders.models import Order
from tests.docs.copying import copy_code
from tests.rig.running_shop import EFFECTS, House, eventually


def test_the_reaction_of_the_page_is_added_without_touching_anything(house: House) -> None:
    copy_code("add-a-reaction.md", house.scratch)
    added = {"EXTRA_APPS": "tests.probes,loyalty", "PYTHONPATH": str(house.scratch)}
    house.relay(**added)
    house.worker(**added)
    generous, modest = house.order(tickets=20), house.order(tickets=1)

    eventually(Job.objects.filter(key=thanks(generous), state="pending").exists)
    Job.objects.filter(key=thanks(generous)).update(next_at=generous.created_at)
    house.wait_for(thanks(generous))
    house.settle(generous)
    house.settle(modest)

    assert house.accepted(generous) == EFFECTS | {("mail", "Thanks for"): 1}
    assert not Job.objects.filter(key=thanks(modest)).exists()


def thanks(order: Order) -> str:
    return f"thanks:{order.reference}"
