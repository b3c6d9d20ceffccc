from django.db import migrations


def keep(apps, schema_editor):
    """What staff decided about orders until now, where it outlives whoever decided it."""
    model = {name: apps.get_model(*name.split(".")) for name in NAMES}
    entries = model["admin.LogEntry"].objects.filter(
        content_type__app_label="orders", content_type__model="order"
    )
    numbers = dict(model["orders.Order"].objects.filter(
        pk__in=[int(entry.object_id) for entry in entries]
    ).values_list("pk", "number"))
    model["deferral.Intervention"].objects.bulk_create(
        model["deferral.Intervention"](
            action="decide",
            by=entry.user.email,
            reason=entry.change_message,
            at=entry.action_time,
            subject=f"order:{number}",
            about=number,
        )
        for entry in entries.select_related("user").order_by("id")
        if (number := numbers.get(int(entry.object_id)))
    )


NAMES = ("admin.LogEntry", "orders.Order", "deferral.Intervention")


# As forms keep what is typed from now on: found in whichever form it is asked for.
COMPOSE = """
UPDATE orders_order SET name = normalize(name, NFC), address = normalize(address, NFC)
WHERE name IS NOT NFC NORMALIZED OR address IS NOT NFC NORMALIZED
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0012_names"),
        ("deferral", "0014_schedules"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.RunSQL(COMPOSE, migrations.RunSQL.noop),
    ]
