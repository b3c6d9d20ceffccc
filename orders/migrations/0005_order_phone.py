from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0004_returns'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='phone',
            field=models.CharField(blank=True, db_default='', default='', max_length=16),
        ),
    ]
