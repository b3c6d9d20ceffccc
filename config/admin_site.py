"""The admin: Django's admin with our skin, and a first page that says how things stand."""

from typing import Any, ClassVar

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.exceptions import DisallowedModelAdminToField
from django.contrib.admin.options import TO_FIELD_VAR
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.forms import LoginForm
from deferral.first_page import Page, pages_for, panels_for
from deferral.guarded import Guarded


class HalyardAdmin(AdminSite):
    """What stands on the first page is the apps' (deferral.first_page); here it is put together."""

    site_header = site_title = "Halyard"
    index_title = "Overview"
    index_template = "halyard_admin/index.html"
    login_form = LoginForm
    # The apps as staff think of them; whatever is not named here comes last.
    order: ClassVar = (
        *("orders", "shop", "reviews", "contact", "reports", "notifications", "webhooks"),
        *("audit", "deferral", "accounts"),
    )

    def register(
        self,
        model_or_iterable: Any,
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Nothing stands in the admin that is not guarded, whoever wrote it."""
        super().register(model_or_iterable, guarded(admin_class or ModelAdmin), **options)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Warnings, cards, panels; then the lists."""
        panels = panels_for(request.user)
        shown = {
            "panels": panels,
            "cards": [card for panel in panels for card in panel.cards],
            "warnings": [warning for panel in panels for warning in panel.warnings],
        }
        return super().index(request, shown | (extra_context or {}))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """For the fields that a registered form completes: Django looks any relation up, and fails
        over one that is not a column. Else 404.
        """
        asked = f"{request.GET.get('app_label')}.{request.GET.get('model_name')}"
        model_admin = {str(one.opts.label_lower): one for one in self._registry.values()}.get(asked)
        field = request.GET.get("field_name")
        if model_admin is None or field not in model_admin.get_autocomplete_fields(request):
            raise Http404
        return super().autocomplete_view(request)

    def has_permission(self, request: HttpRequest) -> bool:
        """Asked by every page. An empty name of a field is refused here: Django looks for it."""
        if "" in {request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)}:
            raise DisallowedModelAdminToField("No field has an empty name.")
        return super().has_permission(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The stock list in our order, with the pages that are no model's."""
        found = super().get_app_list(request, app_label)
        for app in found:
            pages = pages_for(request.user, app["app_label"])
            app["models"] = [*map(entry, pages), *app["models"]]
        return sorted(found, key=lambda app: self._rank(app["app_label"]))

    def _rank(self, label: str) -> int:
        return self.order.index(label) if label in self.order else len(self.order)


def guarded(admin_class: type[ModelAdmin[Any]]) -> type[ModelAdmin[Any]]:
    """The class as one that answers what it names. Who answers otherwise is not registered."""
    if not issubclass(admin_class, Guarded):
        facts = {"__module__": admin_class.__module__, "__doc__": admin_class.__doc__}
        return type(admin_class.__name__, (Guarded, admin_class), facts)
    if admin_class.lookup_allowed is not Guarded.lookup_allowed:
        msg = f"{admin_class.__name__} decides about lookups itself: that is Guarded's."
        raise ImproperlyConfigured(msg)
    return admin_class


def entry(page: Page) -> dict[str, Any]:
    """As the site describes a model in its lists."""
    return {
        "name": page.name,
        "object_name": page.url_name.partition(":")[2],
        "perms": {"view": True},
        "admin_url": reverse(page.url_name),
        "add_url": None,
        "view_only": True,
    }
