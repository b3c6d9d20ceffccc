"""Textbook Celery for work that matters: late acknowledgement, results in Django's database.

Task events are on, as in the product, so that both can be watched in Flower.
"""

from celery import signals

from tests.baselines.twins import become_plain, twin

OPTIONS = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "result_backend": "django-db",
    "worker_send_task_events": True,
    "task_send_sent_event": True,
}
app = twin("textbook", **OPTIONS)
signals.celeryd_init.connect(become_plain)
