"""What a campaign decides by itself when too much fails: it pauses, and says why."""

from typing import Any

from django.db import connection

from notifications.models import Campaign

State = Campaign.State
# So many in a row, with no mail taken in between, are no accident of one address.
MOST_FAILURES = 20

FAILED = """
UPDATE notifications_campaign SET failures = failures + 1,
    state = CASE WHEN state = 'running' AND failures + 1 >= %(most)s THEN 'paused' ELSE state END,
    paused_because = CASE WHEN state = 'running' AND failures + 1 >= %(most)s
                          THEN %(because)s ELSE paused_because END
WHERE id = %(id)s RETURNING state
"""


def count_failure(campaign_id: int, because: str) -> None:
    """One more in a row; with the twentieth it pauses itself, and says why."""
    told = f"{MOST_FAILURES} mails in a row failed. The last: {because}"[:300]
    with connection.cursor() as cursor:
        terms: dict[str, Any] = {"id": campaign_id, "most": MOST_FAILURES, "because": told}
        cursor.execute(FAILED, terms)


def pause_because(campaign_id: int, because: str) -> None:
    """Every further mail would fail as this one did."""
    rows = Campaign.objects.filter(pk=campaign_id, state=State.RUNNING)
    rows.update(state=State.PAUSED, paused_because=because[:300])
