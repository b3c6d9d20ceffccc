"""Celery as it comes: early acknowledgement, no events; a chord's results are kept in the broker.

A worker that is killed loses what it held. It stands here for its speed.
"""

from celery import signals
from django.conf import settings

from tests.baselines.twins import become_plain, twin

app = twin("defaults", result_backend=f"{settings.BROKER_URL}?virtual_host=1")
signals.celeryd_init.connect(become_plain)
