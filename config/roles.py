"""Who may do what in the admin: four groups, written by every `migrate`.

A role is code: what is added to one of these groups by hand stays, what is taken from it comes
back. For anything else there are other groups.
"""

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions

# Sees everything that the others act upon.
READER = frozenset(
    {
        "orders.view_order",
        "orders.view_orderline",
        "orders.view_paymentattempt",
        "orders.view_reconciliation",
        "orders.view_refund",
        "orders.view_shipment",
        "orders.view_shipmentnotice",
        "orders.view_consignment",
        "orders.view_return",
        "orders.view_returnline",
        "shop.view_product",
        "shop.view_reservation",
        "reviews.view_review",
        "contact.view_message",
        "reports.view_document",
        "reports.view_ticket",
        "reports.view_export",
        "reports.view_statement",
        "reports.view_statementrun",
        "media.view_asset",
        "audit.view_auditentry",
        "notifications.view_sentmail",
        "notifications.view_sentsms",
        "notifications.view_campaign",
        "notifications.view_recipient",
        "notifications.view_subscription",
        "notifications.view_suppression",
        "webhooks.view_endpoint",
        "webhooks.view_delivery",
        "deferral.view_event",
        "deferral.view_job",
        "deferral.view_queue",
        "deferral.view_worker",
        "deferral.view_intervention",
        "deferral.view_breaker",
        "deferral.view_incomingnotice",
    }
)
ROLES = {
    "reader": READER,
    # Orders: the confirmation again, cancelling, refunding, correcting parcels, goods that come
    # back; webhooks again, and tests; the door; exports; what people have sent and written, and
    # whether it is shown.
    "support": READER
    | {
        "orders.change_order",
        "orders.change_return",
        "orders.change_shipment",
        "reports.change_ticket",
        "reports.add_export",
        "webhooks.change_delivery",
        "media.change_asset",
        "reviews.change_review",
        "contact.change_message",
    },
    # Campaigns: written, started, stopped; an address mailed again that works again.
    "marketing": READER
    | {
        "notifications.add_campaign",
        "notifications.change_campaign",
        "notifications.delete_suppression",
    },
    # The machinery: dead letters, external services, endpoints, schedules of the tasks made for
    # them; the door; everybody's exports; and who is logged in, to end that.
    "operator": READER
    | {
        "reports.change_ticket",
        "reports.add_export",
        "reports.see_all_exports",
        "webhooks.change_delivery",
        "webhooks.add_endpoint",
        "webhooks.change_endpoint",
        "webhooks.show_secret",
        "accounts.view_user",
        "accounts.end_sessions",
        "deferral.change_event",
        "deferral.change_job",
        "deferral.change_breaker",
        "django_celery_beat.view_periodictask",
        "django_celery_beat.add_periodictask",
        "django_celery_beat.change_periodictask",
        "django_celery_beat.view_crontabschedule",
        "django_celery_beat.add_crontabschedule",
        "django_celery_beat.view_intervalschedule",
        "django_celery_beat.add_intervalschedule",
        "django_celery_results.view_taskresult",
    },
}


def grant(sender: AppConfig, **_: Any) -> None:
    """Once every app was migrated, and so has its permissions. Safe to repeat."""
    if sender != [app for app in apps.get_app_configs() if app.models_module][-1]:
        return
    create_permissions(sender, verbosity=0)  # its turn may come after ours
    rows = apps.get_model("auth", "Permission").objects.select_related("content_type")
    known = {f"{row.content_type.app_label}.{row.codename}": row for row in rows}
    for name, permissions in ROLES.items():
        group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*(known[one] for one in permissions))
