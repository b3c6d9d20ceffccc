from django.db import migrations

# As forms keep what is typed from now on: found in whichever form it is asked for.
COMPOSE = """
UPDATE shop_product SET title = normalize(title, NFC), subtitle = normalize(subtitle, NFC),
    venue = normalize(venue, NFC), description = normalize(description, NFC)
WHERE title || subtitle || venue || description IS NOT NFC NORMALIZED
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0003_suppliers_of_old")]

    operations = [migrations.RunSQL(COMPOSE, migrations.RunSQL.noop)]
