"""A join's body: it is released by its last part, and waits only so long for one that is buried."""

from django.db import connection

# How long a body waits for a buried part before it goes without, in seconds.
PATIENCE = 15 * 60


def releasing(settled: str, *, due: str = "now()") -> str:
    """SQL: the steps of a statement that count off the parts which its step `settled` returns.

    `settled` returns their `body_id`. The last part makes the body due at `due`, an expression over
    the body `b`. The counter changes under the row lock of the body, so two last parts cannot miss
    each other. `state || ''` keeps the planner off the index of all that wait, whose statistics of
    a quiet hour say that there are none.
    """
    return f"""counted AS (
    SELECT body_id AS id, count(*) AS parts FROM {settled}
    WHERE body_id IS NOT NULL GROUP BY body_id ORDER BY body_id
), released AS (
    UPDATE deferral_job b
    SET open_parts = b.open_parts - counted.parts,
        state = CASE WHEN b.open_parts = counted.parts THEN 'pending' ELSE b.state END,
        next_at = CASE WHEN b.open_parts = counted.parts THEN {due} ELSE b.next_at END,
        sent_at = CASE WHEN b.open_parts = counted.parts THEN NULL ELSE b.sent_at END
    FROM counted WHERE b.id = counted.id AND b.state || '' = 'waiting'
)"""  # noqa: S608 - steps of our own


def warning(buried: str) -> str:
    """SQL: the step that gives the bodies of buried parts their deadline.

    `buried`, an earlier step, returns the `body_id` of those parts. Asks for `patience`, in
    seconds. A deadline that stands already stays: it began with the first part that was buried.
    """
    return f"""warned AS (
    UPDATE deferral_job b
    SET release_at = coalesce(b.release_at, now() + make_interval(secs => %(patience)s))
    FROM {buried} WHERE b.id = {buried}.body_id AND b.state || '' = 'waiting'
)"""  # noqa: S608 - a step of our own


WARN = f"WITH buried AS (SELECT %(body)s::bigint AS body_id), {warning('buried')} SELECT 1"


def warn(body_id: int) -> None:
    """A part of this body is buried. Once PATIENCE is over, the body goes without it."""
    with connection.cursor() as cursor:
        cursor.execute(WARN, {"body": body_id, "patience": PATIENCE})
