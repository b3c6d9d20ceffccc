"""What the workers do about messages. Limits in seconds."""

from deferral.policies import BRIEF, PATIENT, PROMPT
from deferral.tasks import current_job, deferred_task
from notifications import services
from notifications.gateway import ANALYTICS, CRM, MAIL_SERVER


@deferred_task(
    name="notifications.tell_of_message",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def tell_of_message(*, message_id: int) -> None:
    """Mail staff what somebody wrote."""
    services.tell_of_message(message_id=message_id, key=current_job().key)


@deferred_task(
    name="notifications.acknowledge_message",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def acknowledge_message(*, message_id: int) -> None:
    """Tell whoever wrote that it arrived."""
    services.acknowledge_message(message_id=message_id, key=current_job().key)


@deferred_task(
    name="notifications.send_answer",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def send_answer(*, answer_id: int) -> None:
    """Mail a person's answer."""
    services.send_answer(answer_id=answer_id, key=current_job().key)


@deferred_task(
    name="notifications.tell_crm_of_message",
    queue="partners",
    retry=PATIENT,
    time_limit=30,
    service=CRM,
)
def tell_crm_of_message(*, message_id: int) -> None:
    """Let the CRM know who wrote."""
    services.tell_crm_of_message(message_id=message_id, key=current_job().key)


@deferred_task(
    name="notifications.count_message",
    queue="analytics",
    retry=BRIEF,
    time_limit=30,
    service=ANALYTICS,
)
def count_message(*, tag: str, topic: str) -> None:
    """Let analytics count it."""
    services.count_message(tag=tag, topic=topic, key=current_job().key)
