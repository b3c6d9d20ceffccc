"""Telling the staff what somebody must look at."""

from notifications import messages
from notifications.delivery import deliver
from orders.models import Reconciliation, Refund
from orders.selectors import order_by_id
from reports.exports.choosing import asker
from reports.exports.keeping import is_kept
from reports.models import Export, StatementRun
from webhooks.endpoints import endpoint_by_id


def tell_of_refusal(*, refund_id: int, key: str) -> None:
    """Tell the staff that a refund came to nothing, in the provider's words."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    order = order_by_id(refund.payment.order_id)
    deliver(messages.came_to_nothing(order, refund, key=key), order.subject)


def tell_of_difference(*, reconciliation_id: int, key: str) -> None:
    """Tell the staff that our books and the provider's differ."""
    report = Reconciliation.objects.get(pk=reconciliation_id)
    deliver(messages.books_differ(report, key=key), f"books:{report.day}")


def tell_of_endpoint(*, endpoint_id: int, days: int, key: str) -> None:
    """Tell the staff that an endpoint has failed for so many days, or (0) that it is disabled.

    Nothing is sent when that is over: the mail says what is so now.
    """
    endpoint = endpoint_by_id(endpoint_id)
    if not (endpoint.disabled_at or (days and endpoint.failing_since)):
        return
    deliver(messages.endpoint_failing(endpoint, days=days, key=key), endpoint.subject)


def tell_of_export(*, export_id: int, key: str) -> None:
    """Tell whoever asked for it, and still may have it, that it can be fetched, if it still can."""
    export = Export.objects.get(pk=export_id)
    if is_kept(export) and asker(export):
        deliver(messages.export_ready(export, key=key), export.subject)


def tell_of_statements(*, run_id: int, key: str) -> None:
    """Tell the bookkeeper that a month's statements are made, and which need somebody."""
    run = StatementRun.objects.get(pk=run_id)
    deliver(messages.statements_made(run, key=key), run.subject)
