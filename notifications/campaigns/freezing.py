"""The long jobs of a campaign: its audience is frozen after its start, let go once it is cancelled.

Each piece is one commit with the checkpoint behind it. It holds the campaign's row: whoever pauses
or cancels waits for this piece, and what they said is seen before the next.
"""

from dataclasses import asdict
from functools import partial

from django.db import connection, transaction

from deferral.crashpoints import crashpoint
from deferral.long_jobs import Step, step
from deferral.tasks import finishing
from notifications.campaigns import audience, control
from notifications.campaigns.audience import Frozen
from notifications.models import Campaign, Subscription

SKIP = """
UPDATE notifications_recipient SET state = 'skipped', because = 'cancelled', done_at = now()
WHERE id IN (SELECT id FROM notifications_recipient
             WHERE campaign_id = %s AND state = 'todo' LIMIT %s FOR UPDATE)
"""


def freeze_audience(*, campaign_id: int) -> None:
    """Write down everybody whom it is for, then have it sent. Safe to repeat: each is written once.

    Paused meanwhile, it goes on, and nothing is sent. Cancelled, it ends.
    """
    step("count", partial(count_audience, campaign_id))
    total = step("subscribers", lambda _: confirmed())
    step("audience", partial(freeze_pieces, campaign_id), total=total, unit="subscribers")
    with finishing():
        control.audience_is_frozen(campaign_id)


def count_audience(campaign_id: int, _step: Step) -> int:
    """For the bar: of how many. Who unsubscribes meanwhile is counted and not frozen."""
    campaign = Campaign.objects.get(pk=campaign_id)
    total = audience.count(campaign.bought)
    Campaign.objects.filter(pk=campaign_id).update(audience=total)
    return total


def confirmed() -> int:
    """How many will be looked at."""
    return Subscription.objects.filter(state=Subscription.State.CONFIRMED).count()


def freeze_pieces(campaign_id: int, current: Step) -> int:
    """Everybody, unless it is cancelled; return how many. A step's work."""
    at = Frozen(**current.cursor or {})
    while True:
        with transaction.atomic():
            campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
            piece = audience.freeze_piece(campaign, at) if campaign.is_open else None
            if piece is None:
                return at.number
            at = piece
            crashpoint("audience_piece_written")
            current.checkpoint(asdict(at), done=at.looked_at)


def skip_the_rest(*, campaign_id: int) -> None:
    """Whoever was not sent a cancelled campaign is skipped. Safe to repeat."""
    left = Campaign.objects.get(pk=campaign_id).recipients.filter(state="todo")
    total = step("left", lambda _: left.count())
    step("skipped", partial(skip_pieces, campaign_id), total=total, unit="recipients")


def skip_pieces(campaign_id: int, current: Step) -> int:
    """All that are to do; return how many. A step's work."""
    done = int(current.cursor or 0)
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SKIP, [campaign_id, audience.PIECE])
            if not cursor.rowcount:
                return done
            done += cursor.rowcount
            current.checkpoint(done, done=done)
