import deferral.names
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0003_shipments'),
    ]

    operations = [
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.CharField(default=deferral.names.new_tag, editable=False, max_length=8, unique=True)),
                ('asked_key', models.UUIDField(editable=False)),
                ('state', models.CharField(choices=[('asked', 'asked for'), ('approved', 'approved'), ('refused', 'refused'), ('withdrawn', 'withdrawn'), ('arrived', 'arrived'), ('refunded', 'refunded'), ('closed', 'closed')], default='asked', max_length=9)),
                ('reason', models.CharField(choices=[('changed_mind', 'I changed my mind'), ('damaged', 'It is damaged or broken'), ('not_as_shown', 'It is not as it was shown'), ('wrong', 'It is not what I ordered'), ('other', 'Something else')], max_length=12)),
                ('words', models.TextField(blank=True, default='', max_length=1000)),
                ('answer', models.CharField(blank=True, default='', max_length=500)),
                ('moves', models.PositiveIntegerField(default=0, editable=False)),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('arrived_at', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='orders.order')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ReturnLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField()),
                ('arrived', models.PositiveIntegerField(default=0)),
                ('sold_again', models.PositiveIntegerField(default=0)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='orders.orderline')),
                ('returned', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.return')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='refund',
            name='of_return',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='orders.return'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['requested', 'pending', 'done'])), fields=('of_return',), name='refund_of_a_return_once'),
        ),
        migrations.AddConstraint(
            model_name='refundline',
            constraint=models.UniqueConstraint(fields=('refund', 'line', 'to_stock'), name='refund_names_a_line_once_each_way'),
        ),
        migrations.RemoveConstraint(
            model_name='refundline',
            name='refund_names_a_line_once',
        ),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.UniqueConstraint(fields=('order', 'asked_key'), name='return_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='return_refused_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['arrived', 'refunded']), _negated=True), ('arrived_at__isnull', False), _connector='OR'), name='return_arrived_some_day'),
        ),
        migrations.AddIndex(
            model_name='return',
            index=models.Index(models.F('state'), models.F('id'), condition=models.Q(('state__in', ['asked', 'approved', 'arrived'])), name='return_open'),
        ),
        migrations.AddConstraint(
            model_name='returnline',
            constraint=models.UniqueConstraint(fields=('returned', 'line'), name='return_names_a_line_once'),
        ),
        migrations.AddConstraint(
            model_name='returnline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='return_of_some'),
        ),
        migrations.AddConstraint(
            model_name='returnline',
            constraint=models.CheckConstraint(condition=models.Q(('arrived__lte', models.F('quantity'))), name='return_no_more_than_announced'),
        ),
        migrations.AddConstraint(
            model_name='returnline',
            constraint=models.CheckConstraint(condition=models.Q(('sold_again__lte', models.F('arrived'))), name='return_sold_again_of_arrived'),
        ),
    ]
