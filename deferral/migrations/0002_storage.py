"""How the ledger lies on disk: room for updates in place, and frequent vacuuming.

Every job row is updated four times in its short life; with a fifth of each page free those are
mostly heap-only updates that touch no index (fillfactor: PostgreSQL manual, CREATE TABLE).
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
