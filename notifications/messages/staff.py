"""What staff are told: payments to look at, endpoints that fail, exports, a month that is over."""

from django.conf import settings
from django.template.loader import render_to_string

from notifications.gateway import Mail
from notifications.messages.rendering import attached, order_mail
from orders.models import Order, Reconciliation, Refund
from orders.payments.refunds.sums import sold_again
from reports.exports.keeping import until
from reports.models import Export, StatementRun
from reports.statements.status import open_statements, status_of
from reports.wording import month_words
from shop.wording import euros
from webhooks.models import Endpoint


def came_to_nothing(order: Order, refund: Refund, *, key: str) -> Mail:
    """To whoever looks after payments: what did not go back, or came back, and why."""
    happened = "came back" if refund.came_back_at else refund.get_state_display()
    subject = f"Refund of {euros(refund.amount_cents)} {happened.lower()} for order {{}}"
    is_open = refund.came_back_at and order.state == Order.State.PAID
    context = {"refund": refund, "sold_again": sold_again(refund) if is_open else ()}
    return order_mail(order, "refund_failed", subject, key, context, to=settings.STAFF_EMAIL)


def to_staff(order: Order, *, key: str) -> Mail:
    """To whoever looks after payments: money came after its order had failed, and goes back."""
    return order_mail(
        order, "to_staff", "Late money for order {}", key, {}, to=settings.STAFF_EMAIL
    )


def books_differ(report: Reconciliation, *, key: str) -> Mail:
    """To whoever looks after payments: what differs, line by line."""
    context = {"report": report, "site": settings.SITE_URL}
    return Mail(
        key=key,
        to=settings.STAFF_EMAIL,
        subject=f"Books of {report.day}: {len(report.findings)} to look at",
        text=render_to_string("notifications/books_differ.txt", context),
        html=render_to_string("notifications/books_differ.html", context),
    )


def endpoint_failing(endpoint: Endpoint, *, days: int, key: str) -> Mail:
    """An endpoint fails for so many days, or (0) is sent nothing any more."""
    what = f"has been failing for {days} day{'s' if days > 1 else ''}" if days else "is disabled"
    context = {"endpoint": endpoint, "days": days, "site": settings.SITE_URL}
    return Mail(
        key=key,
        to=settings.STAFF_EMAIL,
        subject=f"Webhooks: {endpoint.slug} {what}",
        text=render_to_string("notifications/endpoint_failing.txt", context),
        html=render_to_string("notifications/endpoint_failing.html", context),
    )


def export_ready(export: Export, *, key: str) -> Mail:
    """To whoever asked for it. A link, and no file: who may see its rows is asked when it opens."""
    facts = {"export": export, "count": f"{export.rows or 0:,}", "until": until(export)}
    context = {**facts, "site": settings.SITE_URL}
    return Mail(
        key=key,
        to=export.asked_by,
        subject=f"Your export is ready: {export.filename}",
        text=render_to_string("notifications/export_ready.txt", context),
        html=render_to_string("notifications/export_ready.html", context),
    )


def statements_made(run: StatementRun, *, key: str) -> Mail:
    """To whoever keeps the books: how many statements there are, and the month's sums."""
    status, month = status_of(run), month_words(run.month)
    missing = open_statements(run) if status.open else []
    context = {
        "run": run,
        "month": month,
        "status": status,
        "missing": missing,
        "more": status.frozen - status.made - len(missing),
        "site": settings.SITE_URL,
    }
    return Mail(
        key=key,
        to=settings.STAFF_EMAIL,
        subject=f"Statements of {month}: {status.outcome}",
        text=render_to_string("notifications/statements_made.txt", context),
        html=render_to_string("notifications/statements_made.html", context),
        attachments=attached(list(run.files.filter(statement=None).select_related("run"))),
    )
