import django.contrib.postgres.indexes
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0006_campaign_next_at'),
    ]

    operations = [
        migrations.CreateModel(
            name='SentSms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('about', models.CharField(max_length=100)),
                ('number', models.CharField(max_length=16)),
                ('text', models.CharField(max_length=400)),
                ('segments', models.PositiveSmallIntegerField()),
                ('name', models.CharField(blank=True, max_length=100)),
                ('sent_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'SMS',
                'verbose_name_plural': 'SMS',
                'indexes': [models.Index(fields=['about'], name='sms_about'), django.contrib.postgres.indexes.BrinIndex(fields=['sent_at'], name='sms_sent')],
            },
        ),
    ]
