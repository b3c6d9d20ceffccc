"""The Celery application that Flower watches with: the broker's address and nothing of the shop.

So its process holds no other secret, and has no code of ours that a page could be made to run.
"""

import os
from pathlib import Path

from celery import Celery


def broker_url() -> str:
    """BROKER_URL, or what the file holds that BROKER_URL_FILE names."""
    file = os.environ.get("BROKER_URL_FILE")
    return Path(file).read_text().strip() if file else os.environ.get("BROKER_URL", "")


app = Celery("monitor", broker=broker_url())
app.conf.update(
    accept_content=["json"],
    timezone=os.environ.get("TIME_ZONE") or "UTC",
    # A broker that hangs is a broker that is gone.
    broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 2}
    if broker_url().startswith("redis")
    else {},
)
