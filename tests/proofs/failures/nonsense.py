"""Messages as nobody should write them, and the good ones of which they are made."""

import base64
import json
import uuid
from typing import Any

# No job has it: a hint that is good after all does nothing.
JOB = 2**40
SIGNATURE: dict[str, Any] = {
    "task": "deferral.sweep",
    "args": [],
    "kwargs": {"job": JOB},
    "options": {"task_id": str(uuid.UUID(int=2)), "queue": "critical"},
    "subtask_type": None,
    "immutable": True,
}
HEADERS: dict[str, Any] = {
    "lang": "py",
    "task": "deferral.sweep",
    "id": str(uuid.UUID(int=1)),
    "shadow": None,
    "eta": None,
    "expires": None,
    "group": str(uuid.UUID(int=3)),
    "group_index": None,
    "retries": 0,
    "timelimit": [70, 60],
    "root_id": str(uuid.UUID(int=1)),
    "parent_id": None,
    "argsrepr": "()",
    "kwargsrepr": f"{{'job': {JOB}}}",
    "origin": "gen1@host",
    "ignore_result": False,
    "replaced_task_nesting": 0,
    "stamped_headers": None,
    "stamps": {},
}
BODY = [
    [],
    {"job": JOB},
    {"callbacks": None, "errbacks": None, "chain": None, "chord": SIGNATURE},
]
COMMAND = {
    "method": "ping",
    "arguments": {},
    "destination": None,
    "pattern": None,
    "matcher": None,
    "ticket": str(uuid.UUID(int=4)),
    "reply_to": {"exchange": "reply.celery.pidbox", "routing_key": str(uuid.UUID(int=5))},
}


def message(body: Any, headers: Any) -> dict[str, Any]:
    """As kombu writes it to Valkey, its body still open."""
    return {
        "body": body,
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": headers,
        "properties": {
            "correlation_id": str(uuid.UUID(int=1)),
            "reply_to": str(uuid.UUID(int=6)),
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": "critical"},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": str(uuid.UUID(int=7)),
        },
    }


def packed(body: Any = None, headers: Any = None, **parts: Any) -> bytes:
    """One message in which something is otherwise. `headers` come over the good ones."""
    found = message(BODY if body is None else body, HEADERS | (headers or {})) | parts
    if "body" not in parts:
        found["body"] = base64.b64encode(json.dumps(found["body"]).encode()).decode()
    return json.dumps(found).encode()


def _without(part: str) -> bytes:
    found = json.loads(packed())
    del found[part]
    return json.dumps(found).encode()


TABLE: list[bytes] = [
    b"hello, not json",
    b'{"body": "e30=", "headers": {}}',
    b"",
    b"\xff\xfe\x00",
    b"null",
    b"[]",
    b"[" * 100_000,
    b'{"a": ' * 5_000,
    b'"' + b"x" * 300_000 + b'"',
    *(_without(part) for part in ("body", "headers", "properties")),
    packed(body="x", headers={"task": "nobody.knows"}),
    packed(
        headers={"task": "nobody.knows"},
        properties={
            "delivery_info": {"exchange": "made", "routing_key": "up"},
            "body_encoding": "base64",
            "delivery_tag": "x",
        },
    ),
    packed(headers={"task": "celery.chord_unlock"}, body=[["x", "y"], {}, {}]),
    packed(headers={"task": None}),
    packed(headers={"task": ["deferral.sweep"]}),
    packed(headers={"id": None}),
    packed(headers={"id": "\ud800"}),
    packed(headers={"id": "x" * 300}),
    packed(headers={"eta": "tomorrow"}),
    packed(headers={"eta": "9999-12-31T23:59:59+00:00"}),
    packed(headers={"expires": "2001-01-01T00:00:00+00:00"}),
    packed(headers={"expires": []}),
    packed(headers={"timelimit": 5}),
    packed(headers={"timelimit": ["a", "b"]}),
    packed(headers={"retries": 10**30}),
    packed(headers={"stamped_headers": 5}),
    packed(headers={"compression": "x-gzip"}),
    packed(headers={"update": 5}),
    packed(body=[[1], {"job": JOB}, {}]),
    packed(body=[[], {"job": "5"}, {}]),
    packed(body=[[], {"job": JOB, "more": 1}, {}]),
    packed(body=[[], {"job": JOB}, {"chord": 5}]),
    packed(body=[[], {"job": JOB}, {"chord": {"kwargs": {"job": []}}}]),
    packed(body=[[], {"job": JOB}, {"callbacks": [SIGNATURE]}]),
    packed(body=["args"]),
    packed(body={"args": [], "kwargs": 5}),
    packed(body=5),
    packed(body="%%%"),
    packed(body=""),
    packed(**{"content-type": "application/x-python-serialize"}),
    packed(**{"content-type": None}),
    packed(**{"content-type": 5}),
    packed(properties=[]),
    packed(properties={"delivery_info": {}, "body_encoding": "rot13", "delivery_tag": "x"}),
    packed(properties={"delivery_info": None, "body_encoding": "base64", "delivery_tag": "x"}),
    packed(properties={"delivery_info": {}, "body_encoding": ["base64"], "delivery_tag": []}),
    packed(body=[[], {"queue": "critical"}, {}], headers={"task": "deferral.marker"}),
]
