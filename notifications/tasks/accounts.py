"""What the workers do for people's accounts. Limits in seconds."""

from deferral.policies import BRIEF, PATIENT, PROMPT
from deferral.tasks import current_job, deferred_task
from notifications import services
from notifications.gateway import ANALYTICS, CRM, MAIL_SERVER


@deferred_task(
    name="notifications.send_login_link",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def send_login_link(*, link_id: int) -> None:
    """Mail a link and a code. They are made here, and stand in no job, event or log."""
    services.send_login_link(link_id=link_id, key=current_job().key)


@deferred_task(
    name="notifications.send_welcome",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def send_welcome(*, user_id: int, tag: str) -> None:
    """Greet somebody who has an account now."""
    services.send_welcome(user_id=user_id, tag=tag, key=current_job().key)


@deferred_task(
    name="notifications.tell_crm_of_user",
    queue="partners",
    retry=PATIENT,
    time_limit=30,
    service=CRM,
)
def tell_crm_of_user(*, user_id: int, tag: str) -> None:
    """Let the CRM know somebody new."""
    services.tell_crm_of_user(user_id=user_id, tag=tag, key=current_job().key)


@deferred_task(
    name="notifications.count_registration",
    queue="analytics",
    retry=BRIEF,
    time_limit=30,
    service=ANALYTICS,
)
def count_registration(*, tag: str) -> None:
    """Let analytics count somebody new."""
    services.count_registration(tag=tag, key=current_job().key)
