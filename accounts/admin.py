"""Users in the admin: as Django has them, by e-mail, and a button that ends all sessions of one."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangosOwn
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from accounts import services
from accounts.forms import NewUserForm, UserForm
from accounts.login_names import login_name_in
from accounts.models import Session, User
from deferral.admin.kit.decisions import Decision, decide, possible
from deferral.admin.kit.searching import SPELLINGS
from deferral.guarded import Guarded

# Who decided something is searched for by the address as it is kept.
SPELLINGS.append(login_name_in)
RIGHTS = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")


def may_end(request: HttpRequest) -> bool:
    """A permission of its own: who stops a thief need not make users."""
    return request.user.has_perm("accounts.end_sessions")


def whoever(_: User) -> bool:
    """Also who has none: a cookie may have been used a moment ago."""
    return True


DECISIONS = {
    "end_sessions": Decision(
        verb="End all sessions",
        may=may_end,
        allowed=whoever,
        service=services.end_sessions,
        consequence="Every browser that is logged in under this name is logged out at its next "
        "click. The password stays: whoever knows it can log in again.",
        done="is logged out everywhere.",
    )
}


@admin.register(User)
class UserAdmin(Guarded[User], DjangosOwn[User]):
    """Made and edited by superusers. Who leaves is made inactive; what they decided stays."""

    form = UserForm
    add_form = NewUserForm
    change_form_template = "admin/accounts/user.html"
    list_display = ("email", "name", "is_staff", "is_active", "last_login")
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("last_login", "joined_at")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("Permissions", {"fields": RIGHTS}),
        ("Dates", {"fields": ("last_login", "joined_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )

    def get_urls(self) -> list[URLPattern]:
        """With the page that asks why."""
        view = self.admin_site.admin_view(self.decide)
        here = path("<int:user_id>/decide/<slug:name>/", view, name="accounts_user_decide")
        return [here, *super().get_urls()]

    def decide(self, request: HttpRequest, user_id: int, name: str) -> HttpResponse:
        """End all sessions."""
        if name not in DECISIONS:
            raise Http404
        return decide(self, request, User.objects.all(), user_id, DECISIONS[name])

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """The password's digest, and Django's words about it, are for who may set another."""
        found = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return found
        return [
            (name, options | {"fields": [one for one in options["fields"] if one != "password"]})
            for name, options in found
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the button, and how many browsers that is about."""
        user: User | None = kwargs.get("obj")
        if user is not None:
            context["decisions"] = possible(request, user, DECISIONS)
            context["living"] = Session.objects.living().filter(user=user).count()
        return super().render_change_form(request, context, *args, **kwargs)
