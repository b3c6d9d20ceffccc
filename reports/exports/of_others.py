"""Products, jobs, and the audit log."""

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Replace

from audit.models import AuditEntry
from deferral.models import Job
from reports.exports.columns import Column, Kind
from reports.exports.datasets import Dataset, of_list
from shop.imports.picture_names import INSTEAD, JOIN, STROKE
from shop.models import Product, ProductPicture

NUMBER, MONEY, TIME, JSON = Kind.NUMBER, Kind.MONEY, Kind.TIME, Kind.JSON

# As `shop.imports` reads them: the names of a product's pictures, in their order.
NAMES = (
    ProductPicture.objects.filter(product=OuterRef("pk"))
    .order_by()
    .values("product")
    .annotate(
        names=StringAgg(
            Replace("asset__name", Value(STROKE), Value(INSTEAD)),
            JOIN,
            order_by=("position", "id"),
        )
    )
    .values("names")
)


def products() -> QuerySet[Product]:
    """With the names of their pictures."""
    return Product.objects.annotate(picture_names=Subquery(NAMES))


# All that `shop.imports` reads: an exported list can be brought again.
PRODUCTS = Dataset(
    name="products",
    title="Products",
    model=Product,
    listed=Product,
    rows=products,
    narrow=of_list("pk"),
    columns=(
        Column("sku", "SKU", width=1.2),
        Column("title", "Title", width=2.6),
        Column("slug", "Slug", width=1.8),
        Column("category", "Category", width=0.9),
        Column("subtitle", "Subtitle", width=2.0),
        Column("description", "Description", width=3.0),
        Column("price_cents", "Price", MONEY),
        Column("tax_basis_points", "Tax (hundredths of a %)", NUMBER, 0.9),
        Column("supplier", "Supplier"),
        Column("available", "Available", NUMBER, 0.8),
        Column("on_sale", "On sale", width=0.7),
        Column("event_at", "Event", TIME, 2.0),
        Column("venue", "Venue", width=1.4),
        Column("position", "Position", NUMBER, 0.8),
        Column("art_motif", "Picture shows", width=1.0),
        Column("art_object", "Picture is on", width=1.0),
        Column("art_seed", "Picture seed", NUMBER, 0.8),
        Column("picture_names", "Pictures", width=2.0),
    ),
)

JOBS = Dataset(
    name="jobs",
    title="Jobs",
    model=Job,
    listed=Job,
    rows=Job.objects.all,
    narrow=of_list("pk"),
    columns=(
        Column("key", "Key", width=2.4),
        Column("subject", "Subject", width=1.6),
        Column("task", "Task", width=1.8),
        Column("queue", "Queue", width=0.8),
        Column("state", "State", width=0.8),
        Column("attempts", "Attempts", NUMBER, 0.7),
        Column("crashes", "Crashes", NUMBER, 0.7),
        Column("snoozes", "Snoozes", NUMBER, 0.7),
        Column("created_at", "Decided", TIME, 2.0),
        Column("started_at", "Started", TIME, 2.0),
        Column("settled_at", "Settled", TIME, 2.0),
        Column("cause", "Cause", width=2.0),
    ),
)

AUDIT = Dataset(
    name="audit",
    title="Audit log",
    model=AuditEntry,
    listed=AuditEntry,
    rows=AuditEntry.objects.all,
    narrow=of_list("pk"),
    columns=(
        Column("at", "At", TIME, 2.0),
        Column("action", "Action", width=1.4),
        Column("subject", "Subject", width=1.4),
        Column("reference", "Reference", width=1.8),
        Column("actor", "Actor", width=1.8),
        Column("detail", "Detail", JSON, 2.6),
        Column("filed_at", "Filed", TIME, 2.0),
    ),
)
