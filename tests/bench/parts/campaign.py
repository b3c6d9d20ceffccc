"""From payment to e-mail while a campaign is sent, and while nothing is. In turns."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from notifications.campaigns import control
from notifications.models import Campaign, Recipient, Subscription
from tests.bench.confirming import Waits, slower, to_mail, told
from tests.bench.options import Options
from tests.bench.progress import say
from tests.bench.results import Result
from tests.bench.stage import Stage, staged
from tests.bench.statistics import middle, percentile
from tests.rig.stand_alone import Servers
from tests.rig.waiting import eventually

PATIENCE = 300.0
# A campaign of this size lasts for longer than a round, at the rate that a new one is given: what
# is left of it is cancelled.
READERS, PER_MINUTE = 20_000, 3_000


def campaign(servers: Servers, options: Options) -> Result:
    """The shop as `make up` has it, with a worker of its own for mailings."""
    result = Result("campaign", f"Confirmations beside a campaign of {PER_MINUTE:,} mails a minute")
    alone, beside, rates = Waits(), Waits(), list[float]()
    with staged(servers) as stage:
        subscribers(READERS)
        stage.crew("config")
        stage.relay()
        stage.ready()
        to_mail(stage, 8)
        for number in range(options.rounds):
            say(f"campaign: confirmations alone and beside, round {number + 1} of {options.rounds}")
            alone += to_mail(stage, options.beside)
            with mailing(stage) as running:
                began, before = time.monotonic(), sent(running)
                beside += to_mail(stage, options.beside)
                rates.append((sent(running) - before) / (time.monotonic() - began))
    for how, found in {"alone": alone, "beside a campaign": beside}.items():
        waits = {f"p{at} s": round(percentile(found, at), 2) for at in (50, 95)}
        result.rows.append({"way": how, "orders": len(found), **waits})
    result.marks.append(slower(alone, beside, "a campaign"))
    result.notes.append(f"alone: {told(alone)}; beside: {told(beside)}")
    result.notes.append(f"mails of the campaign meanwhile: {middle(rates):.0f} a second")
    return result


def subscribers(count: int) -> None:
    """So many, and no others."""
    Subscription.objects.all().delete()
    state = Subscription.State.CONFIRMED
    addresses = (f"reader{number}@bench.example.org" for number in range(count))
    Subscription.objects.bulk_create(
        (Subscription(address=each, state=state) for each in addresses), batch_size=5_000
    )


@contextmanager
def mailing(stage: Stage) -> Iterator[Campaign]:
    """A campaign is sent from here to there, or the benchmark fails. What is left is cancelled."""
    draft = Campaign.objects.create(title="Bench", words="*News.*", per_minute=PER_MINUTE)
    running = control.start_campaign(campaign_id=draft.pk, by="bench")
    eventually(lambda: sent(running) > 0, patience=PATIENCE, show=stage.logs)
    yield running
    running.refresh_from_db()
    assert running.state == Campaign.State.RUNNING, "the campaign was over before the last e-mail"
    control.cancel_campaign(campaign_id=running.pk, by="bench", reason="it has run long enough")
    left = running.recipients.filter(state__in=Recipient.OPEN)
    eventually(lambda: not left.exists(), patience=PATIENCE, show=stage.logs)


def sent(running: Campaign) -> int:
    """How many the mail server has taken."""
    return running.recipients.filter(state=Recipient.State.SENT).count()
