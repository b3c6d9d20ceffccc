"""How far an import is, and what may be done with it now."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from deferral.admin.kit.confirmations import Why
from deferral.admin.kit.decisions import Decision
from deferral.admin.kit.formatting import pill
from deferral.admin.kit.live_progress import Action, LiveProgress, live_progress, soon
from deferral.models import Job
from shop.admin.import_columns import DELETED
from shop.admin.uploading import may_import
from shop.imports.keeping import can_be_confirmed, can_be_withdrawn, confirm, withdraw
from shop.imports.saying import said_of
from shop.models import ProductImport


class Yes(Why):
    """No reason is asked: the file says what is to be."""

    reason = None  # type: ignore[assignment]  # Django's way to leave a field out

    def terms(self) -> dict[str, Any]:
        """Nothing but who decides."""
        return {}

    def told(self, verb: str) -> str:
        """For the record."""
        return f"{verb}."


DECISIONS = {
    "import": Decision(
        verb="Import",
        consequence="Its lines are written into the shop, a hundred at a time, while it sells. "
        "What is left out stays as it is.",
        done="is being imported.",
        service=confirm,
        may=may_import,
        allowed=can_be_confirmed,
        ask=Yes,
    ),
    "withdraw": Decision(
        verb="Withdraw",
        consequence="Nothing more comes of it. Lines that were written already stay.",
        done="is withdrawn.",
        service=withdraw,
        may=may_import,
        allowed=can_be_withdrawn,
    ),
}


def stage_of(source: ProductImport) -> str:
    """Which of the two jobs it is about, and whether that is over."""
    if source.confirmed_at:
        return "done" if source.done_at else "import"
    return "found" if source.checked_at else "look"


def live(request: HttpRequest, source: ProductImport, *, seen: str) -> LiveProgress:
    """The bars of the job that is under way, or was last. `seen`: as the page around them is."""
    stage = stage_of(source)
    address = reverse("admin:shop_productimport_progress", args=[source.pk, seen])
    found = list(_actions(request, source, is_old=stage != seen))
    key = source.import_key if source.confirmed_at else source.check_key
    job = Job.objects.filter(key=key).first()
    if job is None:
        to_come = soon(source.pk, address=address, actions=found)
        return _over(source, to_come) if source.forgotten_at else to_come
    if request.user.has_perm("deferral.view_job"):
        page = reverse("admin:deferral_job_change", args=[job.pk])
        found.append(Action(label="Its job", address=page))
    drawn = live_progress(job, address=address, actions=found)
    return replace(drawn, why=f"{drawn.why} {_said(source)}".strip())


def _over(source: ProductImport, to_come: LiveProgress) -> LiveProgress:
    """The job, too, was deleted, a while after its end: nothing is to come, nobody asks again."""
    return replace(to_come, pill=pill(DELETED), why=_said(source), version="over", every="")


def _said(source: ProductImport) -> str:
    return said_of(source.results) or source.refusal or said_of(source.findings)


def _actions(request: HttpRequest, source: ProductImport, *, is_old: bool) -> Iterator[Action]:
    if is_old:
        page = reverse("admin:shop_productimport_change", args=[source.pk])
        yield Action(label="Show what was found", address=page)
    for name, one in DECISIONS.items():
        if one.may(request) and one.allowed(source):
            address = reverse("admin:shop_productimport_decide", args=[source.pk, name])
            yield Action(label=f"{one.verb}…", address=address)
