"""The workers of another Celery application, which knows nothing of our threads."""

from dataclasses import replace

from launcher.workers import Worker

# In the place of threads.
CHILDREN = {"mail": 2, "partners": 4, "mailings": 1}


def in_children(worker: Worker) -> Worker:
    """It serves the same queues, and every job of them has a time limit that ends it."""
    return replace(worker, pool="prefork", size=CHILDREN.get(worker.name, worker.size))
