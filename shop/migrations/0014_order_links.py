import accounts.login_names
import deferral.names
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0013_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='OrderLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.CharField(default=deferral.names.new_tag, editable=False, max_length=8, unique=True)),
                ('address', accounts.login_names.LoginNameField(max_length=254)),
                ('limited', models.BooleanField(default=False)),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('secret', models.CharField(blank=True, max_length=64)),
                ('mails', models.PositiveSmallIntegerField(default=0)),
                ('expires_at', models.DateTimeField(null=True)),
                ('number', models.CharField(max_length=20)),
            ],
            options={
                'default_permissions': (),
                'abstract': False,
                'indexes': [models.Index(fields=['asked_at'], name='order_link_asked')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('secret', ''), _negated=True), fields=('secret',), name='order_link_secret')],
            },
        ),
    ]
