"""Scenarios in which a campaign's worker dies over one of its mails."""

from notifications.models import Campaign, Subscription
from orders.models import Order
from tests.notifications.mailings import begun, came_long_ago, crowd, inbox, states
from tests.proofs.failures.sweep.scenarios import passes_in_threads
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.running_shop import EFFECTS

MANY = 8


@passes_in_threads("audience_piece_written", "recipient_claimed", "about_to_mail_many")
@passes_in_threads("one_of_many_accepted", "recipient_sent")
def mailed_to_many(shop: VisitedShop) -> Order:
    """The mail server has each mail exactly once, by its own account: it was asked."""
    Campaign.objects.all().delete()
    Subscription.objects.all().delete()
    shop.ready()
    readers = crowd(MANY, "sweep.example.org")
    campaign = begun()
    shop.until(lambda: is_over(campaign))
    assert inbox(shop.sandbox, campaign) == dict.fromkeys(readers, 1)
    assert set(states(campaign).values()) == {"sent"}
    return shop.whole(shop.order(), EFFECTS)


def is_over(campaign: Campaign) -> bool:
    """Time goes by meanwhile: what was under way when its worker died is asked about."""
    came_long_ago(campaign)
    return Campaign.objects.get(pk=campaign.pk).state == Campaign.State.FINISHED
