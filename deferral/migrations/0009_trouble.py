from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deferral', '0008_stranger'),
    ]

    operations = [
        migrations.AddField(
            model_name='breaker',
            name='trouble',
            field=models.CharField(blank=True, db_default='', max_length=10),
        ),
    ]
