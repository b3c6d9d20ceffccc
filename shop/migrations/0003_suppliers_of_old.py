"""Reservations made before suppliers were kept: the product's of today, as they were read so far.

Apart from the new column: that locks the table, and this takes a while.
"""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """Safe to repeat. What the old version writes meanwhile stays NULL, and is read the same."""
    products = apps.get_model("shop", "Product").objects.filter(pk=OuterRef("product_id"))
    unknown = apps.get_model("shop", "Reservation").objects.filter(supplier=None)
    unknown.update(supplier=Subquery(products.values("supplier")))


class Migration(migrations.Migration):

    dependencies = [("shop", "0002_reservation_supplier")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
