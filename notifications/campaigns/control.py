"""What is decided about a campaign by staff, and what follows once it is written down or over.

Each changes the campaign's one state; whoever sends looks at it before each mail.
"""

import hashlib

import structlog
from django.db import transaction
from django.db.models.functions import Now

from deferral.enqueueing import enqueue
from deferral.errors import NotAllowed
from deferral.events import publish
from deferral.names import new_tag
from notifications.campaigns import audience
from notifications.campaigns.writing import as_html, as_text
from notifications.events import CampaignGoesOn, CampaignMailAgain
from notifications.models import Campaign, Recipient

log = structlog.get_logger(__name__)

State = Campaign.State


@transaction.atomic
def start_campaign(*, campaign_id: int, by: str, reason: str = "") -> Campaign:
    """Freeze what it says, and have a job freeze whom it is for; then it is sent, by itself.

    It cannot be undone: the first mails leave as soon as the audience is written down. NotAllowed
    where nobody is left.
    """
    campaign = _locked(campaign_id, State.FREEZING, "started")
    campaign.html, campaign.text = as_html(campaign), as_text(campaign)
    said = "\0".join((campaign.title, campaign.html, campaign.text))
    campaign.digest = hashlib.sha256(said.encode()).hexdigest()
    campaign.state, campaign.run, campaign.started_at = State.FREEZING, 1, Now()
    campaign.is_whole = False
    campaign.save()
    if not audience.is_anybody(campaign.bought):
        raise NotAllowed("Nobody would get it: no subscriber is left. Nothing was done.")
    _have_done("notifications.freeze_audience", campaign, "audience")
    log.info("campaign_started", campaign=campaign.reference, by=by)
    return campaign


@transaction.atomic
def pause_campaign(*, campaign_id: int, by: str, reason: str) -> None:
    """No further mail leaves until it is resumed; one that is being handed over is its last.

    An audience that is not whole is written down meanwhile.
    """
    campaign = _locked(campaign_id, State.PAUSED, "paused")
    campaign.state, campaign.paused_because = State.PAUSED, f"{by}: {reason}"[:300]
    campaign.save(update_fields=["state", "paused_because"])


@transaction.atomic
def resume_campaign(*, campaign_id: int, by: str, reason: str = "") -> None:
    """It goes on with whom it has not been sent to, at its rate from now on.

    Where its audience is not whole, once that is.
    """
    campaign = _locked(campaign_id, State.FREEZING, "resumed")
    campaign.state, campaign.paused_because, campaign.failures = State.FREEZING, "", 0
    campaign.run += 1
    campaign.save(update_fields=["state", "paused_because", "failures", "run"])
    if campaign.is_whole:
        _send(campaign)


@transaction.atomic
def audience_is_frozen(campaign_id: int) -> None:
    """Everybody whom it is for is written down: it is sent, unless it is paused or cancelled."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    if not campaign.is_open:
        return
    campaign.is_whole = True
    campaign.save(update_fields=["is_whole"])
    if campaign.state == State.FREEZING:
        _send(campaign)


def _send(campaign: Campaign) -> None:
    campaign.state = State.RUNNING
    campaign.save(update_fields=["state"])
    publish(CampaignGoesOn(campaign_id=campaign.pk, run=campaign.run), subject=campaign.subject)
    finish_if_over(campaign.pk)


@transaction.atomic
def cancel_campaign(*, campaign_id: int, by: str, reason: str) -> None:
    """No further mail leaves, for good. What was sent stays sent; a job skips the rest."""
    campaign = _locked(campaign_id, State.CANCELLED, "cancelled")
    campaign.state, campaign.finished_at = State.CANCELLED, Now()
    campaign.save(update_fields=["state", "finished_at"])
    _have_done("notifications.skip_recipients", campaign, "cancelled")


@transaction.atomic
def send_again(*, recipient_id: int, by: str, reason: str) -> None:
    """Have one sent that failed, or of which nobody knows whether it arrived: it may come twice.

    Its Message-ID is the same: large providers show such a pair as one mail.
    """
    campaign = Campaign.objects.select_for_update().get(recipients=recipient_id)
    rows = Recipient.objects.filter(pk=recipient_id, state__in=Recipient.DECIDED_BY_STAFF)
    if campaign.state == State.CANCELLED or not rows.update(
        state=Recipient.State.TODO, due_at=Now(), done_at=None, refusals=0
    ):
        raise NotAllowed(
            "That mail has neither failed nor is in doubt any more, or its campaign is cancelled."
        )
    if campaign.state == State.FINISHED:
        campaign.state, campaign.finished_at = State.RUNNING, None
        campaign.save(update_fields=["state", "finished_at"])
    fact = CampaignMailAgain(recipient_id=recipient_id, tag=new_tag())
    publish(fact, subject=campaign.subject)


@transaction.atomic
def finish_if_over(campaign_id: int) -> None:
    """Once nobody is left. Its row is locked first: whoever adds somebody holds that too."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    left = campaign.recipients.filter(state__in=Recipient.OPEN)
    if campaign.state == State.RUNNING and not left.exists():
        campaign.state, campaign.finished_at = State.FINISHED, Now()
        campaign.save(update_fields=["state", "finished_at"])


def _have_done(task: str, campaign: Campaign, what: str) -> None:
    """By a job: it may take longer than a request, or a statement, is given."""
    key = f"campaign:{campaign.reference}:{what}"
    enqueue(task, key=key, subject=campaign.subject, campaign_id=campaign.pk)


def _locked(campaign_id: int, to: Campaign.State, verb: str) -> Campaign:
    """The campaign, which may go there. NotAllowed."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    may_start = to != State.FREEZING or (campaign.state == State.DRAFT) == (verb == "started")
    if to not in Campaign.TRANSITIONS.get(campaign.state, ()) or not may_start:
        msg = f"A campaign that is {campaign.get_state_display()} cannot be {verb}."
        raise NotAllowed(msg)
    return campaign
