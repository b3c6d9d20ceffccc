"""A campaign's jobs: a hundred recipients each, spread by its rate."""

from collections.abc import Iterator
from datetime import timedelta

from deferral.handlers import Work, handles, job
from notifications.campaigns.audience import CHUNK, open_chunks
from notifications.events import CampaignGoesOn, CampaignMailAgain
from notifications.models import Campaign, Recipient
from notifications.tasks.campaigns import send_chunk


@handles(CampaignGoesOn)
def send_to_everybody(fact: CampaignGoesOn) -> Iterator[Work]:
    """Each chunk so much later than the one before that the rate is kept. No thread waits."""
    campaign = Campaign.objects.get(pk=fact.campaign_id)
    gap = timedelta(minutes=CHUNK / campaign.per_minute)
    for place, chunk in enumerate(open_chunks(campaign)):
        yield job(
            send_chunk,
            key=f"campaign:{campaign.reference}:run-{fact.run}:chunk-{chunk}",
            delay=place * gap,
            campaign_id=campaign.pk,
            chunk=chunk,
            run=fact.run,
        )


@handles(CampaignMailAgain)
def send_one_again(fact: CampaignMailAgain) -> Iterator[Work]:
    """In the run that there is by then; a paused one is sent when it is resumed."""
    recipient = Recipient.objects.select_related("campaign").get(pk=fact.recipient_id)
    campaign = recipient.campaign
    yield job(
        send_chunk,
        key=f"{recipient.key}:again-{fact.tag}",
        campaign_id=campaign.pk,
        chunk=recipient.chunk,
        run=campaign.run,
    )
