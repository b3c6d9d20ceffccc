"""The cache: a server of its own, or none."""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from config.contradictions.rules import LOOPBACK, rule

SCHEMES = {"redis", "rediss", "unix"}
SOCKETS = {"unix", "redis+socket"}
PORT = 6379
AMQP = ("amqp", "pyamqp")


@rule
def cache_is_unknown() -> bool:
    """CACHE_URL must begin with redis, rediss or unix, or be empty."""
    return bool(settings.CACHE_URL) and urlsplit(settings.CACHE_URL).scheme not in SCHEMES


@rule
def cache_is_the_broker() -> bool:
    """CACHE_URL and BROKER_URL lead to one server, whichever database of it: once it is full of
    pages it takes no hint. Start a second one, or leave CACHE_URL empty.
    """
    urls = [each for each in settings.BROKER_URL.split(";") if not each.startswith(AMQP)]
    brokers = {server_of(each) for each in urls}
    return bool(settings.CACHE_URL) and server_of(settings.CACHE_URL) in brokers


def server_of(url: str) -> tuple[str, int]:
    """Host and port, or the path of a socket. Two names of one host are two here: the doctor asks
    the servers themselves.
    """
    found = urlsplit(url)
    if found.scheme in SOCKETS:
        return str(Path(found.path).resolve()), 0
    host = (found.hostname or "localhost").rstrip(".")
    return ("localhost" if host in LOOPBACK else host), found.port or PORT
