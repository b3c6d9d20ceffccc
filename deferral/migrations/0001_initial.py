import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('django_celery_beat', '0019_alter_periodictasks_options'),
    ]

    operations = [
        migrations.CreateModel(
            name='Breaker',
            fields=[
                ('name', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('window_began', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('calls', models.PositiveIntegerField(default=0)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('calls_before', models.PositiveIntegerField(default=0)),
                ('failures_before', models.PositiveIntegerField(default=0)),
                ('openings', models.PositiveSmallIntegerField(default=0)),
                ('open_until', models.DateTimeField(null=True)),
                ('probe_until', models.DateTimeField(null=True)),
                ('good_probes', models.PositiveSmallIntegerField(default=0)),
                ('answered_at', models.DateTimeField(null=True)),
                ('failing_since', models.DateTimeField(null=True)),
                ('recovered_from', models.DateTimeField(null=True)),
                ('message', models.CharField(blank=True, default='', max_length=300)),
                ('failure_kind', models.CharField(blank=True, db_default='', max_length=10)),
                ('override', models.CharField(blank=True, choices=[('', 'by itself'), ('open', 'held open'), ('closed', 'held closed')], default='', max_length=6)),
            ],
            options={
                'verbose_name': 'external service',
            },
        ),
        migrations.CreateModel(
            name='Queue',
            fields=[
                ('name', models.CharField(max_length=30, primary_key=True, serialize=False)),
                ('sent', models.DateTimeField(null=True)),
                ('seen', models.DateTimeField(null=True)),
                ('overdue_since', models.DateTimeField(null=True)),
                ('wait', models.DurationField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('form', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='kept', serialize=False, to='django_celery_beat.periodictask')),
                ('missed', models.CharField(choices=[('once', 'make up for all of them once'), ('each', 'make up for each, the latest hundred'), ('skip', 'leave them out')], default='once', max_length=4)),
                ('counted_from', models.DateTimeField(null=True)),
                ('meaning', models.CharField(blank=True, default='', max_length=64)),
                ('set_back', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='UnreadableMessages',
            fields=[
                ('queue', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('count', models.PositiveBigIntegerField(default=0)),
                ('last_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('why', models.CharField(blank=True, default='', max_length=200)),
            ],
            options={
                'db_table': 'deferral_unreadable',
            },
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('pid', models.PositiveIntegerField()),
                ('started_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('seen_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('stopping_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('type', models.CharField(max_length=100)),
                ('subject', models.CharField(max_length=100)),
                ('payload', models.JSONField()),
                ('context', models.JSONField(default=dict)),
                ('schema_version', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('expanded', 'Expanded'), ('dead', 'Dead'), ('discarded', 'Discarded')], default='pending', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('errors', models.JSONField(default=list)),
                ('cause', models.CharField(blank=True, db_default='', max_length=120)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('next_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expanded_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(models.F('next_at'), condition=models.Q(('state', 'pending')), name='event_pending'), models.Index(models.F('subject'), models.F('id'), condition=models.Q(('state__in', ['pending', 'dead'])), name='event_open'), models.Index(models.F('subject'), name='event_subject'), models.Index(models.F('expanded_at'), condition=models.Q(('state__in', ['expanded', 'discarded'])), name='event_settled')],
            },
        ),
        migrations.CreateModel(
            name='IncomingNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=60)),
                ('external_id', models.CharField(max_length=255)),
                ('kind', models.CharField(max_length=100)),
                ('about', models.CharField(max_length=100)),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.BrinIndex(fields=['received_at'], name='incoming_notice_received')],
                'constraints': [models.UniqueConstraint(fields=('source', 'external_id'), name='notice_once')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=200, unique=True)),
                ('subject', models.CharField(max_length=100)),
                ('task', models.CharField(max_length=100)),
                ('kwargs', models.JSONField(default=dict)),
                ('queue', models.CharField(max_length=30)),
                ('service', models.CharField(blank=True, db_default='', default='', max_length=60)),
                ('context', models.JSONField(default=dict)),
                ('schema_version', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('pending', 'Pending'), ('running', 'Running'), ('done', 'Done'), ('dead', 'Dead'), ('discarded', 'Discarded'), ('expired', 'Expired')], default='pending', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('crashes', models.PositiveSmallIntegerField(default=0)),
                ('losses', models.PositiveSmallIntegerField(default=0)),
                ('snoozes', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('next_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('task_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('epoch', models.PositiveIntegerField(default=0)),
                ('worker', models.CharField(blank=True, default='', max_length=60)),
                ('lease_until', models.DateTimeField(null=True)),
                ('ordering_key', models.CharField(max_length=100, null=True)),
                ('is_body', models.BooleanField(default=False)),
                ('open_parts', models.PositiveIntegerField(default=0)),
                ('release_at', models.DateTimeField(null=True)),
                ('errors', models.JSONField(default=list)),
                ('cause', models.CharField(blank=True, db_default='', max_length=120)),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='deferral.job')),
                ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='jobs', to='deferral.event')),
            ],
        ),
        migrations.CreateModel(
            name='Intervention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(choices=[('replay', 'Replay'), ('discard', 'Discard'), ('open', 'hold open'), ('close', 'hold closed'), ('release', 'leave to itself'), ('run', 'run now'), ('decide', 'decision')], max_length=10)),
                ('by', models.CharField(max_length=254)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('subject', models.CharField(blank=True, db_default='', max_length=100)),
                ('about', models.CharField(blank=True, db_default='', max_length=200)),
                ('breaker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='interventions', to='deferral.breaker')),
                ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='interventions', to='deferral.event')),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='interventions', to='deferral.job')),
            ],
        ),
        migrations.CreateModel(
            name='QueueSample',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('queue', models.CharField(max_length=30)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('waiting', models.PositiveIntegerField()),
                ('per_second', models.FloatField()),
                ('oldest', models.FloatField()),
                ('load', models.FloatField()),
                ('level', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(models.F('queue'), models.OrderBy(models.F('at'), descending=True), name='sample_queue')],
            },
        ),
        migrations.CreateModel(
            name='RateLimit',
            fields=[
                ('key', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('began', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('spent', models.PositiveIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['began'], name='rate_limit_began')],
            },
        ),
        migrations.CreateModel(
            name='Shedding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('queue', models.CharField(max_length=30)),
                ('minute', models.DateTimeField()),
                ('shed', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('minute', 'queue'), name='shedding_of_a_minute')],
            },
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(models.F('queue'), models.F('next_at'), condition=models.Q(('sent_at__isnull', True), ('state', 'pending')), name='job_due'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(models.F('queue'), models.F('sent_at'), condition=models.Q(('sent_at__isnull', False), ('state', 'pending')), name='job_sent'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(models.F('service'), models.F('queue'), models.F('next_at'), condition=models.Q(('state', 'pending'), models.Q(('service', ''), _negated=True)), name='job_service'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(models.F('id'), condition=models.Q(('state', 'running')), name='job_running'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('state', 'dead')), fields=['task', 'cause', 'id'], include=('settled_at',), name='job_dead'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(models.F('release_at'), condition=models.Q(('state', 'waiting')), name='job_release'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(models.F('id'), condition=models.Q(('sent_at__isnull', True), ('state', 'waiting')), name='job_join'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(models.F('expires_at'), condition=models.Q(('expires_at__isnull', False), ('state', 'pending')), name='job_expires'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(models.F('ordering_key'), models.F('id'), condition=models.Q(('ordering_key__isnull', False), ('state__in', ['waiting', 'pending', 'running', 'dead'])), name='job_ordering'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(models.F('subject'), models.F('id'), name='job_subject'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(models.F('settled_at'), condition=models.Q(('state__in', ['done', 'discarded', 'expired'])), name='job_settled'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(models.F('queue'), condition=models.Q(('state__in', ['pending', 'running', 'dead'])), name='job_open'),
        ),
        migrations.AddIndex(
            model_name='intervention',
            index=models.Index(models.F('subject'), models.F('id'), name='intervention_subject'),
        ),
        migrations.AddIndex(
            model_name='intervention',
            index=models.Index(models.F('about'), name='intervention_about'),
        ),
        # Every job row is written some five times in its short life. With room left on its page the
        # new version mostly lands beside the old one; both leave with the next vacuum, which comes early.
        migrations.RunSQL(
            "ALTER TABLE deferral_job SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02)",
            migrations.RunSQL.noop,
        ),
        # A count that a crash of the server may forget.
        migrations.RunSQL(
            "ALTER TABLE deferral_ratelimit SET UNLOGGED",
            "ALTER TABLE deferral_ratelimit SET LOGGED",
        ),
    ]
