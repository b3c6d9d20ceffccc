import accounts.login_names
import deferral.names
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_login_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountDeletion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.CharField(default=deferral.names.new_tag, editable=False, max_length=8, unique=True)),
                ('address', accounts.login_names.LoginNameField(blank=True, max_length=254)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('begun', 'Begun'), ('done', 'Done'), ('cancelled', 'Cancelled')], default='asked', max_length=9)),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('due_at', models.DateTimeField()),
                ('waits_for', models.CharField(blank=True, default='', max_length=300)),
                ('until', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deletions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'begun'])), fields=('user',), name='deletion_once')],
            },
        ),
    ]
