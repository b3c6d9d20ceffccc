"""What is done about sessions at night. Limits in seconds."""

from accounts import services
from deferral.policies import PROMPT
from deferral.tasks import deferred_task


@deferred_task(
    name="accounts.forget_sessions", queue="bulk", retry=PROMPT, time_limit=600, schedulable=True
)
def forget_sessions() -> None:
    """Every night. Safe to repeat: what is gone is gone."""
    services.forget_sessions()
