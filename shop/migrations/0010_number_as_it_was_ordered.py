from django.db import migrations

# Of goods that 0008 has numbered anew: their lines, and their suppliers, know them by the old
# number, which no product has now. The new one is the old one, cut where it is too long, and a count.
# Lines of downloads have the new number, and others never changed.
AS_ORDERED = r"""
UPDATE shop_reservation reservation
SET sku = line.sku
FROM orders_orderline line, shop_product product
WHERE product.id = reservation.product_id
    AND line.order_id = reservation.order_id
    AND line.sku NOT IN (SELECT sku FROM shop_product)
    AND product.sku ~ '-[0-9]+$'
    AND CASE
        WHEN length(product.sku) = 40 THEN
            starts_with(line.sku, regexp_replace(product.sku, '-[0-9]+$', ''))
        ELSE line.sku = regexp_replace(product.sku, '-[0-9]+$', '')
    END
    AND NOT EXISTS (
        SELECT FROM orders_orderline own
        WHERE own.order_id = reservation.order_id AND own.sku = product.sku
    )
"""


class Migration(migrations.Migration):
    # Apart from the column: nobody waits for its table while rows are looked for.
    dependencies = [
        ('orders', '0002_mailboxes'),
        ('shop', '0009_reservation_sku'),
    ]

    operations = [
        migrations.RunSQL(AS_ORDERED, migrations.RunSQL.noop),
    ]
