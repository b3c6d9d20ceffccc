"""What a provider, or whoever stands in its way, may answer instead of what was asked for."""

import json
from typing import Any

LONG = "x" * 100_000
# Bodies by name. Each is tried with statuses of every kind.
ODD: dict[str, bytes] = {
    "nothing": b"",
    "a page": b"<html><body>Under maintenance</body></html>",
    "half a JSON": b'{"id": "pi_odd", "status": "succ',
    "no JSON number": b"NaN",
    "null": b"null",
    "a list": b"[]",
    "a list of lists": b'[[{"status": "succeeded"}]]',
    "a text": b'"succeeded"',
    "an empty object": b"{}",
    "an error that is a text": b'{"error": "text"}',
    "an error that is a list": b'{"error": ["text"]}',
    "an error that is null": b'{"error": null}',
    "an error that is a number": b'{"error": 7}',
    "an error of wrong types": b'{"error": {"type": 1, "code": {}, "message": [], "param": 5}}',
    "an OAuth error": b'{"error": "invalid_grant", "error_description": {"a": 1}}',
    "an object of another kind": b'{"object": "list", "data": 5, "has_more": true}',
    "an unhashable kind": b'{"object": ["refund"], "id": "re_1"}',
    "names of wrong types": b'{"id": ["pi_odd"], "object": "payment_intent", "status": {"a": 1}}',
    "deep": b"[" * 100_000,
    "deep inside": b'{"error": ' * 2_000 + b"1" + b"}" * 2_000,
    "no UTF-8": b'{"error": {"message": "\xff\xfe"}}',
    "a long text": json.dumps({"error": {"message": LONG, "code": LONG}}).encode(),
    "too long": b" " * 3_000_000,
}


def an_intent(**changes: Any) -> dict[str, Any]:
    """Succeeded, of two mugs; changed."""
    charge = {"paid": True, "captured": True, "amount_refunded": 0, "disputed": False}
    facts = {
        "id": "pi_odd",
        "object": "payment_intent",
        "status": "succeeded",
        "amount": 4_090,
        "amount_received": 4_090,
        "currency": "eur",
        "latest_charge": {"id": "ch_odd", "object": "charge", **charge},
    }
    return facts | changes
