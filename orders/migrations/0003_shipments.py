import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import deferral.names

STATES = [
    ("announced", "announced"),
    ("packed", "packed"),
    ("refused", "refused"),
    ("on_its_way", "on its way"),
    ("lost", "lost"),
    ("delivered", "delivered"),
    ("returned", "returned to sender"),
]
NOW = django.db.models.functions.datetime.Now()
PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0002_mailboxes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Shipment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("supplier", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=60)),
                (
                    "tag",
                    models.CharField(
                        default=deferral.names.new_tag, editable=False, max_length=8
                    ),
                ),
                ("state", models.CharField(choices=STATES, max_length=10)),
                ("since", models.DateTimeField()),
                ("carrier", models.CharField(blank=True, max_length=60)),
                ("tracking_number", models.CharField(blank=True, max_length=60)),
                ("tracking_url", models.CharField(blank=True, max_length=500)),
                ("excess", models.BooleanField(default=False)),
                ("corrected_by", models.CharField(blank=True, max_length=254)),
                ("seen_as", models.CharField(blank=True, max_length=10)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(db_default=NOW)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="shipments", to="orders.order"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["refused", "lost", "returned"]),
                            ("excess", True),
                            _connector="OR",
                        ),
                        fields=["seen_as"],
                        name="shipment_troubled",
                    ),
                    models.Index(fields=["tracking_number"], name="shipment_tracking"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "supplier", "name"), name="shipment_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShipmentLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField()),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="shipped", to="orders.orderline"
                    ),
                ),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.shipment",
                    ),
                ),
            ],
            options={
                "ordering": ["line_id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shipment", "line"), name="shipment_names_a_line_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="shipment_of_some"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShipmentNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order_ref", models.CharField(max_length=100)),
                ("supplier", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=255)),
                ("shipment", models.CharField(max_length=60)),
                ("state", models.CharField(choices=STATES, max_length=10)),
                ("said_at", models.DateTimeField()),
                ("lines", models.JSONField(null=True)),
                ("carrier", models.CharField(blank=True, max_length=60)),
                ("tracking_number", models.CharField(blank=True, max_length=60)),
                ("tracking_url", models.CharField(blank=True, max_length=500)),
                ("by", models.CharField(blank=True, max_length=254)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("refused", models.BooleanField(default=False)),
                ("misfit", models.CharField(blank=True, max_length=300)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("received_at", models.DateTimeField(db_default=NOW)),
                (
                    "order",
                    models.ForeignKey(
                        null=True,
                        on_delete=PROTECT,
                        related_name="shipment_notices",
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("seen_at__isnull", True), models.Q(("misfit", ""), _negated=True)
                        ),
                        fields=["received_at"],
                        name="shipment_misfit",
                    ),
                    models.Index(fields=["order_ref"], name="shipment_notice_ref"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier", "name"), name="shipment_notice_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Consignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("supplier", models.CharField(max_length=20)),
                ("ask_at", models.DateTimeField(blank=True, null=True)),
                ("news_at", models.DateTimeField(blank=True, null=True)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("times_asked", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(db_default=NOW)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="consignments", to="orders.order"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ask_at__isnull", False)),
                        fields=["ask_at"],
                        name="consignment_open",
                    ),
                    models.Index(
                        condition=models.Q(("ask_at__isnull", False), ("asked_at__isnull", False)),
                        fields=["asked_at"],
                        name="consignment_asked",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("order", "supplier"), name="consignment_once")
                ],
            },
        ),
    ]
