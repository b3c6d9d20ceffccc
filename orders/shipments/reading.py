"""What a supplier writes: one protocol for all of them, read strictly, made fit to be kept.

{"type": "shipment.packed", "timestamp": "2026-11-30T12:00:00+00:00", "data": {
    "order": "H-10482-7kq2m9xv", "shipment": "WH-7", "lines": [{"sku": "MUG-1", "quantity": 2}],
    "carrier": "…", "tracking_number": "…", "tracking_url": "https://…"}}

Each notice says what is in the parcel; the last three may be missing. What cannot be shown of them
is left out, and said to staff: the rest of the notice counts.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from deferral.inbox.receiving import NO_NOTICE
from deferral.inbox.source import LONGEST_ABOUT, LONGEST_KIND, Notice, word
from deferral.text.foreign import one_line
from orders.models import Shipment

log = structlog.get_logger(__name__)

STATES = {f"shipment.{state.value}": state.value for state in Shipment.State}
LONGEST_NAME, LONGEST_SKU, LONGEST_TRACKING, LONGEST_ADDRESS = 60, 40, 60, 500
MOST_LINES, MOST_PIECES = 200, 1_000_000
ADDRESS = URLValidator(schemes=["https"])


def read(name: str, body: bytes) -> Notice | None:
    """Of bytes that are signed. See `notice_of`."""
    return notice_of(name, json.loads(body))


def notice_of(name: str, said: Any) -> Notice | None:
    """None for what is no news of a parcel; any error of Python's for what is no notice."""
    kind = word(said["type"], LONGEST_KIND)
    if kind not in STATES:
        return None
    data = said["data"]
    content = {
        "state": STATES[kind],
        "said_at": _moment(said["timestamp"]),
        "shipment": word(data["shipment"], LONGEST_NAME),
        "lines": _lines(data["lines"]),
        **_tracking(data),
    }
    order = word(data["order"], LONGEST_ABOUT)
    return Notice(external_id=name, kind=kind, about=order, content=content)


def read_answer(said: Any, *, about: str) -> Notice | None:
    """One parcel of an answer, as a notice; None for what is none, or is about another order.

    Its name is made of what it says: the same answer again is the same notice.
    """
    try:
        digest = sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        notice = notice_of(f"asked:{digest[:32]}", said)
    except NO_NOTICE as error:
        log.warning("answer_not_understood", about=about, error=repr(error)[:200])
        return None
    return notice if notice is not None and notice.about == about else None


def is_address(text: Any) -> bool:
    """Whether a customer may be led there: https, a host, nobody's name and password."""
    if not isinstance(text, str) or len(text) > LONGEST_ADDRESS:
        return False
    try:
        ADDRESS(text)
        return text.isascii() and "@" not in urlsplit(text).netloc
    except (ValidationError, ValueError):
        return False


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    try:
        return moment.astimezone(UTC).isoformat()
    except OverflowError as error:
        raise ValueError(text) from error


def _lines(said: Any) -> dict[str, int]:
    found = {word(line["sku"], LONGEST_SKU): line["quantity"] for line in said}
    if not 0 < len(found) == len(said) <= MOST_LINES:
        raise ValueError("lines")
    for quantity in found.values():
        if type(quantity) is not int or not 0 < quantity <= MOST_PIECES:
            raise ValueError("quantity")
    return found


def _tracking(data: Any) -> dict[str, str]:
    """Three texts, and what was wrong with them."""
    number, address = data.get("tracking_number", ""), data.get("tracking_url", "")
    wrong = []
    if number and not _is_short(number):
        wrong.append("Its tracking number is not one that we show.")
        number = ""
    if address and not is_address(address):
        wrong.append(f"Its tracking address is not one that we show: {one_line(address, 80)}")
        address = ""
    return {
        "carrier": one_line(data.get("carrier"), LONGEST_TRACKING),
        "tracking_number": number or "",
        "tracking_url": address or "",
        "misfit": " ".join(wrong),
    }


def _is_short(text: Any) -> bool:
    is_line = isinstance(text, str) and text.isascii() and text.isprintable()
    return is_line and bool(text.strip()) and len(text) <= LONGEST_TRACKING
