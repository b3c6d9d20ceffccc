"""Replaying and discarding dead letters: a page to confirm on, then one recorded transaction."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from deferral.admin.kit.confirmations import Confirmation, Discarding, Replaying
from deferral.admin.kit.read_only import M
from deferral.admin.kit.refusing import refusal
from deferral.admin.kit.searching import Findable

# So many keys stand on the page that asks for confirmation.
SHOWN = 20
# PostgreSQL binds 65,535 values to a statement; each row's id is one.
BATCH = 5_000

Settle = Callable[..., int]


class DeadLetters(Findable[M]):
    """A list whose dead rows may be replayed or discarded by who may change the model."""

    actions = ("replay", "discard")
    settle: ClassVar[Mapping[str, Settle]]
    # The column that says what a row is.
    kind: ClassVar[str]

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """The change permission, although nobody edits a row."""
        return request.user.has_perm(f"deferral.change_{self.opts.model_name}")

    @admin.action(description="Replay selected dead letters", permissions=["settle"])
    def replay(self, request: HttpRequest, queryset: QuerySet[M]) -> HttpResponse | None:
        """Run them again under the same keys."""
        return self._confirm(request, queryset, "replay", Replaying)

    @admin.action(description="Discard selected dead letters", permissions=["settle"])
    def discard(self, request: HttpRequest, queryset: QuerySet[M]) -> HttpResponse | None:
        """Let them go, with a reason."""
        return self._confirm(request, queryset, "discard", Discarding)

    def _confirm(
        self, request: HttpRequest, queryset: QuerySet[M], verb: str, asked: type[Confirmation]
    ) -> HttpResponse | None:
        dead = queryset.filter(state="dead")
        ids = list(dead.order_by("pk").values_list("pk", flat=True))
        if not ids:
            self.message_user(request, "None of these is dead. Nothing was done.", messages.WARNING)
            return None
        if not {"confirmed", "preview"}.intersection(request.POST):
            return self._ask(request, dead, ids, verb, asked(initial={"count": len(ids)}))
        form = asked(request.POST)
        if not form.is_valid():
            return self._ask(request, dead, ids, verb, form)
        if form.cleaned_data["count"] != len(ids):
            self.message_user(request, CHANGED, messages.WARNING)
            return self._ask(request, dead, ids, verb, asked(initial={"count": len(ids)}))
        if "preview" in request.POST:
            return self._ask(request, dead, ids, verb, form)
        return self._carry_out(request, ids, verb, form)

    def _carry_out(
        self, request: HttpRequest, ids: Sequence[int], verb: str, form: Confirmation
    ) -> HttpResponse | None:
        """Many at once are refused while there is too much work already; at a rate they are not."""
        is_much = verb == "replay" and len(ids) > SHOWN and not form.pace()
        refused = refusal(request, queues=self.queues_of(ids)) if is_much else None
        if refused is None:
            done = self._settle(request, ids, verb, form)
            self.message_user(request, f"{done} {PAST[verb]}.", messages.SUCCESS)
        return refused

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With buttons that lead to the same confirmation, when there is something to settle."""
        dead = getattr(kwargs.get("obj"), "state", "") == "dead"
        context["may_settle"] = dead and self.has_settle_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def queues_of(self, ids: Sequence[int]) -> set[str]:
        """Where these would bring work; empty where nobody can say."""
        return set()

    @transaction.atomic
    def _settle(
        self, request: HttpRequest, ids: Sequence[int], verb: str, form: Confirmation
    ) -> int:
        words = {"by": request.user.get_username(), "reason": form.cleaned_data["reason"]}
        return sum(
            self.settle[verb](ids[at : at + BATCH], **words, **form.pace(at))
            for at in range(0, len(ids), BATCH)
        )

    def _ask(
        self,
        request: HttpRequest,
        dead: QuerySet[M],
        ids: Sequence[int],
        verb: str,
        form: Confirmation,
    ) -> HttpResponse:
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": f"{verb.capitalize()} {len(ids)} dead letter{'s' if len(ids) > 1 else ''}?",
            "opts": self.opts,
            "verb": verb,
            "form": form,
            "plan": form.plan(len(ids)) if form.is_bound and form.is_valid() else "",
            "groups": dead.order_by().values_list(self.kind, "cause").annotate(n=Count("pk")),
            "rows": self.get_queryset(request).filter(pk__in=ids[:SHOWN]).order_by("pk"),
            "more": max(0, len(ids) - SHOWN),
            "across": request.POST.get("select_across", "0"),
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/deferral/confirm.html", context)


CHANGED = "Meanwhile their number has changed. Nothing was done: look again."
PAST = {"replay": "will run again under the same keys", "discard": "discarded"}
