"""Each address of the admin, for each role: nothing is read or decided that the role has not."""

import itertools
from collections.abc import Iterator, Mapping

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from django_celery_results.models import TaskResult

from accounts.admin import DECISIONS as OF_USERS
from accounts.models import User
from audit.models import AuditEntry
from config.roles import ROLES
from contact.admin.decisions import DECISIONS as OF_MESSAGES
from deferral.admin.breakers import ABOUT_BREAKERS
from deferral.admin.jobs.controls import CONTROLS
from deferral.ledger.dead_letters import discard_jobs
from deferral.models import Breaker, IncomingNotice, Queue, Worker
from media.admin import DECISIONS as OF_UPLOADS
from media.models import Asset
from notifications.admin.campaigns.decisions import ABOUT_CAMPAIGNS, ABOUT_RECIPIENTS
from notifications.models import (
    Campaign,
    Recipient,
    SentMail,
    SentSms,
    Subscription,
    Suppression,
)
from orders.admin.consignments import DECISIONS as OF_CONSIGNMENTS
from orders.admin.decisions import DECISIONS as OF_ORDERS
from orders.admin.misfits import DECISIONS as OF_MISFITS
from orders.admin.returns.decisions import DECISIONS as OF_RETURNS
from orders.admin.shipments import DECISIONS as OF_SHIPMENTS
from orders.models import Consignment, Reconciliation, Shipment, ShipmentNotice
from reports.models import Document, Export, Statement, StatementRun, Ticket
from reviews.admin.decisions import DECISIONS as OF_REVIEWS
from reviews.models import Review
from shop.admin.import_progress import DECISIONS as OF_IMPORTS
from shop.models import Product, ProductImport, Reservation
from tests.config.test_roles import somebody
from tests.contact.writing import taken
from tests.deferral.staff import a_dead_job, an_event, sitting
from tests.orders.buying import paid
from tests.orders.returning import asked, bought
from tests.proofs.hostile.addresses import HOLE, addresses
from tests.rig.depth import THOROUGH
from tests.webhooks.receiving import an_endpoint
from webhooks.admin.decisions import ABOUT_DELIVERIES, ABOUT_ENDPOINTS
from webhooks.models import Delivery

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]

WRITES = "notifications.change_campaign"
# With the one to change them.
IMPORTS = "shop.add_product"
STAFF = {**ROLES, "": frozenset[str]()}
# Who may look and decide nothing, and who may do most.
AT_HOME = ("reader", "operator")

# What is no list, form, deletion or history of a model: what it asks for. None: of all staff.
OWN = {
    "": None,
    "jsi18n/": None,
    "password_change/": None,
    "password_change/done/": None,
    "accounts/user/<int:user_id>/decide/<slug:name>/": "accounts.end_sessions",
    "accounts/user/<id>/password/": "accounts.change_user",
    "deferral/breaker/<path:name>/hold/<slug:verb>/": "deferral.change_breaker",
    "deferral/job/<int:job_id>/decide/<slug:verb>/": "deferral.change_job",
    "deferral/job/<int:job_id>/progress/": "deferral.view_job",
    "deferral/job/dead-letters/": "deferral.view_job",
    "deferral/job/time-per-task/": "deferral.view_job",
    "media/asset/<int:asset_id>/decide/<slug:verb>/": "media.change_asset",
    "media/asset/<int:asset_id>/made/": "media.view_asset",
    "reports/export/<int:export_id>/decide/<slug:verb>/": "reports.add_export",
    "reports/export/<int:export_id>/progress/": "reports.view_export",
    "reports/export/<int:export_id>/file/": "reports.view_export",
    "reports/export/ask/<slug:dataset>/": "reports.add_export",
    "contact/message/<int:message_id>/decide/<slug:verb>/": "contact.change_message",
    "reviews/review/<int:review_id>/decide/<slug:verb>/": "reviews.change_review",
    "reports/statementrun/<int:run_id>/progress/": "reports.view_statementrun",
    "django_celery_beat/periodictask/calendar/": "django_celery_beat.view_periodictask",
    "webhooks/delivery/<int:delivery_id>/decide/<slug:name>/": "webhooks.change_delivery",
    "webhooks/endpoint/<int:endpoint_id>/decide/<slug:verb>/": "webhooks.change_endpoint",
    "webhooks/endpoint/<int:endpoint_id>/recover/": "webhooks.change_endpoint",
    "webhooks/endpoint/<int:endpoint_id>/secret/": "webhooks.show_secret",
    "webhooks/endpoint/<int:endpoint_id>/test/": "webhooks.change_delivery",
    "notifications/campaign/<int:campaign_id>/decide/<slug:verb>/": WRITES,
    "notifications/campaign/<int:campaign_id>/html/": "notifications.view_campaign",
    "notifications/campaign/<int:campaign_id>/progress/": "notifications.view_campaign",
    "notifications/campaign/<int:campaign_id>/test/": WRITES,
    "notifications/recipient/<int:recipient_id>/decide/<slug:verb>/": WRITES,
    "notifications/sentmail/<int:mail_id>/html/": "notifications.view_sentmail",
    "orders/order/<int:order_id>/decide/<slug:name>/": "orders.change_order",
    "orders/consignment/<int:consignment_id>/decide/<slug:name>/": "orders.change_shipment",
    "orders/shipment/<int:shipment_id>/decide/<slug:name>/": "orders.change_shipment",
    "orders/shipmentnotice/<int:notice_id>/decide/<slug:name>/": "orders.change_shipment",
    "orders/return/<int:return_id>/decide/<slug:verb>/": "orders.change_return",
    "shop/product/<int:product_id>/film/": "shop.change_product",
    "shop/product/<int:product_id>/film/made/": "shop.change_product",
    "shop/product/<int:product_id>/film/send/": "shop.change_product",
    "shop/product/<int:product_id>/pictures/": "shop.change_product",
    "shop/product/<int:product_id>/pictures/<int:picture_id>/": "shop.change_product",
    "shop/product/<int:product_id>/preview/": "shop.view_product",
    "shop/product/<int:product_id>/restock/": "shop.change_product",
    "shop/productimport/<int:import_id>/decide/<slug:verb>/": IMPORTS,
    "shop/productimport/<int:import_id>/errors/": IMPORTS,
    "shop/productimport/<int:import_id>/progress/<slug:stage>/": IMPORTS,
    "shop/productimport/upload/": IMPORTS,
}
# Asked by no role, or by everybody; `admin/autocomplete/` has a test of its own below.
ELSEWHERE = {"login/", "logout/", "autocomplete/"}
VERBS: dict[str, Mapping[str, object]] = {
    "accounts/user": OF_USERS,
    "deferral/breaker": ABOUT_BREAKERS,
    "deferral/job": CONTROLS,
    "shop/product": {"1": None},
    "webhooks/delivery": ABOUT_DELIVERIES,
    "webhooks/endpoint": ABOUT_ENDPOINTS,
    "orders/order": OF_ORDERS,
    "orders/consignment": OF_CONSIGNMENTS,
    "orders/shipment": OF_SHIPMENTS,
    "orders/shipmentnotice": OF_MISFITS,
    "orders/return": OF_RETURNS,
    "media/asset": OF_UPLOADS,
    "reviews/review": OF_REVIEWS,
    "contact/message": OF_MESSAGES,
    "reports/export": {"withdraw": None},
    "shop/productimport": OF_IMPORTS,
    "notifications/campaign": ABOUT_CAMPAIGNS,
    "notifications/recipient": ABOUT_RECIPIENTS,
}
DIGEST = "(SELECT coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM {} t)"
SAID = {"reason": "mine", "amount": "1.00", "seen": "0", "pieces": "1", "count": "0", "post": "yes"}


@pytest.fixture
def rows() -> None:
    """One of each model that is in the admin."""
    call_command("seed", verbosity=0)
    order, endpoint, job = paid(), an_endpoint("acme"), a_dead_job()
    a_dead_job()
    an_event()
    discard_jobs([job.pk], by="ada", reason="a test")
    Breaker.objects.get_or_create(name="acme")
    Queue.objects.get_or_create(name="critical")
    Worker.objects.create(name="critical@here", pid=1)
    document = Document.objects.create(order=order, key="r", kind="ticket", filename="f", size=1)
    Ticket.objects.create(
        line=order.lines.get(), position=1, code="C0DE", holder="Ada", document=document
    )
    AuditEntry.objects.create(key="a", action="x", subject="y", actor="z", at=timezone.now())
    product = Product.objects.all()[0]
    Reservation.objects.get_or_create(order=order, product=product, quantity=1, supplier="x")
    moment, told = timezone.now(), {"order": order, "supplier": "warehouse", "state": "refused"}
    Shipment.objects.create(name="P-1", since=moment, **told)
    Consignment.objects.create(order=order, supplier="warehouse", ask_at=moment)
    ShipmentNotice.objects.create(
        name="n-1", shipment="P-1", said_at=moment, misfit="It is dated in the future.", **told
    )
    Review.objects.create(line=order.lines.get(), product=product, stars=4, words="Good.")
    IncomingNotice.objects.create(source="s", external_id="e", kind="k", about="p")
    asked(bought())
    Reconciliation.objects.create(
        day=timezone.now(), ours=0, theirs=0, ours_cents=0, theirs_cents=0
    )
    SentMail.objects.create(key="k", about="order:H-1", to="a@example.org", subject="s")
    SentSms.objects.create(key="k", about="order:H-1", number="+4915123456789", segments=1)
    taken()
    Subscription.objects.create(address="a@example.org")
    Suppression.objects.create(address="a@example.org", because="gone")
    campaign = Campaign.objects.create(title="News", words="New.")
    Recipient.objects.create(campaign=campaign, number=1, chunk=0, address="a@example.org")
    Delivery.objects.create(webhook_id="acme:1", endpoint=endpoint, type="x", body="{}")
    PeriodicTask.objects.create(
        name="sweep",
        task="deferral.sweep",
        interval=IntervalSchedule.objects.create(every=1, period="days"),
    )
    Asset.objects.create(key="asset:a", tag="a", kind="film", format="mp4", name="a", size=1)
    Export.objects.create(dataset="orders", format="csv", last_id=0, asked_by="a@example.org")
    ProductImport.objects.create(key="import:1", name="a.csv", file="imports/a", size=1)
    run = StatementRun.objects.create(
        month="2026-10-01", since=timezone.now(), until=timezone.now()
    )
    Statement.objects.create(run=run, customer="a@example.org", content={"sums": {}})
    CrontabSchedule.objects.create()
    TaskResult.objects.create(task_id="t")
    User.objects.create(email="other@example.org")


def with_an_export(who: Client) -> Client:
    """Others' are not there at all."""
    Export.objects.update(asked_by=User.objects.latest("pk").email)
    return who


def everything_stored() -> str:
    """A digest of every table but that of sessions, which logging in writes."""
    tables = sorted({*connection.introspection.django_table_names()} - {"accounts_session"})
    digests = "||".join(DIGEST.format(table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {digests}")
        return str(cursor.fetchone()[0])


def of_model(model: type[Model]) -> Iterator[tuple[str, str, str]]:
    """Address, method, and the permission without which it is refused."""
    app, name, row = model._meta.app_label, model._meta.model_name, model._default_manager.first()
    assert row is not None, model
    base, key = f"/admin/{app}/{name}/", admin.utils.quote(row.pk)
    for path, method, verb in (
        ("", "get", "view"),
        ("", "post", "view"),
        ("add/", "get", "add"),
        ("add/", "post", "add"),
        (f"{key}/change/", "get", "view"),
        (f"{key}/change/", "post", "change"),
        (f"{key}/delete/", "get", "delete"),
        (f"{key}/delete/", "post", "delete"),
        (f"{key}/history/", "get", "view"),
    ):
        yield f"{base}{path}", method, f"{app}.{verb}_{name}"


def of_pages() -> Iterator[tuple[str, str, str]]:
    """The same of what stands in OWN, with every verb that a page has."""
    models = {f"{m._meta.app_label}/{m._meta.model_name}": m for m in admin.site._registry}
    for route, permission in OWN.items():
        label = "/".join(route.split("/")[:2])
        row = models.get(label, User)._default_manager.first()
        for method, verb in itertools.product(("get", "post"), VERBS.get(label, {"": None})):
            yield f"/admin/{filled(route, str(row and row.pk), verb)}", method, permission or ""


def filled(route: str, key: str, verb: str) -> str:
    """The route with a row's key in its first hole and a verb in the second."""
    for word in (key, verb):
        route = HOLE.sub(word, route, count=1)
    return route


def answer_to(who: Client, method: str, address: str) -> int:
    return int(getattr(who, method)(address, SAID if method == "post" else {}).status_code)


def test_every_address_that_is_no_models_own_stands_here() -> None:
    models = {f"{m._meta.app_label}/{m._meta.model_name}/" for m in admin.site._registry}
    ends = (
        "",
        "add/",
        *(f"<path:object_id>/{end}" for end in ("change/", "delete/", "history/", "")),
    )
    usual = {f"{model}{end}" for model in models for end in ends}
    found = {one.removeprefix("admin/") for one in addresses() if one.startswith("admin/")}
    of_sites = {one for one in found if one.startswith(("r/", "("))}

    assert found - usual - of_sites == {*OWN, *ELSEWHERE}


@pytest.mark.parametrize("role", STAFF if THOROUGH else AT_HOME)
def test_nothing_is_read_or_decided_that_a_role_has_not(role: str, rows: None) -> None:
    who = with_an_export(somebody(*filter(None, [role])))
    before = everything_stored()
    asked = [*itertools.chain.from_iterable(map(of_model, admin.site._registry)), *of_pages()]
    for address, method, permission in asked:
        if permission and permission not in STAFF[role]:
            assert answer_to(who, method, address) == 403, (method, address)

    assert everything_stored() == before


@pytest.mark.parametrize("role", ROLES if THOROUGH else ["operator"])
def test_what_a_role_may_read_it_can(role: str, rows: None) -> None:
    who = with_an_export(somebody(role))
    for model in admin.site._registry:
        for address, method, permission in of_model(model):
            if method == "get" and ".view_" in permission and permission in STAFF[role]:
                assert answer_to(who, method, address) == 200, address


def test_nothing_is_completed_that_no_form_completes(rows: None) -> None:
    """Django's own would look any relation up, and ended with an error over some."""
    who = sitting(superuser=True)
    for model in apps.get_models():
        of = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
        for field in (one.name for one in model._meta.get_fields() if one.is_relation):
            found = who.get(f"/admin/autocomplete/?{of}&field_name={field}&term=")
            assert found.status_code == 404, (of, field)


def test_a_role_has_what_is_written_and_no_more() -> None:
    found = {
        group.name: {
            f"{one.content_type.app_label}.{one.codename}"
            for one in Permission.objects.filter(group=group).select_related("content_type")
        }
        for group in Group.objects.filter(name__in=ROLES)
    }
    assert found == {name: set(permissions) for name, permissions in ROLES.items()}
