"""Services: which of them answer, whose breakers are open, and a person's word against that."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from deferral.admin.kit import formatting
from deferral.admin.kit.decisions import Decision, decide, possible
from deferral.admin.kit.read_only import ReadOnly
from deferral.external.overrides import force
from deferral.external.rules import Status, status
from deferral.external.status import services
from deferral.ledger.statistics import open_work
from deferral.models import Breaker


def may_hold(request: HttpRequest) -> bool:
    """The change permission, although nobody edits a row."""
    return request.user.has_perm("deferral.change_breaker")


def holding(override: Breaker.Override, *, verb: str, consequence: str, done: str) -> Decision:
    """To force it so, while it is not."""

    def is_not(row: Breaker) -> bool:
        return row.override != override

    def hold(*, breaker_id: str, by: str, reason: str) -> Breaker:
        return force(name=breaker_id, override=override, by=by, reason=reason)

    return Decision(
        verb=verb,
        consequence=consequence,
        done=done,
        service=hold,
        may=may_hold,
        allowed=is_not,
        is_noted=True,
    )


ABOUT_BREAKERS = {
    "open": holding(
        Breaker.Override.OPEN,
        verb="Hold open",
        consequence="It is not called until somebody leaves it to itself again. Its jobs wait "
        "and lose no attempt. Should it be the payment provider, no customer can pay meanwhile.",
        done="is not called from now on.",
    ),
    "closed": holding(
        Breaker.Override.CLOSED,
        verb="Hold closed",
        consequence="Every call goes through, however often it fails, and each failure costs the "
        "job an attempt.",
        done="is called from now on, whatever it answers.",
    ),
    "release": holding(
        Breaker.Override.NO,
        verb="Leave to itself",
        consequence="It begins closed: calls are made, and failures open it as usual.",
        done="is left to itself again.",
    ),
}


@admin.register(Breaker)
class BreakerAdmin(ReadOnly[Breaker]):
    """One page with everybody outside, and one for each with what people decided about it."""

    change_list_template = "admin/deferral/breakers.html"
    change_form_template = "admin/deferral/breaker.html"
    fields = ("name", "state", "failing", "observed", "last", "held", "history")

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's: a page for each verb, that asks for a reason."""
        view = self.admin_site.admin_view(self.decide)
        mine = path("<path:name>/hold/<slug:verb>/", view, name="deferral_breaker_hold")
        return [mine, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with what is true now."""
        now = {"title": "External services", "services": services(open_work())}
        return super().changelist_view(request, {**(extra_context or {}), **now})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the verbs that would change something, for who may."""
        context["decisions"] = possible(request, kwargs["obj"], ABOUT_BREAKERS)
        return super().render_change_form(request, context, *args, **kwargs)

    def decide(self, request: HttpRequest, name: str, verb: str) -> HttpResponse:
        """Hold open, hold closed, leave to itself."""
        if verb not in ABOUT_BREAKERS:
            raise Http404
        return decide(self, request, Breaker.objects.all(), name, ABOUT_BREAKERS[verb])

    @admin.display(description="breaker")
    def state(self, row: Breaker) -> str:
        """Closed, open until when, or half-open."""
        stands = status(row, timezone.now())
        until = (
            f", asked again at {formatting.clock(row.open_until)}" if is_timed(row, stands) else ""
        )
        return f"{stands}{until}"

    @admin.display(description="failing since")
    def failing(self, row: Breaker) -> str:
        """Since its first failure after its last answer."""
        return formatting.clock(row.failing_since)

    @admin.display(description="last failure")
    def observed(self, row: Breaker) -> str:
        """In its own words, cut and redacted."""
        return row.message or "-"

    @admin.display(description="last answer")
    def last(self, row: Breaker) -> str:
        """At most five seconds late."""
        return formatting.clock(row.answered_at)

    @admin.display(description="held by staff")
    def held(self, row: Breaker) -> str:
        """Against its own judgement."""
        return row.get_override_display() if row.override else "no"

    @admin.display
    def history(self, row: Breaker) -> str:
        """Who held it, when and why."""
        return formatting.intervention_list(row.interventions.order_by("-id"))


def is_timed(row: Breaker, stands: Status) -> bool:
    """Whether it opens by itself at a moment that is known."""
    return stands is Status.OPEN and not row.override
