"""Receipts and tickets as jobs: written once, whatever is run again."""

import pytest
from celery.exceptions import Ignore
from django.core.files.storage import default_storage
from django.db import connection

from deferral.errors import Bury
from deferral.handlers import JobSpec, job
from deferral.models import Job
from media.filing import Filed
from orders.models import Order, OrderLine
from reports import selectors, tasks
from reports.filing import file_document
from reports.models import Document, Ticket
from reports.ticket_codes import code_of
from tests.reports.paid_orders import Run, a_line, saved


def receipt_job(order: Order) -> JobSpec:
    return job(tasks.write_receipt, key=f"receipt:{order.reference}", order_id=order.pk)


def ticket_job(line: OrderLine, position: int) -> JobSpec:
    key = f"ticket:{line.order.reference}:{line.pk}:{position}"
    return job(tasks.write_ticket, key=key, line_id=line.pk, position=position)


def test_a_receipt_is_a_file_and_a_row_and_a_done_job(order: Order, run: Run) -> None:
    assert run(receipt_job(order)).state == Job.State.DONE

    [document] = selectors.documents_of(order.pk)
    assert document.read().startswith(b"%PDF")
    assert (document.key, document.size) == (f"receipt:{order.reference}", len(document.read()))


def test_written_again_a_receipt_is_the_same_row_and_the_same_file(order: Order, run: Run) -> None:
    run(receipt_job(order))
    before = Document.objects.values().get()
    run(receipt_job(order))

    assert Document.objects.values().get() == before
    [folder] = default_storage.listdir("documents")[0]
    assert len(default_storage.listdir(f"documents/{folder}")[1]) == 1


def test_a_ticket_written_again_keeps_its_code_and_that_it_was_used(order: Order, run: Run) -> None:
    line = order.lines.get()
    run(ticket_job(line, 2))
    Ticket.objects.update(used_at="2026-12-12T18:00Z")
    run(ticket_job(line, 2))

    ticket = Ticket.objects.get()
    assert ticket.code == code_of(reference=line.order.reference, line_id=line.pk, position=2)
    assert ticket.used_at is not None


def test_documents_come_with_the_receipt_first_and_the_tickets_in_order(
    order: Order, run: Run
) -> None:
    line = order.lines.get()
    for position in (3, 1, 2):
        run(ticket_job(line, position))
    run(receipt_job(order))

    titles = [document.title for document in selectors.documents_of(order.pk)]
    assert titles == ["Receipt", *(f"Ticket {n} of 3: Winter Concert" for n in (1, 2, 3))]


def test_nothing_is_remembered_when_the_fence_is_lost(
    order: Order, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_over = "UPDATE deferral_job SET epoch = epoch + 1"

    def overtaken(content: bytes, *, key: str) -> Filed:
        with connection.cursor() as cursor:
            cursor.execute(take_over)
        return file_document(content, key=key)

    monkeypatch.setattr("reports.services.file_document", overtaken)
    with pytest.raises(Ignore):
        run(receipt_job(order))

    assert not Document.objects.exists()


def test_a_receipt_that_does_not_add_up_is_dead_at_once(run: Run) -> None:
    order = saved(a_line(), tax_cents=1)

    with pytest.raises(Bury, match="totals of this order disagree"):
        run(receipt_job(order))
    assert Job.objects.get().state == Job.State.DEAD


def test_an_order_that_was_never_paid_gets_no_paper(run: Run) -> None:
    order = saved(a_line(), state="awaiting_payment", paid_at=None)

    with pytest.raises(Bury, match="never paid"):
        run(receipt_job(order))
    with pytest.raises(Bury, match="never paid"):
        run(ticket_job(order.lines.get(), 1))


@pytest.mark.parametrize("position", [0, 4])
def test_there_are_as_many_tickets_as_were_bought(order: Order, run: Run, position: int) -> None:
    with pytest.raises(Bury, match="fewer tickets"):
        run(ticket_job(order.lines.get(), position))
