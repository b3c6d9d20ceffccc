"""What one job does: the mails of up to a hundred recipients, one after the other.

Before each mail one statement asks everything anew: whether the campaign still runs, whether this
recipient is still to be mailed. So a pause holds from the next mail on.
"""

from contextlib import closing
from email.errors import MessageError

import structlog

from deferral.crashpoints import crashpoint
from deferral.errors import Snooze
from deferral.tasks import current_job, finishing
from notifications.campaigns import control, failures, recipients
from notifications.campaigns.answers import (
    Busy,
    HungUp,
    NothingFromUs,
    NotNow,
    NotTaken,
    NotThisAddress,
    Unheard,
)
from notifications.campaigns.asking import ASK_AFTER
from notifications.campaigns.leftovers import settle_leftovers
from notifications.campaigns.message import message_for
from notifications.campaigns.pace import Pace
from notifications.campaigns.recipients import Claimed, Part
from notifications.campaigns.transport import Connection
from notifications.models import Campaign, Recipient

log = structlog.get_logger(__name__)

# Seconds after which a chunk that is slow lets others have its thread.
TURN = 60.0
# Seconds until one that the server did not want now is tried again, as often as there are pauses.
LATER = (60.0, 300.0, 900.0, 3_600.0)
# Seconds until a server that hung up, or was not there, is tried again.
COME_AGAIN = 15.0


def send_chunk(*, campaign_id: int, chunk: int, run: int) -> None:
    """Send what is to do of this chunk. Safe to repeat: whoever was sent theirs is not asked for.

    Snooze until there is something to do again; it costs no attempt.
    """
    campaign = Campaign.objects.get(pk=campaign_id)
    part = Part(campaign=campaign_id, chunk=chunk, run=run)
    pace = Pace(part, campaign.per_minute)
    with closing(Connection()) as connection:
        while current_job().age < TURN and pace.rest() and (one := _next(part)):
            send_one(connection, campaign, one)
    settle_leftovers(campaign, chunk)
    wait = recipients.seconds_to_next(part, ask_after=ASK_AFTER)
    if wait is not None:
        raise Snooze("some of these recipients are not done", seconds=max(wait, pace.left))
    with finishing():
        control.finish_if_over(campaign_id)


def _next(part: Part) -> Claimed | None:
    """Who is sent theirs now. Whoever is skipped costs no turn."""
    while (one := recipients.claim_next(part)) and one.state != Recipient.State.SENDING:
        pass
    return one


def send_one(connection: Connection, campaign: Campaign, one: Claimed) -> None:
    """One mail, and what came of it, written down. Snooze when the server hung up at once."""
    crashpoint("recipient_claimed")
    carried = connection.taken
    try:
        message = message_for(campaign, one)
    except (MessageError, ValueError) as error:
        because = f"no mail can be written to it: {error}"
        recipients.give_up(one, Recipient.State.FAILED, because=because)
        return
    try:
        connection.send(message)
    except Snooze:
        recipients.put_back(one)
        raise
    except (HungUp, Unheard) as error:
        come_again(campaign, one, error, carried=carried)
    except NotTaken as refusal:
        write_down(campaign, one, refusal)
    else:
        recipients.mark_sent(one)
        crashpoint("recipient_sent")


def come_again(campaign: Campaign, one: Claimed, error: HungUp | Unheard, *, carried: int) -> None:
    """The connection is over. Snooze, unless its server only had enough of this one.

    To be told to wait is no failure: it would pause a campaign that is only slow.
    """
    if isinstance(error, HungUp):
        recipients.put_back(one, because=str(error))
        if carried:
            return
    if not isinstance(error, Busy):
        failures.count_failure(campaign.pk, str(error))
    raise Snooze(str(error), cause="campaign mail", seconds=COME_AGAIN) from error


def write_down(campaign: Campaign, one: Claimed, refusal: NotTaken) -> None:
    """An answer about this mail alone, or about all of ours."""
    said = str(refusal)
    match refusal:
        case NothingFromUs():
            recipients.put_back(one, because=said)
            failures.pause_because(campaign.pk, said)
            return
        case NotThisAddress():
            recipients.give_up(one, Recipient.State.BOUNCED, because=said)
        case NotNow() if one.refusals < len(LATER):
            recipients.put_back(one, because=said, wait=LATER[one.refusals], refused=1)
        case _:
            recipients.give_up(one, Recipient.State.FAILED, because=said)
    log.info("campaign_mail_refused", campaign=campaign.reference, number=one.number, said=said)
    failures.count_failure(campaign.pk, said)
