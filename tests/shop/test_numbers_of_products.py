"""The number of a product is read out over the telephone: capitals make no other."""

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from orders.models import OrderLine
from shop.models import TAKEN, Product
from shop.seeding import seed_catalogue
from tests.shop.as_before import before_capitals, call
from tests.shop.buying import placed
from tests.shop.imports.files import EBB, counts, errors, imported, lines, looked_at

Shop = dict[str, Product]
OLD = """
INSERT INTO shop_product (sku, slug, category, title, subtitle, description, price_cents,
    tax_basis_points, supplier, on_sale, venue, position, art_seed, art_motif, art_object)
SELECT sku, slug, 'download', 'A', '', '', 100, 0, '', on_sale, '', 1, 1, 'x', 'x'
FROM (VALUES ('Ebb', 'a', false), ('EBB', 'b', true), ('ebb-2', 'd', true),
    ('Flow', 'e', false)) old (sku, slug, on_sale)
"""


def test_the_table_has_no_two_that_differ_in_capitals(open_shop: Shop) -> None:
    mug = open_shop["harbour-mug"]
    with pytest.raises(IntegrityError, match="product_sku_whatever_its_case"):
        Product.objects.create(sku=mug.sku.lower(), slug="x", price_cents=1, on_sale=False)


def test_the_form_says_it_of_the_number(open_shop: Shop, staff: Client) -> None:
    page = staff.post("/admin/shop/product/add/", {"sku": "ho-001", "title": "Mug"})
    form = page.context["adminform"].form

    assert form.errors["sku"] == [TAKEN]
    assert TAKEN not in str(form.non_field_errors())


def test_a_file_means_the_product_of_that_number_however_it_is_written(open_shop: Shop) -> None:
    source = imported(lines("ho-001,21", head="SKU,Price"))

    assert counts(source.results) == [0, 1, 0, 0]
    assert Product.objects.get(sku="HO-001").price_cents == 2100
    assert not Product.objects.filter(sku="ho-001").exists()


def test_a_number_stands_in_one_line_whatever_its_capitals(open_shop: Shop) -> None:
    source = looked_at(lines(EBB, EBB.lower(), "ho-001,,,,,", "HO-001,,,,,"))

    assert [(line, said) for line, _, said in errors(source) if "already" in said] == [
        (3, "This number is in line 2 already."),
        (5, "This number is in line 4 already."),
    ]


def test_what_the_catalogue_begins_with_is_not_made_twice(open_shop: Shop) -> None:
    Product.objects.filter(sku="HO-001").update(sku="ho-001")

    assert seed_catalogue() == []


def test_those_of_before_are_numbered_anew_and_named_and_what_was_bought_is_found(
    open_shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    third = open_shop["low-tide"]
    order = placed((third, 1))
    Product.objects.filter(pk=third.pk).update(on_sale=False)
    with before_capitals(verbosity=1), connection.cursor() as cursor:
        call(third, "ebb")
        cursor.execute(OLD)

    made = Product.objects.filter(sku__iregex="^(ebb|flow)")
    numbers = dict(made.values_list("slug", "sku"))
    assert numbers == {"a": "Ebb-4", "b": "EBB", "low-tide": "ebb-3", "d": "ebb-2", "e": "Flow"}
    assert "ebb is ebb-3, Ebb is Ebb-4" in capsys.readouterr().out
    assert OrderLine.objects.get(order=order).sku == "ebb-3"
