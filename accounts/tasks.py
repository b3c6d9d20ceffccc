"""What the workers do about accounts, sessions and login links. Limits in seconds."""

from accounts import services
from accounts.deletion.carrying_out import delete_account as carried_out
from accounts.login_links.asking import forget_links
from deferral.policies import PATIENT, PROMPT
from deferral.tasks import deferred_task


@deferred_task(
    name="accounts.forget_sessions", queue="bulk", retry=PROMPT, time_limit=600, schedulable=True
)
def forget_sessions() -> None:
    """Every night. Safe to repeat: what is gone is gone."""
    services.forget_sessions()


@deferred_task(
    name="accounts.forget_login_links",
    queue="bulk",
    retry=PROMPT,
    time_limit=600,
    schedulable=True,
)
def forget_login_links() -> None:
    """Every night. Safe to repeat: what is gone is gone."""
    forget_links()


@deferred_task(
    name="accounts.delete_account",
    queue="bulk",
    retry=PATIENT,
    time_limit=600,
    long=True,
)
def delete_account(*, deletion_id: int) -> None:
    """Delete an account, and what each app keeps of its owner. Safe to repeat, and to kill."""
    carried_out(deletion_id=deletion_id)
