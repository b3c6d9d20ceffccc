"""What the address of a list may ask: nothing but what stands here, whoever asks."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.test import RequestFactory
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from accounts.models import User
from config.admin_site import HalyardAdmin
from deferral.guarded import Guarded
from tests.config.test_roles import ROLES, somebody
from tests.deferral.staff import sitting
from tests.rig.depth import THOROUGH
from tests.webhooks.receiving import an_endpoint
from webhooks.models import Delivery, Endpoint

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]

# Each list, and every lookup that it answers. Whoever adds one writes it down here.
ASKED = {
    "accounts.user": "groups__id__exact groups__isnull is_active__exact is_active__isnull "
    "is_staff__exact is_staff__isnull is_superuser__exact is_superuser__isnull",
    "audit.auditentry": "action action__isnull at__gte at__lt filed_at__isempty",
    "auth.group": "",
    "contact.message": "state__exact state__isnull topic__exact topic__isnull",
    "deferral.breaker": "",
    "deferral.event": "cause state__exact state__isnull type",
    "deferral.incomingnotice": "",
    "deferral.intervention": "action__exact action__isnull at__gte at__lt",
    "deferral.job": "cause event__exact queue state__exact state__isnull subject__exact task "
    "task_id__exact",
    "deferral.queue": "",
    "deferral.worker": "",
    "django_celery_beat.crontabschedule": "",
    "django_celery_beat.intervalschedule": "",
    "django_celery_beat.periodictask": "enabled__exact enabled__isnull",
    "django_celery_results.taskresult": "date_done__gte date_done__lt status status__isnull "
    "task_id__exact",
    "webhooks.delivery": "created_at__gte created_at__lt endpoint__id__exact endpoint__isnull type",
    "webhooks.endpoint": "",
    "notifications.campaign": "state__exact state__isnull",
    "notifications.recipient": "campaign__id__exact state__exact state__isnull",
    "notifications.subscription": "state__exact state__isnull",
    "notifications.suppression": "",
    "notifications.sentmail": "sent_at__gte sent_at__lt",
    "notifications.sentsms": "sent_at__gte sent_at__lt",
    "orders.consignment": "",
    "orders.order": "created_at__gte created_at__lt paid_at__gte paid_at__isnull paid_at__lt "
    "state__exact state__isnull",
    "orders.paymentattempt": "created_at__gte created_at__lt state__exact state__isnull",
    "orders.reconciliation": "",
    "orders.shipment": "state__exact state__isnull",
    "orders.shipmentnotice": "state__exact state__isnull",
    "orders.return": "reason__exact reason__isnull state__exact state__isnull",
    "reports.document": "created_at__gte created_at__lt kind__exact kind__isnull",
    "media.asset": "kind__exact kind__isnull verdict__exact verdict__isnull",
    "reports.export": "dataset dataset__isnull format__exact format__isnull",
    "reports.statement": "run__id__exact run__isnull",
    "reports.statementrun": "",
    "reports.ticket": "used_at__isempty",
    "reviews.review": "state__exact state__isnull",
    "shop.product": "category__exact category__isnull on_sale__exact on_sale__isnull "
    "supplier__exact supplier__isnull",
    "shop.productimport": "",
    "shop.reservation": "state__exact state__isnull supplier__exact supplier__isnull",
}
# Beside every lookup of Django's that a column may have: what a JSON column may be asked.
PARTS = ("exact", "iexact", "startswith", "regex", "gt", "gte", "lt", "lte", "contains", "in")
MORE = ("isnull", "isempty", "length", "range", "0", "year")
# So many relations are followed.
FAR = 3
# A path that ends in one of these leads to what no list shows, sorts by or looks for.
SECRET = {"secret", "previous_secret", "password", "link_token", "checkout_key", "url", "html"}
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
# "" is a superuser, whom nothing else refuses: at home it asks alone.
ASKING = [*ROLES, ""] if THOROUGH else [""]


def paths(model: type[Model], before: str = "", far: int = FAR) -> Iterator[str]:
    """Every column that can be named from here, over relations in both directions."""
    for field in model._meta.get_fields():
        path = f"{before}{field.name}"
        yield path
        if isinstance(field.related_model, type) and far > 1:
            yield from paths(field.related_model, f"{path}__", far - 1)


def of_models(function: Any) -> Any:
    return pytest.mark.parametrize("model", REGISTERED, ids=lambda one: one._meta.label_lower)(
        function
    )


@of_models
def test_a_list_answers_what_it_names_and_nothing_else(model: type[Model]) -> None:
    staff, request = admin.site._registry[model], RequestFactory().get("/")
    request.user = User(is_staff=True, is_superuser=True)
    ends = ("", *(f"__{part}" for part in (*PARTS, *MORE)))
    tried = {f"{path}{end}" for path in paths(model) for end in ends}
    named = ASKED[model._meta.label_lower].split()

    found = {lookup for lookup in {*tried, *named} if staff.lookup_allowed(lookup, "x", request)}

    assert found == set(named)


@of_models
@pytest.mark.parametrize("role", ASKING)
def test_a_role_that_asks_for_more_is_refused(role: str, model: type[Model]) -> None:
    who = somebody(role) if role else sitting(superuser=True)
    app, name = model._meta.app_label, model._meta.model_name
    for field in model._meta.concrete_fields:
        answer = who.get(f"/admin/{app}/{name}/?{field.name}__regex=^w")
        assert answer.status_code in {400, 403}, field


@of_models
def test_nothing_secret_is_sorted_by_searched_or_shown(model: type[Model]) -> None:
    staff, request = admin.site._registry[model], RequestFactory().get("/")
    request.user = User(is_staff=True, is_superuser=True)
    columns = [*staff.get_list_display(request), *staff.get_search_fields(request)]
    shown = {str(getattr(getattr(staff, str(c), c), "admin_order_field", c)) for c in columns}

    assert not {word for path in shown for word in path.split("__")} & SECRET


def test_a_reader_finds_no_secret_out_piece_by_piece() -> None:
    an_endpoint("acme")
    reader = somebody("reader")

    for asked in (
        "webhooks/endpoint/?secret__startswith=whsec_M",
        "webhooks/endpoint/?url__regex=hooks",
        "webhooks/delivery/?endpoint__secret__startswith=whsec_M",
        "orders/order/?link_token__gt=M",
        "orders/paymentattempt/?order__link_token__gt=M",
        "shop/reservation/?_facets=1&order__link_token__gt=M",
        "reports/ticket/?line__order__link_token__gt=M",
        "deferral/job/?kwargs__order_id=1",
    ):
        assert reader.get(f"/admin/{asked}").status_code == 400, asked


def test_what_is_registered_without_a_word_is_guarded_too() -> None:
    site = HalyardAdmin()
    site.register(User)
    site.register(Endpoint, admin.ModelAdmin, search_fields=("slug",))

    for staff in site._registry.values():
        assert isinstance(staff, Guarded)
        assert not staff.lookup_allowed("id__exact", "1", RequestFactory().get("/"))


def test_who_decides_about_lookups_alone_is_not_registered() -> None:
    class Open(Guarded[Endpoint]):
        def lookup_allowed(self, lookup: str, value: Any, request: Any) -> bool:
            return True

    with pytest.raises(ImproperlyConfigured, match="Open decides about lookups itself"):
        HalyardAdmin().register(Endpoint, Open)


def test_who_may_only_look_at_schedules_switches_none_off() -> None:
    """The package's actions name no permission."""
    daily = IntervalSchedule.objects.create(every=1, period="days")
    row = PeriodicTask.objects.create(name="sweep", task="deferral.sweep", interval=daily)
    who, page = sitting("view_periodictask"), "/admin/django_celery_beat/periodictask/"
    assert b"disable_tasks" not in who.get(page).content

    who.post(page, {"action": "disable_tasks", "_selected_action": [row.pk]})

    assert PeriodicTask.objects.get().enabled


def test_what_a_form_completes_is_completed() -> None:
    an_endpoint("acme")
    site = HalyardAdmin()
    site.register(Endpoint, search_fields=("slug",), ordering=("slug",))
    site.register(Delivery, autocomplete_fields=("endpoint",))
    named = {"app_label": "webhooks", "model_name": "delivery", "field_name": "endpoint"}
    request = RequestFactory().get("/", named | {"term": "acm"})
    request.user = User(is_staff=True, is_superuser=True)

    assert b'"text": "acme"' in site.autocomplete_view(request).content
