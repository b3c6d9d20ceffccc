"""The desk of the machinery: everything can be looked at; only dead letters can be touched.

A row is never edited here. What a person decides goes through `deferral.dead_letters`, which
records who and why.
"""

from deferral.admin import (
    breakers,
    events,
    interventions,
    jobs,
    lanes,
    machinery,
    pressure,
    results,
    schedules,
    workers,
)

__all__ = [
    "breakers",
    "events",
    "interventions",
    "jobs",
    "lanes",
    "machinery",
    "pressure",
    "results",
    "schedules",
    "workers",
]
