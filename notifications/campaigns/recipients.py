"""A recipient's row, moved from state to state: each move is one statement, committed by itself.

A move says what the row must be like. Of two who try the same, one finds nothing to do.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from notifications.campaigns.takers import taker
from notifications.models import Campaign, Recipient
from notifications.newsletter.consent import suppress

SENDING, TODO, SENT = Recipient.State.SENDING, Recipient.State.TODO, Recipient.State.SENT
BOUNCED, IN_DOUBT = Recipient.State.BOUNCED, Recipient.State.IN_DOUBT

# Whoever ended the subscription, or cannot be mailed, is left out here: just before the sending.
CLAIM = """
WITH one AS (
    SELECT r.id, r.address, c.failures
    FROM notifications_recipient r JOIN notifications_campaign c ON c.id = r.campaign_id
    WHERE r.campaign_id = %(campaign)s AND r.chunk = %(chunk)s
      AND r.state = 'todo' AND r.due_at <= now()
      AND c.state = 'running' AND c.run = %(run)s
    ORDER BY r.number LIMIT 1 FOR UPDATE OF r SKIP LOCKED
), why AS (
    SELECT id, failures, CASE
        WHEN EXISTS (SELECT 1 FROM notifications_suppression s
                     WHERE lower(s.address) = lower(one.address)) THEN 'suppressed'
        WHEN NOT EXISTS (SELECT 1 FROM notifications_subscription s
                         WHERE lower(s.address) = lower(one.address) AND s.state = 'confirmed')
             THEN 'unsubscribed'
        ELSE '' END AS because
    FROM one
)
UPDATE notifications_recipient r
SET state = CASE WHEN why.because = '' THEN 'sending' ELSE 'skipped' END,
    because = why.because, tries = r.tries + 1,
    sending_at = CASE WHEN why.because = '' THEN now() ELSE r.sending_at END,
    given_to = CASE WHEN why.because = '' THEN %(taker)s ELSE r.given_to END,
    done_at = CASE WHEN why.because = '' THEN NULL ELSE now() END
FROM why WHERE r.id = why.id
RETURNING r.id, r.number, r.address, r.name, r.state, r.tries, r.refusals, why.failures
"""
# Seconds until there is something to do again; a paused campaign sends nothing, and asks all the
# same what became of what was under way.
NEXT = """
SELECT extract(epoch FROM min(CASE WHEN r.state = 'todo' THEN r.due_at
    ELSE r.sending_at + make_interval(secs => %(ask_after)s) END) - now())::float
FROM notifications_recipient r JOIN notifications_campaign c ON c.id = r.campaign_id
WHERE r.campaign_id = %(campaign)s AND r.chunk = %(chunk)s
  AND (r.state = 'sending' OR r.state = 'todo' AND c.state = 'running' AND c.run = %(run)s)
"""
PUT_BACK = """
UPDATE notifications_recipient r
SET state = CASE WHEN c.state = 'cancelled' THEN 'skipped' ELSE 'todo' END,
    because = CASE WHEN c.state = 'cancelled' THEN 'cancelled' ELSE %(because)s END,
    done_at = CASE WHEN c.state = 'cancelled' THEN now() END,
    due_at = now() + make_interval(secs => %(wait)s), refusals = r.refusals + %(refused)s
FROM notifications_campaign c
WHERE c.id = r.campaign_id AND r.id = %(id)s AND r.state = 'sending' AND r.tries = %(tries)s
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """So many recipients of a campaign, in one of its runs: what one job is for."""

    campaign: int
    chunk: int
    run: int

    @property
    def names(self) -> dict[str, int]:
        """What the statements find them by."""
        return {"campaign": self.campaign, "chunk": self.chunk, "run": self.run}


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """One that is `sending` now, or was skipped. `refusals`: how often it was "not now".

    `failures`: so many in a row had the campaign when it was claimed.
    """

    id: int
    number: int
    address: str
    name: str
    state: str
    tries: int
    refusals: int
    failures: int


def claim_next(part: Part) -> Claimed | None:
    """The next to be sent, `sending` from here on; None while there is none, or it is not to run.

    Outside any transaction: it must be committed before anybody is asked, with whom it goes to.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {**part.names, "taker": taker()})
        row = cursor.fetchone()
        if row is None:
            return None
        return Claimed(**dict(zip((c.name for c in cursor.description or ()), row, strict=True)))


def seconds_to_next(part: Part, *, ask_after: float) -> float | None:
    """Until there is something to do; None where there is nothing any more."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, {**part.names, "ask_after": ask_after})
        [seconds] = cursor.fetchone()
    return None if seconds is None else max(0.0, float(seconds))


def mark_sent(one: Claimed) -> None:
    """The server took it. Also where somebody has called it in doubt meanwhile.

    Nobody counts on from a failure before it.
    """
    rows = Recipient.objects.filter(pk=one.id, tries=one.tries, state__in=[SENDING, IN_DOUBT])
    rows.update(state=SENT, because="", done_at=Now())
    if one.failures:
        Campaign.objects.filter(recipients=one.id, failures__gt=0).update(failures=0)


def put_back(one: Claimed, *, because: str = "", wait: float = 0.0, refused: int = 0) -> None:
    """It was certainly not taken, and is to do again in `wait` seconds, unless all is cancelled."""
    with connection.cursor() as cursor:
        terms: dict[str, Any] = {"id": one.id, "tries": one.tries, "wait": wait}
        terms["refused"] = refused
        cursor.execute(PUT_BACK, {**terms, "because": because[:300]})


def give_up(one: Claimed, state: Recipient.State, *, because: str) -> None:
    """It is not sent, or nobody can know. A mailbox that is not there is never mailed again."""
    rows = Recipient.objects.filter(pk=one.id, tries=one.tries, state=SENDING)
    with transaction.atomic():
        changed = rows.update(state=state, because=because[:300], done_at=Now())
        if changed and state == BOUNCED:
            suppress(one.address, because=because)
