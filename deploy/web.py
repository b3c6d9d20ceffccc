"""The web server's configuration: every option that is not gunicorn's default, with its reason.

`python -m gunicorn config.wsgi -c deploy/web.py --workers 2 -b 127.0.0.1:8000`, everywhere. What a
client may take is in `config/webserver.py`, which reads and writes for gunicorn's processes.
"""

import gc
import os
from typing import Any

# The settings ask for it: a pool of connections, and not one for each thread. Set here, because the
# worker's module loads them before `config.wsgi` is.
os.environ.setdefault("ROLE", "web")

worker_class = "config.webserver.PatientWorker"
# A checkout waits 0.8 s for the bank, with no connection held.
threads = 64
# So many may wait to be accepted while all of it is busy.
backlog = 2048
# The second worker shares the first one's memory, and is there at once.
preload_app = True
control_socket_disable = True
# A purchase that is being paid for is answered before a deploy ends its process.
graceful_timeout = 30
# Longer than proxies keep a connection that nobody uses: it is theirs to close.
keepalive = 75


def when_ready(_server: Any) -> None:
    """Before the fork: the collector would touch, and so copy, what the workers share."""
    gc.collect()
    gc.freeze()
