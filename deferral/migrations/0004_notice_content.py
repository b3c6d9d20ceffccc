from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deferral', '0003_paused_is_open'),
    ]

    operations = [
        migrations.AddField(
            model_name='incomingnotice',
            name='content',
            field=models.JSONField(null=True),
        ),
    ]
