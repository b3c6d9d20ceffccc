"""Order numbers are given by PostgreSQL; the first is H-10001."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE orders_number START 10001", "DROP SEQUENCE orders_number"
        ),
    ]
