import deferral.names
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import webhooks.sealing
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('webhook_id', models.CharField(max_length=200, unique=True)),
                ('type', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=100)),
                ('body', models.TextField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('delivered_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name_plural': 'deliveries',
            },
        ),
        migrations.CreateModel(
            name='Endpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40, unique=True, verbose_name='name')),
                ('tag', models.CharField(default=deferral.names.new_tag, editable=False, max_length=8)),
                ('url', models.CharField(max_length=500, verbose_name='address')),
                ('events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('secret', webhooks.sealing.SealedField()),
                ('previous_secret', webhooks.sealing.SealedField(blank=True, default='')),
                ('previous_until', models.DateTimeField(null=True)),
                ('disabled_at', models.DateTimeField(null=True)),
                ('disabled_because', models.CharField(blank=True, default='', max_length=500)),
                ('failing_since', models.DateTimeField(null=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('warned', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'permissions': [('show_secret', 'Can have the secret of an endpoint shown')],
            },
        ),
        migrations.CreateModel(
            name='DeliveryAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('milliseconds', models.PositiveIntegerField()),
                ('response', models.CharField(blank=True, default='', max_length=1024)),
                ('error', models.CharField(blank=True, default='', max_length=300)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='webhooks.delivery')),
            ],
        ),
        migrations.AddField(
            model_name='delivery',
            name='endpoint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='webhooks.endpoint'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(models.F('subject'), name='delivery_subject'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(models.F('endpoint'), models.F('id'), name='delivery_endpoint'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(models.F('endpoint'), models.F('delivered_at'), condition=models.Q(('delivered_at__isnull', False)), name='delivery_delivered'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(models.F('id'), condition=models.Q(('delivered_at__isnull', True)), name='delivery_open'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['created_at'], name='delivery_created'),
        ),
    ]
