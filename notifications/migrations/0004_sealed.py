import notifications.sealing
from django.db import migrations


def seal_all(apps, schema_editor):
    """What lies there in clear is sealed by being written: the field does that."""
    for endpoint in apps.get_model("notifications", "Endpoint").objects.all():
        endpoint.save(update_fields=["secret", "previous_secret"])


def open_all(apps, schema_editor):
    """Back to what older code reads."""
    for endpoint in apps.get_model("notifications", "Endpoint").objects.all():
        secrets = [notifications.sealing.opened(one) for one in (endpoint.secret, endpoint.previous_secret)]
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "UPDATE notifications_endpoint SET secret = %s, previous_secret = %s WHERE id = %s",
                [*secrets, endpoint.pk],
            )


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0003_names'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='endpoint',
            options={'permissions': [('show_secret', 'Can have the secret of an endpoint shown')]},
        ),
        migrations.AlterField(
            model_name='endpoint',
            name='previous_secret',
            field=notifications.sealing.SealedField(blank=True, default=''),
        ),
        migrations.AlterField(
            model_name='endpoint',
            name='secret',
            field=notifications.sealing.SealedField(),
        ),
        migrations.RunPython(seal_all, open_all),
    ]
