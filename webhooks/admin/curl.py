"""A delivery as a command that somebody can run elsewhere. No secret is in it."""

import shlex

from webhooks.deliveries import headers_for
from webhooks.models import Delivery


def curl(delivery: Delivery) -> str:
    """The next attempt, whole. Its signature is of this moment: receivers refuse it after five
    minutes, as they do whatever is played to them again. `-g`: an address is no pattern.
    """
    headers = headers_for(delivery.endpoint, delivery)
    named = [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items()]
    body = f"--data-binary {shlex.quote(delivery.body)}"
    address = shlex.quote(delivery.endpoint.url)
    return " \\\n  ".join([f"curl -gi -X POST {address}", *named, body])
