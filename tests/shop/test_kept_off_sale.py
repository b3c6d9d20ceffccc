"""A shop that is updated has on sale what it can sell, and is told what it cannot."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.models import Product

OLD = """
INSERT INTO shop_product (sku, slug, category, title, subtitle, description, price_cents,
    tax_basis_points, supplier, on_sale, venue, position, art_seed, art_motif, art_object, event_at)
SELECT sku, lower(sku), category, title, '', '', 100, 1900, supplier, true, '', 1, 1, 'x', 'x', at
FROM (VALUES ('FINE', 'home', 'A', 'warehouse', NULL), ('SEAT', 'ticket', 'A', 'box_office', now()),
    ('NOBODYS', 'home', 'A', '', NULL), ('NEVER', 'ticket', 'A', 'box_office', NULL),
    ('NAMELESS', 'home', '', 'warehouse', NULL), ('PAST', 'print', 'A', 'print_room', now())
) old (sku, category, title, supplier, at)
"""


@pytest.fixture
def before(transactional_db: None) -> Iterator[None]:
    """As the release before this one has made it."""
    call_command("migrate", "shop", "0001", verbosity=0)
    yield
    call_command("migrate", verbosity=0)


def test_nobody_holds_a_product_while_it_is_migrated_and_nothing_is_sold_meanwhile(
    before: None,
) -> None:
    """The lock comes first: taken after rows, it and a checkout would wait for each other."""
    with CaptureQueriesContext(connection) as said:
        call_command("migrate", "shop", "0002", verbosity=0)
    about = [one["sql"] for one in said if "shop_product" in one["sql"]]

    assert about[0] == "LOCK TABLE shop_product IN ACCESS EXCLUSIVE MODE"


def test_what_cannot_be_sold_is_taken_off_sale_and_named(
    before: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(OLD)
    call_command("migrate", "shop", verbosity=1)

    on_sale = Product.objects.filter(on_sale=True).order_by("sku")
    assert [product.sku for product in on_sale] == ["FINE", "SEAT"]
    assert "NAMELESS, NEVER, NOBODYS, PAST" in capsys.readouterr().out
