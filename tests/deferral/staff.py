"""Who sits in the admin, and rows for them to look at."""

import itertools
from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from deferral.models import Event, Job
from deferral.registry import TASKS

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
_numbers = itertools.count(1)


def sitting(*permissions: str, superuser: bool = False) -> Client:
    """A logged-in member of staff with these permissions, for instance `view_job`."""
    user = User.objects.create(
        email=f"staff{next(_numbers)}@example.org", is_staff=True, is_superuser=superuser
    )
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user, MODEL_BACKEND)
    return client


def failure(class_: str = "PartnerAway", **changes: Any) -> dict[str, Any]:
    """An entry of a row's errors, as a worker writes it."""
    return {
        "at": "2026-11-22T10:00:00.000+00:00",
        "kind": "exhausted",
        "class": class_,
        "message": "503 <b>from</b> the partner",
        "traceback": f"Traceback (most recent call last):\n  {class_}",
        "attempt": 9,
        "worker": "1:17",
        **changes,
    }


def a_job(**changes: Any) -> Job:
    """A pending job, unless told otherwise."""
    facts: dict[str, Any] = {
        "key": f"effect:{next(_numbers)}",
        "subject": "order:H-1",
        "task": "deferral.sweep",
        "queue": "critical",
    }
    row = facts | changes
    row.setdefault("service", TASKS[row["task"]].service if row["task"] in TASKS else "")
    return Job.objects.create(**row)


def a_dead_job(cause: str = "PartnerAway", **changes: Any) -> Job:
    """One that failed to the end."""
    dead = {"state": "dead", "attempts": 9, "errors": [failure(cause)], "cause": cause}
    return a_job(**(dead | changes))


def an_event(**changes: Any) -> Event:
    """An expanded event, unless told otherwise."""
    facts: dict[str, Any] = {
        "type": "orders.order_paid",
        "subject": "order:H-1",
        "payload": {"order_id": 1},
        "state": "expanded",
    }
    return Event.objects.create(**(facts | changes))
