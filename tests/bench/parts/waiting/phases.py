"""What was seen of a run, and the same of several rounds taken together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from tests.bench.results import Row, Run
from tests.bench.statistics import middle, percentile

# Waiting is from due to begun, of the last try: see deferral.admin.jobs.timing.
BY_QUEUE = """
SELECT queue, count(*), sum(greatest(attempts - 1, 0))::int, sum(snoozes)::int,
       percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY
           greatest(extract(epoch FROM started_at - next_at), 0)::float),
       percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY
           extract(epoch FROM settled_at - started_at)::float)
FROM deferral_job JOIN unnest(%s::bigint[], %s::bigint[]) run(before, last)
  ON id > before AND id <= last
WHERE state = 'done' GROUP BY queue ORDER BY min(id)
"""
COUNTED = ("jobs", "retries", "snoozes")


@dataclass(frozen=True)
class Paid:
    """One run. `jobs`: the last before its own, and its own last.

    `arrivals`: by external service, seconds from the first payment to each order's last effect.
    """

    run: Run
    arrivals: Mapping[str, list[float]]
    repeats: int
    jobs: tuple[int, int]
    backends: int
    megabytes: float

    def rate(self, service: str) -> float:
        """Orders a second, from the first payment to the last of this service's effects."""
        return self.run.orders / max(self.arrivals[service])


@dataclass(frozen=True)
class Phase:
    """Medians of rates and of CPU; of all e-mails one list; of the rest the worst."""

    title: str
    rounds: list[Paid] = field(default_factory=list)

    def rate(self, service: str) -> float:
        """Orders a second of one external service."""
        return middle([paid.rate(service) for paid in self.rounds])

    def mail(self, percent: float) -> float:
        """Seconds from payment to e-mail, for so many per cent."""
        return percentile([wait for paid in self.rounds for wait in paid.run.to_mail], percent)

    @property
    def last_mail(self) -> float:
        """Seconds from a round's first payment until every e-mail was there."""
        return max(max(paid.arrivals["mail"]) for paid in self.rounds)

    @property
    def backends(self) -> int:
        """The most at any time."""
        return max(paid.backends for paid in self.rounds)

    @property
    def megabytes(self) -> float:
        """The most at any time."""
        return max(paid.megabytes for paid in self.rounds)

    @property
    def cpu_ms(self) -> dict[str, float]:
        """Milliseconds of CPU an order by role. Without the producer, who looks on meanwhile."""
        roles = self.rounds[0].run.cpu.keys() - {"producer"}
        return {role: middle([paid.run.cpu_ms(role) for paid in self.rounds]) for role in roles}

    def rows(self) -> list[Row]:
        """One line for all, from payment to e-mail; then one for each queue, from due to begun."""
        queues = list(self._queues())
        counts = {name: sum(row[name] for row in queues) for name in COUNTED}
        whole: Row = {
            "what": self.title,
            "orders/s": round(middle([paid.run.rate for paid in self.rounds]), 2),
            "p50 s": round(self.mail(50), 2),
            "p95 s": round(self.mail(95), 2),
            "last s": round(self.last_mail, 1),
            "CPU ms": round(sum(self.cpu_ms.values())),
            **counts,
            "repeats": sum(paid.repeats for paid in self.rounds),
            "backends": self.backends,
            "PSS MB": round(self.megabytes),
        }
        return [whole, *queues]

    def _queues(self) -> Iterator[dict[str, Any]]:
        before, last = zip(*(paid.jobs for paid in self.rounds), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(BY_QUEUE, [list(before), list(last)])
            for queue, *counted, waited, ran in cursor.fetchall():
                yield {
                    "what": f"  queue {queue}",
                    **dict(zip(COUNTED, counted, strict=True)),
                    "p50 s": round(waited[0], 2),
                    "p95 s": round(waited[1], 2),
                    "ran p50 s": round(ran[0], 2),
                    "ran p95 s": round(ran[1], 2),
                }
