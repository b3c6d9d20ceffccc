from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('action', models.CharField(max_length=50)),
                ('subject', models.CharField(max_length=100)),
                ('reference', models.CharField(max_length=100)),
                ('actor', models.CharField(max_length=254)),
                ('detail', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('filed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'audit entries',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['subject'], name='audit_subject')],
            },
        ),
    ]
