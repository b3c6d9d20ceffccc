"""A file brought, looked at, confirmed: as a worker would, in the test's own process."""

import io
from typing import IO, Any

from deferral.models import Job
from deferral.relay.expansion import expand_events
from shop.imports.keeping import confirm
from shop.imports.receiving import receive
from shop.models import ProductImport
from tests.deferral.bench import run

HEAD = "SKU,Title,Category,Price,Supplier,On sale"
EBB = "PR-900,Ebb,print,24.50,print_room,yes"


def lines(*rows: str, head: str = HEAD) -> bytes:
    """A file of these lines."""
    return "\n".join([head, *rows, ""]).encode()


def brought(content: bytes, pictures: IO[bytes] | None = None) -> ProductImport:
    """In storage, and its job asked for."""
    return receive(
        io.BytesIO(content), name="products.csv", uploaded_by="ada@example.org", pictures=pictures
    )


def work(key: str) -> Job:
    """The relay and a worker: the job, as it is afterwards."""
    expand_events()
    job = run(Job.objects.get(key=key))
    assert job.state == "done", job.errors
    return job


def looked_at(content: bytes, pictures: IO[bytes] | None = None) -> ProductImport:
    """With what it would do."""
    source = brought(content, pictures)
    work(source.check_key)
    source.refresh_from_db()
    return source


def imported(content: bytes, pictures: IO[bytes] | None = None) -> ProductImport:
    """Confirmed, and done."""
    source = looked_at(content, pictures)
    confirm(productimport_id=source.pk, by="ada@example.org")
    work(source.import_key)
    source.refresh_from_db()
    return source


def counts(found: Any, *names: str) -> list[int]:
    """So many of each outcome: new, changed, unchanged, refused unless others are named."""
    return [found[name] for name in names or ("new", "changed", "unchanged", "refused")]


def errors(source: ProductImport) -> list[tuple[int, str, str]]:
    """Line, column and sentence of each."""
    return list(source.refused_cells.values_list("line", "column", "said"))
