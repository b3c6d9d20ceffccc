import deferral.names
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.CharField(default=deferral.names.new_tag, editable=False, max_length=8, unique=True)),
                ('form_key', models.UUIDField(editable=False, unique=True)),
                ('topic', models.CharField(choices=[('order', 'An order'), ('goods', 'Something you sell'), ('tickets', 'Tickets and evenings'), ('other', 'Something else')], max_length=10)),
                ('name', models.CharField(max_length=100)),
                ('email', models.EmailField(max_length=254)),
                ('order_number', models.CharField(blank=True, default='', max_length=20)),
                ('words', models.TextField(max_length=4000)),
                ('is_acknowledged', models.BooleanField(default=True)),
                ('state', models.CharField(choices=[('waiting', 'waits for an answer'), ('answered', 'answered'), ('closed', 'closed without an answer')], default='waiting', max_length=8)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['id'], name='message_waiting'), models.Index(fields=['email'], name='message_email'), models.Index(django.db.models.functions.text.Lower('email'), name='message_mailbox'), models.Index(condition=models.Q(('order_number', ''), _negated=True), fields=['order_number'], name='message_order'), models.Index(condition=models.Q(('settled_at__isnull', False)), fields=['settled_at'], name='message_settled')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('tag', models.CharField(blank=True, default='', editable=False, max_length=8)),
                ('state', models.CharField(choices=[('asked', 'being made'), ('made', 'made'), ('unusable', 'came to nothing')], default='asked', max_length=8)),
                ('words', models.TextField(blank=True, default='', max_length=4000)),
                ('problem', models.CharField(blank=True, default='', max_length=300)),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('ended_at', models.DateTimeField(null=True)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='contact.message')),
            ],
            options={
                'ordering': ['id'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('message', 'number'), name='draft_number')],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=100)),
                ('tokens_in', models.PositiveIntegerField()),
                ('tokens_out', models.PositiveIntegerField()),
                ('cost', models.BigIntegerField()),
                ('is_known', models.BooleanField(default=False)),
                ('outcome', models.CharField(blank=True, default='', max_length=300)),
                ('began_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('draft', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='calls', to='contact.draft')),
            ],
            options={
                'ordering': ['id'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['began_at'], include=('tokens_in', 'tokens_out', 'cost'), name='ai_call_began')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('tag', models.CharField(default=deferral.names.new_tag, editable=False, max_length=8)),
                ('words', models.TextField(max_length=4000)),
                ('by', models.CharField(max_length=254)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='contact.message')),
            ],
            options={
                'ordering': ['id'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('message', 'number'), name='answer_number')],
            },
        ),
    ]
