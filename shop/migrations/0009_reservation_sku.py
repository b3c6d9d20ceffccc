from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0008_sku_whatever_its_case'),
    ]

    operations = [
        migrations.AddField(
            model_name='reservation',
            name='sku',
            field=models.CharField(blank=True, db_default='', max_length=40),
        ),
    ]
