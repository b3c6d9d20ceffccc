"""The shape of a message in Valkey, as kombu writes it: JSON around a body in base64."""

from collections.abc import Mapping
from typing import Any

from kombu.transport.virtual import Channel
from kombu.utils.json import loads

from deferral.broker.unreadable import Unreadable, throw_away

# Bytes. A hint has two thousand.
LARGEST = 256_000
PARTS = (("properties", dict), ("headers", dict), ("body", str))


def is_readable(raw: bytes, queue: str) -> bool:
    """Whether it has that shape. What has not is said and counted, and there is nothing to give."""
    try:
        _check(raw)
    except Exception as error:  # noqa: BLE001 - whatever it holds
        throw_away(queue, error, raw)
        return False
    return True


def _check(raw: bytes) -> None:
    """Raise Unreadable, or whatever reading it raises."""
    if len(raw) > LARGEST:
        raise Unreadable("too large")
    found = loads(raw.decode())
    if not isinstance(found, dict):
        raise Unreadable("no object")
    for name, wanted in PARTS:
        if not isinstance(found.get(name), wanted):
            raise Unreadable("no " + name)
    if "compression" in found["headers"]:
        raise Unreadable("it is packed")  # a small message may hold a large one
    _check_address(found["properties"])
    _open(found["body"], found["properties"])


def _check_address(properties: Mapping[str, Any]) -> None:
    if not isinstance(properties.get("delivery_info"), dict):
        raise Unreadable("no delivery_info")
    if "delivery_tag" not in properties:
        raise Unreadable("no delivery_tag")


def _open(body: str, properties: Mapping[str, Any]) -> None:
    encoding = properties.get("body_encoding") or "utf-8"
    if encoding != "utf-8":
        Channel.codecs[encoding].decode(body)
