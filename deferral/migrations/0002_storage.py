"""How the ledger lies on disk: room on each page, and frequent vacuuming.

Every job row is written some five times in its short life. With room left on its page the new
version mostly lands beside the old one; both leave with the next vacuum, which comes early.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deferral", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE deferral_job SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02)",
            migrations.RunSQL.noop,
        ),
    ]
