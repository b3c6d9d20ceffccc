"""The ledger: what happened (`Event`), what must therefore be done (`Job`), and who does it.

All times are the database's clock. Only this app writes these tables.
"""

from deferral.models.breakers import Breaker
from deferral.models.events import Event
from deferral.models.interventions import Intervention
from deferral.models.jobs import Job
from deferral.models.notices import IncomingNotice
from deferral.models.pressure import QueueSample, Shedding
from deferral.models.queues import Queue
from deferral.models.rate_limits import RateLimit
from deferral.models.schedules import Schedule
from deferral.models.steps import JobStep
from deferral.models.unreadable import UnreadableMessages
from deferral.models.workers import Worker

__all__ = [
    "Breaker",
    "Event",
    "IncomingNotice",
    "Intervention",
    "Job",
    "JobStep",
    "Queue",
    "QueueSample",
    "RateLimit",
    "Schedule",
    "Shedding",
    "UnreadableMessages",
    "Worker",
]
