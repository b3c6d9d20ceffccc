"""What anybody may type, send and break: every form, header, query and command gets some of it."""

from collections.abc import Iterator

NASTY = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\x1b[31m\x07\x7f",
    "\t\r\n",
    "\r\nSet-Cookie: session=stolen",
    "-1",
    "0",
    "9" * 400,
    "1e309",
    "NaN",
    "\u0663\u0664",  # digits that int() takes and PostgreSQL does not
    "\u00b2",  # isdigit() says yes, int() no
    "True",
    "null",
    "[]",
    '{"a": [1, {"b": null}]}',
    "a" * 20_000,
    "\N{BOMB}" * 300,
    "\u202egnp.exe\u202c",
    "\ufeff\u200b\u2028",
    "e\u0301" * 50,
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' OR 1=1; DROP TABLE orders_order; --",
    "%' ESCAPE '",
    "\\",
    "../../../../etc/passwd",
    "..%2f..%2f%00.pdf",
    "http://169.254.169.254/latest/meta-data/",
    "{{ settings.SECRET_KEY }}",
    "${7*7}%s%n%x",
    "__class__.__mro__",
    "00000000-0000-0000-0000-000000000000",
    "2026-13-45T99:99:99Z",
    "H-10001",
    "1,2,3",
)

# What our pages read: each is sent to every address, whether it knows it or not.
QUERY = (
    "q", "category", "page", "p", "o", "e", "all", "token", "state__exact", "state", "queue",
    "task",
    "type", "cause", "at__gte", "created_at__year", "about", "window", "next", "_to_field",
    "_popup", "is_staff__exact", "pk__in", "id__gt",
)  # fmt: skip
FIELDS = (
    "sku", "quantity", "checkout_key", "expected_total", "name", "email", "address",
    "postcode", "town", "region", "country", "as_written",
    "payment_method", "username", "password", "reason", "count", "action", "_selected_action",
    "select_across", "index", "confirmed", "preview", "per_minute", "pieces", "event_at", "price",
    "price_cents", "title", "slug", "available", "task", "kwargs", "every", "period", "minute",
    "hour", "enabled", "seen", "form-TOTAL_FORMS", "form-INITIAL_FORMS", "next", "old_password",
    "groups", "user_permissions", "last_login_0", "date_joined_0",
)  # fmt: skip
HEADERS = (
    "Accept", "Accept-Language", "Accept-Encoding", "Cookie", "Referer", "Origin", "User-Agent",
    "If-None-Match", "If-Modified-Since", "HX-Request", "HX-Current-URL", "Stripe-Signature",
    "X-Request-ID", "X-Forwarded-For", "X-Forwarded-Proto", "Range", "X-CSRFToken", "X-In-Place",
)  # fmt: skip


def some(seed: int, every: int) -> Iterator[str]:
    """Each `every`th word, beginning with another for each seed."""
    yield from NASTY[seed % every :: every]
