"""What this app keeps of a person: documents, tickets, statements, and copies of their own data.

A receipt stays as it was issued, name and all: it is the record that the law asks for. So does a
month's statement on paper. Both are seen by staff alone from then on. A ticket's code goes on to
let its holder in, without a name.
"""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import QuerySet

from accounts.personal_data import Fate, Person, PersonalData, Rows
from orders.personal import NAMELESS, orders_of
from reports.models import DataExport, Document, Statement, StatementFile, Ticket
from reports.my_data.keeping import forget

BATCH = 100


def documents_of(person: Person) -> QuerySet[Document]:
    """Those that are still in storage."""
    return Document.objects.filter(order__in=orders_of(person), forgotten_at=None)


def statements_of(person: Person) -> QuerySet[Statement]:
    """Of months that were written down before they went."""
    found = Statement.objects.filter(customer__in=person.addresses)
    return found.filter(run__asked_at__lte=person.until)


def rows(person: Person) -> Mapping[str, Rows]:
    """By the name of the file."""
    tickets = Ticket.objects.filter(line__order__in=orders_of(person))
    return {
        "documents": documents_of(person).values("order__number", "title", "filename"),
        "tickets": tickets.values("line__order__number", "code", "holder", "used_at"),
        "statements": statements_of(person).values("run__month", "content"),
        "copies": DataExport.objects.filter(user=person.user_id).values("asked_at", "ready_at"),
    }


def files(person: Person) -> Iterable[tuple[str, bytes]]:
    """Receipts, tickets and statements, as they are."""
    papers = StatementFile.objects.filter(statement__in=statements_of(person), forgotten_at=None)
    for one in documents_of(person).iterator():
        yield f"documents/{one.filename}", one.read()
    for paper in papers.select_related("run", "statement").iterator():
        yield f"statements/{paper.filename}", paper.read()


def erase(person: Person) -> int:
    """Copies and tickets first, which are files."""
    count = forget(DataExport.objects.filter(user=person.user_id)[:BATCH])
    for document in documents_of(person).filter(kind=Document.Kind.TICKET)[:BATCH]:
        document.forget()
        count += 1
    return count + _nameless_tickets(person) + _nameless_statements(person)


def _nameless_tickets(person: Person) -> int:
    tickets = Ticket.objects.filter(line__order__in=orders_of(person)).exclude(holder=NAMELESS)
    return tickets.update(holder=NAMELESS)


@transaction.atomic
def _nameless_statements(person: Person) -> int:
    found = statements_of(person).filter(customer=person.address).select_for_update(of=("self",))
    statements = list(found[:BATCH])
    for one in statements:
        one.customer, one.content = person.instead, one.content | {"name": NAMELESS}
        one.save(update_fields=["customer", "content"])
    return len(statements)


PERSONAL = PersonalData(
    rows=rows,
    erase=erase,
    files=files,
    fates={
        "reports.Document.title": Fate.KEPT,
        "reports.Document.filename": Fate.KEPT,
        "reports.Document.file": Fate.KEPT,
        "reports.Ticket.holder": Fate.REPLACED,
        "reports.Ticket.code": Fate.NAMELESS,
        "reports.Statement.customer": Fate.REPLACED,
        "reports.Statement.content": Fate.REPLACED,
        "reports.StatementFile.file": Fate.KEPT,
        "reports.DataExportFile.file": Fate.DELETED,
        "reports.ExportFile.file": Fate.EXPIRES,
        "reports.Export.filters": Fate.EXPIRES,
    },
)
