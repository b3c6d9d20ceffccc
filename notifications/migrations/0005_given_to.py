from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0004_frozen_by_a_job'),
    ]

    operations = [
        migrations.AddField(
            model_name='recipient',
            name='given_to',
            field=models.CharField(blank=True, db_default='', max_length=400),
        ),
    ]
