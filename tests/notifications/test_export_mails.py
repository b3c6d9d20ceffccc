"""The mail that says that an export is ready."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from deferral.models import Job
from deferral.relay.expansion import expand_events
from reports.models import Export
from tests.deferral.bench import run
from tests.reports.exports.exporting import orders, somebody, written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clerk() -> Any:
    return somebody("orders.view_order")


def told(export: Export) -> Job:
    """Relay and worker."""
    expand_events()
    return run(Job.objects.get(key=f"export_ready:{export.tag}"))


def test_whoever_asked_gets_a_link_and_not_the_rows(clerk: Any) -> None:
    orders(1_200)
    export = written(clerk)

    assert told(export).state == "done"
    (sent,) = mail.outbox
    assert sent.to == [clerk.email]
    assert "1,200 rows" in sent.body
    assert f"/admin/reports/export/{export.pk}/change/" in sent.body
    assert not sent.attachments


def test_nobody_is_told_of_what_was_withdrawn(clerk: Any) -> None:
    export = written(clerk)
    Export.objects.update(withdrawn_at=timezone.now() - timedelta(seconds=1))

    assert told(export).state == "done"
    assert not mail.outbox
