"""Which kill ended an attempt, and how soon the work of it went on: from the ledger's rows."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deferral.models import Job
from tests.proofs.chaos.crew import Kill


@dataclass(frozen=True, order=True)
class Recovery:
    """Seconds from a kill to the end of the next attempt of a job that was running then."""

    seconds: float
    job: str
    killed: str

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s: {self.job}, {self.killed} killed"


def recoveries(kills: Sequence[Kill]) -> Iterator[Recovery]:
    """Of every job that was running at a kill, and was not killed again."""
    for job in Job.objects.exclude(errors=[]).iterator():
        ends = [*(entry["at"] for entry in job.errors[1:]), job.settled_at]
        kinds = [*(entry["kind"] for entry in job.errors[1:]), "settled"]
        for entry, end, kind in zip(job.errors, ends, kinds, strict=True):
            killed = killer(entry, kills) if entry["kind"] == "lost" else None
            if killed and end and kind != "lost":
                yield Recovery(moment(end) - killed.at, job.key, killed.role)


def killer(entry: dict[str, Any], kills: Sequence[Kill]) -> Kill | None:
    """The kill that ended this attempt; None when something else did."""
    _, _, pid = entry["worker"].partition(":")
    at = moment(entry["at"])
    found = [kill for kill in kills if int(pid) in kill.pids and kill.at <= at]
    return found[-1] if found else None


def moment(found: datetime | str) -> float:
    """Epoch."""
    at = datetime.fromisoformat(found) if isinstance(found, str) else found
    return at.timestamp()


def cut_off(kills: Sequence[Kill]) -> Counter[str]:
    """How many attempts were under way where these killed: by the names of who died."""
    jobs = Job.objects.exclude(errors=[]).iterator()
    lost = (entry for job in jobs for entry in job.errors if entry["kind"] == "lost")
    found = (killer(entry, kills) for entry in lost)
    return Counter(kill.name for kill in found if kill)
