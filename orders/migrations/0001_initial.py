import deferral.names
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
import orders.models
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        # Order numbers are given by PostgreSQL; the first is H-10001.
        migrations.RunSQL(
            "CREATE SEQUENCE orders_number START 10001", "DROP SEQUENCE orders_number"
        ),
        migrations.CreateModel(
            name='Reconciliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('tag', models.CharField(default=deferral.names.new_tag, editable=False, max_length=8)),
                ('ran_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('ours', models.PositiveIntegerField()),
                ('theirs', models.PositiveIntegerField()),
                ('ours_cents', models.PositiveBigIntegerField()),
                ('theirs_cents', models.PositiveBigIntegerField()),
                ('findings', models.JSONField(default=list)),
            ],
            options={
                'ordering': ['-day'],
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(editable=False, max_length=20, unique=True)),
                ('tag', models.CharField(default=deferral.names.new_tag, editable=False, max_length=8)),
                ('state', models.CharField(choices=[('awaiting_payment', 'awaiting payment'), ('payment_unknown', 'payment unknown'), ('payment_failed', 'payment failed'), ('paid', 'paid'), ('cancelled', 'cancelled'), ('refunded', 'refunded')], default='awaiting_payment', max_length=20)),
                ('checkout_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('fingerprint', models.CharField(editable=False, max_length=64)),
                ('link_token', models.CharField(default=orders.models.new_link_token, editable=False, max_length=40)),
                ('name', models.CharField(max_length=200)),
                ('email', models.EmailField(max_length=254)),
                ('address', models.TextField(blank=True)),
                ('currency', models.CharField(default='eur', max_length=3)),
                ('subtotal_cents', models.PositiveIntegerField()),
                ('shipping_cents', models.PositiveIntegerField(default=0)),
                ('tax_cents', models.PositiveIntegerField()),
                ('total_cents', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('paid_at', models.DateTimeField(blank=True, null=True)),
                ('kept_until', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('refunded_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by', models.CharField(blank=True, max_length=254)),
                ('closed_reason', models.CharField(blank=True, max_length=500)),
                ('steps', models.JSONField(default=list, editable=False, encoder=django.core.serializers.json.DjangoJSONEncoder)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['awaiting_payment', 'payment_unknown'])), fields=['created_at'], name='order_unsettled'), models.Index(condition=models.Q(('kept_until__isnull', False)), fields=['kept_until'], name='order_kept'), models.Index(fields=['email'], name='order_email'), django.contrib.postgres.indexes.BrinIndex(fields=['created_at'], name='order_created', pages_per_range=16)],
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=40)),
                ('kind', models.CharField(choices=[('print', 'Print'), ('home', 'Home'), ('ticket', 'Ticket'), ('download', 'Download')], max_length=10)),
                ('title', models.CharField(max_length=200)),
                ('detail', models.CharField(blank=True, max_length=200)),
                ('unit_cents', models.PositiveIntegerField()),
                ('quantity', models.PositiveIntegerField()),
                ('tax_basis_points', models.PositiveIntegerField()),
                ('tax_cents', models.PositiveIntegerField()),
                ('total_cents', models.PositiveIntegerField()),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.order')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='PaymentAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('requested', 'Requested'), ('held', 'Held'), ('captured', 'Captured'), ('failed', 'Failed'), ('unknown', 'Unknown'), ('at_bank', 'at the bank'), ('refunded', 'Refunded')], default='requested', max_length=10)),
                ('provider_ref', models.CharField(blank=True, max_length=100)),
                ('method', models.CharField(blank=True, max_length=100)),
                ('return_url', models.CharField(blank=True, db_default='', editable=False, max_length=300)),
                ('bank_since', models.DateTimeField(blank=True, null=True)),
                ('card', models.CharField(blank=True, max_length=40)),
                ('amount_cents', models.PositiveIntegerField()),
                ('refunded_cents', models.PositiveIntegerField(db_default=0)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='orders.order')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.CharField(default=deferral.names.new_tag, editable=False, max_length=8)),
                ('amount_cents', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('requested', 'Requested'), ('pending', 'on its way'), ('done', 'Done'), ('refused', 'Refused'), ('failed', 'Failed'), ('canceled', 'Canceled'), ('given_up', 'given up')], default='requested', max_length=10)),
                ('by', models.CharField(max_length=254)),
                ('reason', models.CharField(max_length=500)),
                ('refusal', models.CharField(blank=True, max_length=300)),
                ('provider_ref', models.CharField(blank=True, db_default='', max_length=100)),
                ('requested_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('came_back_at', models.DateTimeField(blank=True, null=True)),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='orders.paymentattempt')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='RefundLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField()),
                ('pieces', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), default=list, size=None)),
                ('to_stock', models.BooleanField(default=False)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='orders.orderline')),
                ('refund', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.refund')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='paymentattempt',
            index=models.Index(models.F('provider_ref'), condition=models.Q(('provider_ref', ''), _negated=True), name='payment_ref'),
        ),
        migrations.AddIndex(
            model_name='paymentattempt',
            index=models.Index(models.F('created_at'), condition=models.Q(('state__in', ['requested', 'held'])), name='payment_open'),
        ),
        migrations.AddConstraint(
            model_name='paymentattempt',
            constraint=models.CheckConstraint(condition=models.Q(('refunded_cents__lte', models.F('amount_cents'))), name='payment_not_overdrawn'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(models.F('id'), condition=models.Q(('state', 'requested')), name='refund_open'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(models.F('id'), condition=models.Q(('state', 'pending')), name='refund_on_its_way'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(models.F('provider_ref'), condition=models.Q(('provider_ref', ''), _negated=True), name='refund_ref'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='refund_of_something'),
        ),
        migrations.AddConstraint(
            model_name='refundline',
            constraint=models.UniqueConstraint(fields=('refund', 'line'), name='refund_names_a_line_once'),
        ),
        migrations.AddConstraint(
            model_name='refundline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='refund_of_some'),
        ),
    ]
