"""Stripe's lists: newest first, a page at a time."""

import json
import re

from sandbox.payment import form
from sandbox.payment.errors import invalid
from sandbox.payment.form import Params
from sandbox.payment.objects import PaymentObjects, Thing

_MOST = 100
_USUAL = 10
_AGES = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_CURSORS = {
    "starting_after": "seq < (SELECT seq FROM payment_object WHERE id = ?)",
    "ending_before": "seq > (SELECT seq FROM payment_object WHERE id = ?)",
}
_TERM = re.compile(r"""metadata\[["'](\w{1,40})["']\]\s*:\s*["']([^"']{1,500})["']""")

Condition = tuple[str, list[object]]


def page(objects: PaymentObjects, kind: str, url: str, params: Params) -> Thing:
    """List objects of a kind; `starting_after` walks back in time, `ending_before` forward."""
    limit = min(form.amount(params, "limit") or _USUAL, _MOST)
    where, values = _where(objects, kind, params)
    forward = "ending_before" in params
    rows = objects.store.rows(
        f"SELECT body FROM payment_object WHERE {where}"  # noqa: S608 fragments from this file
        f" ORDER BY seq {'ASC' if forward else 'DESC'} LIMIT ?",
        *values,
        limit + 1,
    )
    found = [json.loads(row["body"]) for row in rows[:limit]]
    return {
        "object": "list",
        "url": url,
        "has_more": len(rows) > limit,
        "data": found[::-1] if forward else found,
    }


def search(objects: PaymentObjects, kind: str, url: str, params: Params) -> Thing:
    """Search by one metadata field; unlike Stripe's, the result is never stale."""
    term = _TERM.fullmatch((form.text(params, "query") or "").strip())
    if term is None:
        raise invalid("query", "The sandbox searches for metadata['name']:'value' only.")
    rows = objects.store.rows(
        "SELECT body FROM payment_object WHERE kind = ? AND json_extract(body, ?) = ?"
        " ORDER BY seq DESC LIMIT ?",
        kind,
        f"$.metadata.{term[1]}",
        term[2],
        _MOST,
    )
    found = [json.loads(row["body"]) for row in rows]
    return {
        "object": "search_result",
        "url": url,
        "has_more": False,
        "next_page": None,
        "data": found,
    }


def _where(objects: PaymentObjects, kind: str, params: Params) -> Condition:
    parts: list[Condition] = [("kind = ?", [kind])]
    known = ("limit", "starting_after", "ending_before", "created", "type", "types", "expand")
    form.known(params, *known, "payment_intent", "charge", "delivery_success")
    parts += [*_cursors(objects, kind, params), *_ages(params), *_fields(params)]
    return " AND ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]


def _cursors(objects: PaymentObjects, kind: str, params: Params) -> list[Condition]:
    found: list[Condition] = []
    for name, where in _CURSORS.items():
        cursor = form.text(params, name)
        if cursor:
            objects.get(kind, cursor, param=name, status=400)
            found.append((where, [cursor]))
    return found


def _ages(params: Params) -> list[Condition]:
    created = params.get("created") or {}
    if not isinstance(created, dict):
        return [("created = ?", [form.amount(params, "created")])]
    known = [(sign, form.text(created, name)) for name, sign in _AGES.items()]
    return [(f"created {sign} CAST(? AS INTEGER)", [age]) for sign, age in known if age]


def _fields(params: Params) -> list[Condition]:
    found: list[Condition] = [
        (f"json_extract(body, '$.{name}') = ?", [params[name]])
        for name in ("payment_intent", "charge")
        if form.text(params, name)
    ]
    kinds = form.items(params, "types") or form.items(params, "type")
    if kinds:
        marks = ", ".join("?" * len(kinds))
        found.append((f"json_extract(body, '$.type') IN ({marks})", list(kinds)))
    return found
