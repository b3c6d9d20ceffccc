"""Orders by the hundred thousand, as many letters each as real ones have."""

from django.db import connection

from orders.models import Order

FILL = """
INSERT INTO orders_order (
    number, tag, state, checkout_key, fingerprint, link_token, name, email, address, currency,
    subtotal_cents, shipping_cents, tax_cents, total_cents, created_at, paid_at, closed_by,
    closed_reason, steps
)
SELECT 'B-' || n, substr(md5(n::text), 1, 8), 'paid', gen_random_uuid(), md5(n::text), md5(n::text),
    (ARRAY['Ada Lovelace', 'Grace Hopper', 'Jörg Müller', 'José Núñez'])[1 + n %% 4],
    'customer' || n || '@example.org', n %% 300 || ' Quay Street, 20457 Hamburg', 'eur',
    1000 + n %% 90000, 450, 232, 1450 + n %% 90000, now() - (%(of)s - n) * interval '30 seconds',
    now() - (%(of)s - n) * interval '30 seconds' + interval '2 seconds', '', '', '[]'
FROM generate_series(%(first)s::int, %(of)s::int) n
"""


def fill(count: int) -> None:
    """So many in all; statistics and visibility as autovacuum would leave them."""
    have = Order.objects.filter(number__startswith="B-").count()
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"first": have + 1, "of": count})
        cursor.execute("VACUUM ANALYZE orders_order")
        cursor.execute("CHECKPOINT")
