"""The admin of the machinery: everything can be looked at; only dead letters can be touched.

A row is never edited here. What a person decides goes through `deferral.ledger.dead_letters`, which
records who and why.
"""

from deferral.admin import breakers, events, interventions, notices, queues, results, workers
from deferral.admin.first_page import cache, machinery, pressure
from deferral.admin.jobs import listing
from deferral.admin.schedules import editing, times

__all__ = [
    "breakers",
    "cache",
    "editing",
    "events",
    "interventions",
    "listing",
    "machinery",
    "notices",
    "pressure",
    "queues",
    "results",
    "times",
    "workers",
]
