"""What stands on an order's page below its own rows: each app adds what it knows of the order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from deferral.admin.kit.timeline import timeline
from deferral.interventions import subject_of
from deferral.ledger.selectors import jobs_of
from deferral.ledger.serving import unserved_queues
from deferral.models import Event, Intervention, Job
from deferral.slots import Slot, name_of
from orders.models import Order


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A heading, and what stands under it. `place`: the lower, the earlier."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    place: int = 50


Provider = Callable[[Order], Section | None]
# Each with the permission that it asks for.
SECTIONS: Slot[tuple[str, Provider]] = Slot("the section")


def on_order_page(permission: str) -> Callable[[Provider], Provider]:
    """Add a section for those who have the permission; None: there is nothing to show.

    Its queries must not grow with the order.
    """

    def add(provider: Provider) -> Provider:
        SECTIONS.fill(name_of(provider), (permission, provider))
        return provider

    return add


def sections_for(request: HttpRequest, order: Order) -> list[Section]:
    """Everything this person may see."""
    found = (provider(order) for name, provider in SECTIONS.values() if request.user.has_perm(name))
    return sorted(filter(None, found), key=lambda section: section.place)


@on_order_page("deferral.view_job")
def work(order: Order) -> Section:
    """Every job and every attempt, in the order in which they were decided."""
    jobs = list(jobs_of(order.subject))
    pending = any(job.state == Job.State.PENDING for job in jobs)
    shown = timeline(jobs, unserved_queues() if pending else set())
    return Section(title="Jobs", template="admin/deferral/_timeline.html", context=shown, place=30)


@on_order_page("deferral.view_event")
def happenings(order: Order) -> Section:
    """What happened to it, first things first."""
    events = Event.objects.filter(subject=order.subject).defer("errors", "payload").order_by("id")
    context = {"events": events}
    return Section(title="Events", template="admin/orders/_events.html", context=context, place=40)


@on_order_page("orders.view_order")
def decisions(order: Order) -> Section:
    """Who decided what about it and its jobs, mails and tickets, also when those are gone."""
    return _decisions(Intervention.objects.filter(subject=order.subject))


def decided_about(row: Model) -> Section:
    """Who decided what about a row, and why. The latest first."""
    about = Intervention.objects.filter(about=str(row)[:200])
    return _decisions(about.filter(subject=subject_of(row)))


def _decisions(found: QuerySet[Intervention]) -> Section:
    context = {"entries": found.order_by("-id")}
    return Section(
        title="What staff decided", template="admin/orders/_decisions.html", context=context
    )
