from django.db import migrations

# What went back before there were rows of refunds, and what was on its way. What a person has still
# to see to, or gave up, is free to be decided again.
DONE = """
INSERT INTO orders_refund (payment_id, amount_cents, state, by, reason, refusal, requested_at, settled_at)
SELECT p.id, p.amount_cents, CASE p.state WHEN 'refunded' THEN 'done' ELSE 'requested' END,
       o.closed_by, o.closed_reason, '', coalesce(o.closed_at, o.refunded_at, now()), o.refunded_at
FROM orders_paymentattempt p JOIN orders_order o ON o.id = p.order_id
WHERE p.amount_cents > 0
  AND (p.state = 'refunded' OR p.state = 'captured' AND o.closed_by <> '')
  AND NOT EXISTS (SELECT FROM orders_refund r WHERE r.payment_id = p.id)
  AND NOT EXISTS (SELECT FROM deferral_job j
                  WHERE j.key = 'refund:' || o.id AND j.state IN ('dead', 'discarded'));
UPDATE orders_paymentattempt SET refunded_cents = amount_cents
WHERE state = 'refunded' AND refunded_cents = 0;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0010_refunds'),
        ('deferral', '0008_stranger'),
    ]

    operations = [
        migrations.RunSQL(DONE, migrations.RunSQL.noop, elidable=True),
    ]
