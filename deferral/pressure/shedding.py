"""What is let go when there is too much work: jobs that may be shed, requests that bring much.

Both are counted, by lane and minute. Nothing is ever shed that has no lifetime, and no request is
refused that did not ask for it.
"""

from collections.abc import Collection
from datetime import timedelta
from random import random

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils import timezone

from deferral.crashpoints import crashpoint
from deferral.ledger.bodies import releasing
from deferral.pressure import sampling
from deferral.pressure.rules import KEPT_OF, Level, come_back_in

TOO_MANY = 429
CAUSE = "too much work"

# One in ten is kept, by its key's hash: numbers go in step with the jobs of an order. What is
# claimed before the next look is kept whole.
SHED = f"""
WITH gone AS (
    UPDATE deferral_job SET state = 'expired', settled_at = now(), cause = %(cause)s
    WHERE state = 'pending' AND expires_at IS NOT NULL AND lane = ANY(%(lanes)s)
      AND mod(abs(hashtext(key)::bigint), %(kept_of)s) <> 0
    RETURNING lane, body_id
), {releasing("gone")}
SELECT lane, count(*) FROM gone GROUP BY lane
"""  # noqa: S608 - steps of our own

COUNT = """
INSERT INTO deferral_relief AS r (lane, minute, shed, refused)
VALUES (%(lane)s, date_trunc('minute', now()), %(shed)s, %(refused)s)
ON CONFLICT (minute, lane)
DO UPDATE SET shed = r.shed + excluded.shed, refused = r.refused + excluded.refused
"""


def shed_jobs() -> int:
    """Give up nine of ten jobs that may be shed, where a lane is amber; return how many.

    Looked at every second by the relay. Counted in the same statement's transaction.
    """
    lanes = sampling.lanes_that_shed()
    if not lanes:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SHED, {"lanes": lanes, "cause": CAUSE, "kept_of": KEPT_OF})
        found = dict(cursor.fetchall())
        for lane, count in found.items():
            cursor.execute(COUNT, {"lane": lane, "shed": count, "refused": 0})
    if found:
        crashpoint("shed")
    return sum(found.values())


def refusal(request: HttpRequest, *, lanes: Collection[str]) -> HttpResponse | None:
    """For a request that would bring much work into `lanes` at once: 429 while one is red.

    With Retry-After from the rate at which the lane is done with, and a page that says when. None:
    go on. Never for a checkout, nor for anything that a customer has paid for.
    """
    now = sampling.of_lanes(lanes)
    if now.level is not Level.RED:
        return None
    seconds = come_back_in(now.load, random())  # noqa: S311 - no secret
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"lane": min(lanes, default=""), "shed": 0, "refused": 1})
    when = timezone.localtime(timezone.now() + timedelta(seconds=seconds))
    context = {"seconds": seconds, "when": when}
    page = loader.get_template("admin/deferral/too_much.html").render(context, request)
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    return HttpResponse(page, status=TOO_MANY, headers=headers)
