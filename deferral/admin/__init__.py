"""The desk of the machinery: everything can be looked at; only dead letters can be touched.

A row is never edited here. What a person decides goes through `deferral.dead_letters`, which
records who and why.
"""

from deferral.admin import desk, events, jobs, lanes, results, schedules, workers

__all__ = ["desk", "events", "jobs", "lanes", "results", "schedules", "workers"]
