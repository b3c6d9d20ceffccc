"""Subscribers and campaigns, and a worker that sends what is due."""

from typing import Any

import requests
from django.db.models.functions import Now

from deferral.models import Job
from deferral.relay.expansion import expand_events
from notifications.campaigns import control
from notifications.campaigns.takers import taker
from notifications.models import Campaign, Recipient, Subscription
from tests.deferral.bench import deliver
from tests.rig.running_sandbox import Sandbox


def subscribe(*addresses: str, **columns: Any) -> None:
    """They have confirmed."""
    terms = {"state": Subscription.State.CONFIRMED, **columns}
    Subscription.objects.bulk_create(Subscription(address=each, **terms) for each in addresses)


def crowd(count: int, domain: str) -> list[str]:
    """So many subscribers, whom no other test mails."""
    found = [f"reader{number}@{domain}" for number in range(1, count + 1)]
    subscribe(*found)
    return found


def a_campaign(**columns: Any) -> Campaign:
    """A draft."""
    words = {"title": "News from the quay", "words": "Dear *reader*,\n\nnew prints are here."}
    return Campaign.objects.create(**{**words, "per_minute": 60_000, **columns})


def begun(**columns: Any) -> Campaign:
    """One that staff have started; whom it is for, a worker writes down."""
    return control.start_campaign(campaign_id=a_campaign(**columns).pk, by="ada")


def started(**columns: Any) -> Campaign:
    """One that runs, its audience frozen, its jobs written."""
    campaign = begun(**columns)
    expand_events()
    deliver(Job.objects.get(subject=campaign.subject))
    expand_events()
    campaign.refresh_from_db()
    return campaign


def work_off(campaign: Campaign) -> None:
    """Have a worker run its open jobs, each once, as if they were due."""
    expand_events()
    jobs = Job.objects.filter(subject=campaign.subject, state=Job.State.PENDING)
    jobs.update(next_at=Now())
    for job in jobs.order_by("id"):
        deliver(job)


def states(campaign: Campaign) -> dict[str, str]:
    """By address."""
    return dict(campaign.recipients.values_list("address", "state"))


def under_way(campaign: Campaign, *, since: Any) -> None:
    """The first of them is, given to whom the settings name, and its sender is gone."""
    rows = campaign.recipients.filter(number=1)
    rows.update(state=Recipient.State.SENDING, tries=1, sending_at=since, given_to=taker())


def came_long_ago(campaign: Campaign) -> None:
    """What is under way has been for longer than a mail can be; what waits is due."""
    rows = campaign.recipients
    rows.filter(state=Recipient.State.SENDING).update(sending_at="2026-01-01T00:00Z")
    rows.filter(state=Recipient.State.TODO).update(due_at="2026-01-01T00:00Z")
    Campaign.objects.filter(pk=campaign.pk).update(next_at="2026-01-01T00:00Z")
    waiting = Job.objects.filter(subject=campaign.subject, state=Job.State.PENDING, sent_at=None)
    waiting.filter(snoozes__gt=0, next_at__gt=Now()).update(next_at=Now())


def inbox(sandbox: Sandbox, campaign: Campaign) -> dict[str, int]:
    """By address: how often the mail server was given it, by its own account."""
    url, title = f"{sandbox.inbox}/api/messages", {"subject": campaign.title, "limit": "10000"}
    found = requests.get(url, params=title, timeout=30).json()
    mine = [one for one in found if f"campaign.3A{campaign.reference}.3A" in one["message_id"]]
    return {one["to"][0]: one["deliveries"] for one in mine}
