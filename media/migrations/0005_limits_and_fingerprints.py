from django.db import migrations, models

VERDICTS = [
    ("", "nobody has looked yet"),
    ("ok", "Ok"),
    ("review", "Review"),
    ("refused", "Refused"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("media", "0004_uploads"),
    ]

    operations = [
        migrations.AddField(
            model_name="asset",
            name="longest",
            field=models.PositiveSmallIntegerField(db_default=600, default=600),
        ),
        migrations.AddField(
            model_name="asset",
            name="moderated",
            field=models.CharField(
                blank=True, choices=VERDICTS, db_default="", default="", max_length=7
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="fingerprint",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
    ]
