from django.db import migrations, models
from django.db.models import F


def they_are_frozen(apps, schema_editor):
    """What has started before had its audience written down by that very statement."""
    campaigns = apps.get_model("notifications", "Campaign")
    campaigns.objects.filter(started_at__isnull=False).update(frozen_at=F("started_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0003_refusals'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='audience',
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='campaign',
            name='frozen_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='campaign',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('freezing', 'Freezing'), ('running', 'Running'), ('paused', 'Paused'), ('finished', 'Finished'), ('cancelled', 'Cancelled')], default='draft', editable=False, max_length=10),
        ),
        migrations.RunPython(they_are_frozen, migrations.RunPython.noop),
    ]
