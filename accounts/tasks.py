"""What is done about sessions and login links at night. Limits in seconds."""

from accounts import services
from accounts.login_links.asking import forget_links
from deferral.policies import PROMPT
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
