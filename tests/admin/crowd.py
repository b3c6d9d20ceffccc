"""A crowd: as many rows of everything as a busy year leaves, written by SQL in seconds.

Also for the running shop, to measure by hand:
`make manage ARGS='shell -c "from tests.admin.crowd import crowd; crowd(100_000)"'`.
"""

from django.db import connection

# Spread over 80 days, the youngest now. Of a hundred jobs one is dead, three wait, one of which
# has failed before.
CROWD = """
INSERT INTO orders_order (number, tag, state, checkout_key, fingerprint, link_token, name, email,
    address, currency, subtotal_cents, shipping_cents, tax_cents, total_cents, created_at, paid_at,
    closed_by, closed_reason, steps)
SELECT 'H-9' || n, left(md5('tag' || n), 8),
       CASE WHEN n %% 20 = 0 THEN 'payment_failed' ELSE 'paid' END, gen_random_uuid(), '',
       md5(n::text), 'Customer ' || n, 'customer' || n || '@example.org', 'Quay Street ' || n,
       'eur', 3800, 450, 700, 4250, at, CASE WHEN n %% 20 > 0 THEN at END, '', '', '[]'
FROM (SELECT n, now() - (%(count)s - n) * interval '80 days' / %(count)s AS at
      FROM generate_series(1, %(count)s) n) each;

INSERT INTO orders_orderline (order_id, sku, kind, title, detail, unit_cents, quantity,
    tax_basis_points, tax_cents, total_cents)
SELECT id, 'PR-001', 'ticket', 'Lantern Walk', '', 3800, 1, 1900, 607, 3800
FROM orders_order WHERE number LIKE 'H-9%%';

INSERT INTO orders_paymentattempt (order_id, key, state, provider_ref, method, card, amount_cents,
    reason, created_at, settled_at)
SELECT id, gen_random_uuid(), CASE state WHEN 'paid' THEN 'captured' ELSE 'failed' END, 'pi_' || id,
       'pm_card_visa', 'Visa ending 4242', 4250, '', created_at, created_at
FROM orders_order WHERE number LIKE 'H-9%%';

INSERT INTO reports_document (order_id, key, kind, title, filename, file, sha256, size, created_at)
SELECT id, 'receipt:crowd' || id, 'receipt', 'Receipt', number || '.pdf', 'crowd.pdf', '', 48000,
       created_at
FROM orders_order WHERE number LIKE 'H-9%%';

INSERT INTO reports_ticket (line_id, position, code, holder)
SELECT l.id, 1, 'crowd' || l.id, 'Customer' FROM orders_orderline l
JOIN orders_order o ON o.id = l.order_id WHERE o.number LIKE 'H-9%%';

INSERT INTO audit_auditentry (key, action, subject, reference, actor, detail, at)
SELECT 'audit:crowd' || id, 'order_paid', 'order:' || number, number || '-crowd', 'customer', '{}',
       created_at
FROM orders_order WHERE number LIKE 'H-9%%';

INSERT INTO shop_reservation (order_id, product_id, supplier, quantity, state, created_at)
SELECT id, (SELECT min(id) FROM shop_product), 'warehouse', 1, 'committed', created_at
FROM orders_order WHERE number LIKE 'H-9%%' AND EXISTS (SELECT FROM shop_product);

INSERT INTO orders_shipment (order_id, supplier, name, tag, state, since, carrier, tracking_number,
    tracking_url, excess, corrected_by, seen_as)
SELECT id, 'warehouse', 'P-1', left(md5('parcel' || id), 8),
       CASE WHEN id %% 9 = 0 THEN 'lost' ELSE 'delivered' END, created_at, 'Post', 'HP ' || id, '',
       false, '', ''
FROM orders_order WHERE number LIKE 'H-9%%';

INSERT INTO orders_consignment (order_id, supplier, ask_at, times_asked)
SELECT id, 'warehouse', created_at, 0 FROM orders_order WHERE number LIKE 'H-9%%';

INSERT INTO orders_shipmentnotice (order_id, order_ref, supplier, name, shipment, state, said_at,
    carrier, tracking_number, tracking_url, by, reason, refused, misfit)
SELECT id, number || '-crowd', 'warehouse', 'crowd' || id, 'P-1', 'delivered', created_at, '', '',
       '', '', '', id %% 9 = 0, CASE WHEN id %% 9 = 0 THEN 'It is dated in the future.' ELSE '' END
FROM orders_order WHERE number LIKE 'H-9%%';

INSERT INTO reviews_review (tag, line_id, product_id, state, stars, words, name, version, decisions,
    reason, written_at)
SELECT left(md5('review' || l.id), 8), l.id, (SELECT min(id) FROM shop_product), 'waiting',
       1 + l.id %% 5, 'It smells of the sea.', '', 1, 0, '', now()
FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
WHERE o.number LIKE 'H-9%%' AND EXISTS (SELECT FROM shop_product);

INSERT INTO orders_return (order_id, tag, asked_key, state, reason, words, answer, moves, asked_at)
SELECT id, left(md5('return' || id), 8), gen_random_uuid(),
       CASE WHEN id %% 3 = 0 THEN 'approved' ELSE 'asked' END, 'changed_mind', 'Too large.', '', 0,
       created_at
FROM orders_order WHERE number LIKE 'H-9%%';

INSERT INTO orders_returnline (returned_id, line_id, quantity, arrived, sold_again)
SELECT r.id, l.id, 1, 0, 0 FROM orders_return r JOIN orders_orderline l ON l.order_id = r.order_id;

INSERT INTO notifications_sentmail (key, about, "to", subject, text, html, attachments, sent_at)
SELECT 'order_confirmation:crowd' || id, 'order:' || number, email, 'Your order ' || number,
       repeat('Thank you. ', 90), repeat('<p>Thank you.</p>', 300), '[]', created_at
FROM orders_order WHERE number LIKE 'H-9%%';

INSERT INTO notifications_subscription (address, name, state, asked_at)
SELECT 'customer' || n || '@example.org', '', 'confirmed', now()
FROM generate_series(1, %(count)s) n;

INSERT INTO notifications_campaign (tag, title, words, bought, per_minute, state, run, failures,
    paused_because, html, text, digest, created_at)
SELECT 'crowd', 'Crowd', 'News', '', 3000, 'finished', 1, 0, '', '', '', '', now()
WHERE %(count)s > 0;

INSERT INTO notifications_recipient (campaign_id, number, chunk, address, name, state, done_at)
SELECT (SELECT max(id) FROM notifications_campaign), n, n / 100, 'customer' || n || '@example.org',
       '', 'sent', now()
FROM generate_series(1, %(count)s) n;

INSERT INTO webhooks_endpoint (slug, tag, url, events, secret, previous_secret,
    disabled_because, failures, warned)
SELECT 'crowd', 'crowd', 'https://crowd.example/hooks', '{order.completed}', 'whsec_Y3Jvd2Q=',
       '', '', 0, 0
WHERE %(count)s > 0 ON CONFLICT DO NOTHING;

INSERT INTO webhooks_delivery (webhook_id, endpoint_id, type, subject, body, created_at,
    delivered_at)
SELECT 'crowd:order.completed:' || o.id, e.id, 'order.completed', 'order:' || number,
       '{"type": "order.completed"}', created_at, CASE WHEN o.id %% 9 > 0 THEN created_at END
FROM orders_order o, webhooks_endpoint e WHERE number LIKE 'H-9%%' AND slug = 'crowd';

INSERT INTO webhooks_deliveryattempt (delivery_id, at, status, milliseconds, response, error)
SELECT id, created_at, CASE WHEN delivered_at IS NULL THEN 503 ELSE 204 END, 40, '', ''
FROM webhooks_delivery WHERE webhook_id LIKE 'crowd:%%';

INSERT INTO deferral_event (type, subject, payload, context, schema_version, state, attempts,
    errors, created_at, next_at, expanded_at)
SELECT 'orders.order_paid', 'order:' || number, '{"order_id": 1}', '{}', 1, 'expanded', 0, '[]',
       created_at, created_at, created_at
FROM orders_order WHERE number LIKE 'H-9%%';

INSERT INTO deferral_job (key, subject, task, kwargs, queue, context, schema_version, state,
    attempts, crashes, losses, snoozes, created_at, next_at, sent_at, started_at, settled_at,
    task_id, epoch, worker, is_body, open_parts, errors, cause)
SELECT 'crowd:' || n, 'order:H-9' || n, tasks[1 + n %% 4], '{"order_id": 1}', queues[1 + n %% 4],
       '{}', 1, state, CASE WHEN n %% 100 = 2 OR state = 'dead' THEN 9 ELSE 1 END, 0, 0, 0, at,
       CASE WHEN state = 'pending' THEN now() + interval '3 days' ELSE at END, at, at,
       CASE WHEN state <> 'pending' THEN at + interval '1 s' END, gen_random_uuid(), 1, '1:1',
       false, 0,
       CASE WHEN n %% 100 = 2 OR state = 'dead' THEN jsonb_build_array(jsonb_build_object(
           'at', at, 'began', at, 'kind', 'exhausted', 'class', 'Retry', 'cause', 'nobody answered',
           'message', 'nobody answered: ' || n, 'attempt', 9, 'worker', '1:1',
           'traceback', repeat('  File "x.py", line 1, in f' || n, 120))) ELSE '[]' END,
       CASE WHEN state = 'dead' THEN 'nobody answered' ELSE '' END
FROM (SELECT n, now() - (%(count)s - n) * interval '80 days' / %(count)s AS at,
             CASE WHEN n %% 100 = 1 THEN 'dead' WHEN n %% 100 IN (2, 3, 4) THEN 'pending'
                  ELSE 'done' END AS state,
             ARRAY['notifications.send_confirmation', 'webhooks.deliver_webhook',
                   'deferral.sweep', 'notifications.count_sale'] AS tasks,
             ARRAY['critical', 'mail', 'partners', 'analytics', 'bulk'] AS queues
      FROM generate_series(1, %(count)s) n) each;

INSERT INTO deferral_intervention (action, by, reason, at, job_id)
SELECT 'replay', 'harbour', 'the partner is back', created_at, id
FROM deferral_job WHERE key LIKE 'crowd:%%';
"""


def crowd(count: int) -> None:
    """So many orders, jobs, events, payments, documents, tickets, mails and interventions."""
    with connection.cursor() as cursor:
        for statement in CROWD.split(";\n"):
            if statement.strip():
                cursor.execute(statement, {"count": count})
        cursor.execute("ANALYZE")
