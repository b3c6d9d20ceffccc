"""The list of products, exported as CSV, is a file that can be imported: it changes nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shop.models import Product
from tests.reports.exports.exporting import table, whole, written
from tests.rig.stocking import stock_shop
from tests.shop.imports.files import counts, imported, looked_at

ODD: list[dict[str, Any]] = [
    {"title": "=HYPERLINK(1)", "subtitle": "'=guarded", "description": "''+twice\r\nand a line"},
    {"title": "+49 30", "subtitle": '"quoted", with; both', "description": "\t@tab"},
    {"title": "\uff1dwide", "subtitle": "Gro\u0308\u00dfe", "description": "-1\n-2"},
    {"title": "  blanks ", "subtitle": "\u202eturned", "tax_basis_points": 1600},
    {"title": "Old", "art_motif": "cats", "art_object": "hat", "sku": "a b/c"},
    {
        "title": "Twice that night",
        "category": "ticket",
        "supplier": "box_office",
        "event_at": datetime(2026, 10, 25, 0, 30, 17, 123_456, tzinfo=UTC),
        "venue": "'Pier",
    },
]


@pytest.fixture
def odd(transactional_db: None) -> None:
    """The catalogue, and what people and older code have left in it."""
    stock_shop()
    usual: dict[str, Any] = {"category": "home", "supplier": "warehouse", "price_cents": 123_456}
    for number, facts in enumerate(ODD):
        name = {"sku": f"ODD-{number}", "slug": f"odd-{number}"}
        Product.objects.create(**{**name, **usual, **facts})


@pytest.mark.parametrize("for_excel", [False, True])
def test_an_exported_list_changes_nothing(odd: None, clerk: Any, for_excel: bool) -> None:  # noqa: FBT001 - a parameter
    before = list(Product.objects.order_by("pk").values())
    source = looked_at(whole(written(clerk, "products", for_excel=for_excel)))

    assert list(source.refused_cells.values_list("line", "column", "said")) == []
    assert counts(source.findings) == [0, 0, len(before), 0]


def test_an_exported_list_makes_the_same_products_elsewhere(odd: None, clerk: Any) -> None:
    Product.objects.filter(
        sku__in=["ODD-1", "ODD-2", "ODD-3", "a b/c"]
    ).delete()  # nobody can make these today
    Product.objects.filter(title="Twice that night").update(on_sale=False)
    content = whole(written(clerk, "products"))
    before = table(content)
    Product.objects.all().delete()
    source = imported(content)

    assert counts(source.results) == [len(before) - 1, 0, 0, 0]
    assert sorted(table(whole(written(clerk, "products", for_excel=True)))) == sorted(before)


def test_what_excel_makes_of_it_means_the_same(odd: None, clerk: Any) -> None:
    """Saved by a German Excel: semicolons, a comma in prices, its own words, its own code page."""
    head, *rows = table(whole(written(clerk, "products")))
    price, on_sale = head.index("Price"), head.index("On sale")
    for row in rows:
        row[price] = row[price].replace(".", ",")
        row[on_sale] = {"true": "WAHR", "false": "FALSCH"}[row[on_sale]]
    quoted = [";".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows]
    text = "\r\n".join([";".join(head), *quoted])
    source = looked_at(text.encode("cp1252", "replace"))
    wide = {"ODD-2", "ODD-3", "ODD-0"}  # Windows-1252 has no wide sign, and none that turns

    found = counts(source.findings)
    assert found[2] >= len(rows) - len(wide)
    assert source.read_as == "Windows-1252, separated by semicolons"
