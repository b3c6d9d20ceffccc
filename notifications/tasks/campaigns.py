"""What the workers do for campaigns and the newsletter. Limits in seconds."""

from deferral.policies import PATIENT, PROMPT
from deferral.tasks import current_job, deferred_task
from notifications.campaigns import chunks, freezing, trial
from notifications.campaigns.transport import CAMPAIGN_MAIL
from notifications.gateway import MAIL_SERVER
from notifications.newsletter import asking


@deferred_task(
    name="notifications.send_chunk",
    queue="mailings",
    retry=PATIENT,
    time_limit=180,
    service=CAMPAIGN_MAIL,
)
def send_chunk(*, campaign_id: int, chunk: int, run: int) -> None:
    """Send a hundred mails of a campaign. Safe to repeat: each recipient's row says how it is."""
    chunks.send_chunk(campaign_id=campaign_id, chunk=chunk, run=run)


@deferred_task(
    name="notifications.freeze_audience",
    queue="mailings",
    retry=PROMPT,
    time_limit=120,
    long=True,
)
def freeze_audience(*, campaign_id: int) -> None:
    """Write down whom a campaign is for, then have it sent. It goes on where it was."""
    freezing.freeze_audience(campaign_id=campaign_id)


@deferred_task(
    name="notifications.skip_recipients",
    queue="mailings",
    retry=PROMPT,
    time_limit=120,
    long=True,
)
def skip_recipients(*, campaign_id: int) -> None:
    """Of a cancelled campaign, whoever has not been sent it. It goes on where it was."""
    freezing.skip_the_rest(campaign_id=campaign_id)


@deferred_task(
    name="notifications.send_campaign_test",
    queue="mailings",
    retry=PROMPT,
    time_limit=60,
    service=CAMPAIGN_MAIL,
)
def send_campaign_test(*, campaign_id: int, user_id: int) -> None:
    """Mail a draft to whoever writes it, by the campaign's whole way. At least once."""
    trial.send_test(campaign_id=campaign_id, user_id=user_id, key=current_job().key)


@deferred_task(
    name="notifications.ask_newsletter_consent",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def ask_newsletter_consent(*, subscription_id: int) -> None:
    """Ask a mailbox's owner whether they want the newsletter."""
    asking.ask(subscription_id=subscription_id, key=current_job().key)
