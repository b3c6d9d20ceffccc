"""A file of products is looked at, confirmed, imported; brought twice it changes nothing."""

import io
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import AuditEntry
from deferral.errors import NotAllowed
from deferral.models import Job
from deferral.relay.expansion import expand_events
from shop.imports import checking, differing, importing, receiving
from shop.imports.errors import NotReadable
from shop.imports.keeping import KEPT, confirm, forget_old_imports, withdraw
from shop.imports.saying import complaints
from shop.models import Product, ProductImport, RefusedCell
from tests.shop.buying import placed
from tests.shop.imports.files import (
    EBB,
    brought,
    counts,
    errors,
    imported,
    lines,
    looked_at,
    work,
)

Shop = dict[str, Product]


def test_a_dry_run_changes_nothing_and_says_what_would_be(open_shop: Shop) -> None:
    before = list(Product.objects.order_by("pk").values())
    mug = "HO-001,Harbour mug,home,19.50,warehouse,true"
    source = looked_at(lines(EBB, mug, mug.replace("HO-001", "HO-002"), "X-1,X,car,1,,no"))

    assert counts(source.findings) == [1, 1, 1, 1]
    assert list(Product.objects.order_by("pk").values()) == before
    assert not AuditEntry.objects.exists()


def test_a_dry_run_shows_the_first_cells_that_change_before_and_after(open_shop: Shop) -> None:
    source = looked_at(
        lines("HO-001,Large mug,19.50", "HO-002,,25", "A-1,New,10", head="SKU,Title,Price")
    )

    assert list(map(str, source.changed_cells.all())) == [
        "line 2, HO-001, Title: Harbour mug → Large mug",
    ]


def test_no_more_are_shown_than_anybody_looks_at(
    open_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a chunk begins in between, and where the text is long."""
    monkeypatch.setattr(checking, "CHUNK", 3)
    monkeypatch.setattr(differing, "SHOWN", 4)
    rows = [f"{one.sku},{one.title} II,21" for one in open_shop.values()]
    source = looked_at(lines(*rows, head="SKU,Title,Price"))

    assert source.changed_cells.count() == 4
    before, after = differing.apart(f"{'a' * 5_000}b", f"{'a' * 5_000}c")
    assert (before[0], before[-1], after[-1], len(after)) == ("…", "b", "c", differing.LEAD + 1)


def test_what_is_confirmed_is_written_and_written_down(open_shop: Shop) -> None:
    source = imported(lines(EBB, "HO-001,Large mug,home,29,warehouse,true"))
    made, mug = Product.objects.get(sku="PR-900"), Product.objects.get(sku="HO-001")

    assert counts(source.results) == [1, 1, 0, 0]
    assert (made.title, made.slug, made.price_cents, made.on_sale) == ("Ebb", "ebb", 2450, True)
    assert (mug.title, mug.slug, mug.price_cents) == ("Large mug", "harbour-mug", 2900)
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == [
        "products_import_confirmed",
        "products_imported",
    ]


def test_a_file_brought_twice_changes_nothing(open_shop: Shop) -> None:
    content = lines(EBB, "HO-001,Large mug,home,29,warehouse,true")
    imported(content)
    before = list(Product.objects.order_by("pk").values())
    again = looked_at(content)

    assert counts(again.findings) == [0, 0, 2, 0]
    with pytest.raises(NotAllowed):
        confirm(productimport_id=again.pk, by="ada")
    assert list(Product.objects.order_by("pk").values()) == before


def test_a_line_that_cannot_be_sold_is_left_out_and_the_others_are_imported(
    transactional_db: None,
) -> None:
    source = imported(lines(EBB, EBB.replace("900", "901").replace("print_room", "")))

    assert counts(source.results) == [1, 0, 0, 1]
    assert errors(source) == [
        (3, "Supplier", "Choose who hands it out: the supplier is told of every order.")
    ]


WRONG: list[tuple[str, str, str]] = [
    (",Ebb,print,1,print_room,yes", "SKU", "A line without a number"),
    ("a b,Ebb,print,1,print_room,yes", "SKU", "Letters from A to Z"),
    (f"{'A' * 41},Ebb,print,1,print_room,yes", "SKU", "At most 40"),
    ("A-1,,print,1,print_room,yes", "Title", "A new product needs it"),
    ("A-1,Ebb,print,,print_room,yes", "Price", "A new product needs it"),
    ("A-1,Ebb,print,dear,print_room,yes", "Price", "Write a price in euros"),
    ("A-1,Ebb,download,0.10,,yes", "Price", "A card cannot be charged"),
    ("A-1,Ebb,ticket,1,box_office,yes", "Event", "A ticket has to say when"),
    ("A-1,Ebb,print,1,moon,yes", "Supplier", "Write one of these: print_room"),
    ("A-1,Ebb,print,1,print_room,perhaps", "On sale", "Write yes or no"),
    ("A-1,Ebb", "", "It has 2 cells"),
]


@pytest.mark.parametrize(("line", "column", "said"), WRONG)
def test_each_mistake_is_named_by_line_and_column(
    transactional_db: None, line: str, column: str, said: str
) -> None:
    source = looked_at(lines(EBB, line))

    assert counts(source.findings) == [1, 0, 0, 1]
    [(number, named, sentence)] = errors(source)
    assert (number, named) == (3, column)
    assert said in sentence


def test_a_number_and_an_address_stand_in_one_line_only(open_shop: Shop) -> None:
    head = "SKU,Title,Category,Price,Slug"
    rows = [
        "A-1,One,print,1,one",
        "A-1,Again,print,1,",
        "A-2,Two,print,1,one",
        "A-3,Three,print,1,harbour-mug",
    ]
    found = errors(looked_at(lines(*rows, head=head)))

    assert [(line, said) for line, _, said in found] == [
        (3, "This number is in line 2 already."),
        (4, "This address is in line 2 already."),
        (5, "Another product has this address."),
    ]


def test_an_address_that_customers_know_is_not_changed(open_shop: Shop) -> None:
    Product.objects.filter(sku="HO-002").update(on_sale=False)
    source = imported(lines("HO-001,mug", "HO-002,tote", head="SKU,Slug"))

    assert [line for line, *_ in errors(source)] == [2]
    assert Product.objects.get(sku="HO-001").slug == "harbour-mug"
    assert Product.objects.get(sku="HO-002").slug == "tote"


def test_stock_is_given_to_what_is_new_and_never_written_over(open_shop: Shop) -> None:
    placed((open_shop["harbour-mug"], 3))
    rows = ["HO-001,,,,480", "A-1,One,home,1,7"]
    source = imported(
        lines(*rows, head="SKU,Title,Category,Price,Available").replace(
            b",,,,", b",Harbour mug,home,19.50,"
        )
    )

    assert counts(source.results, "new", "unchanged", "stock") == [1, 1, 1]
    assert Product.objects.get(sku="HO-001").available == 477
    assert Product.objects.get(sku="A-1").available == 7


def test_columns_that_are_not_there_leave_what_is(open_shop: Shop) -> None:
    imported(lines("HO-001,21", head="sku;price").replace(b",", b";"))
    mug = Product.objects.get(sku="HO-001")

    assert (mug.price_cents, mug.title, mug.on_sale) == (2100, "Harbour mug", True)


def test_an_empty_cell_under_on_sale_leaves_what_is_and_a_new_one_is_not_on_sale(
    open_shop: Shop,
) -> None:
    source = imported(lines("HO-001,Harbour mug,home,21,warehouse,", EBB.replace("yes", "")))

    assert counts(source.results) == [1, 1, 0, 0]
    assert Product.objects.get(sku="HO-001").on_sale
    assert not Product.objects.get(sku="PR-900").on_sale


def test_new_ones_of_one_title_have_addresses_of_their_own(open_shop: Shop) -> None:
    rows = [f"A-{n},Harbour mug,home,1,warehouse,no" for n in range(3)]
    imported(lines(*rows))

    found = Product.objects.filter(sku__startswith="A-").order_by("sku")
    assert [one.slug for one in found] == ["harbour-mug-2", "harbour-mug-3", "harbour-mug-4"]


def test_what_was_changed_since_the_dry_run_is_judged_as_it_is(open_shop: Shop) -> None:
    source = looked_at(lines("HO-001,yes,29", "HO-002,yes,29", head="SKU,On sale,Price"))
    Product.objects.filter(sku="HO-001").update(on_sale=False, supplier="")
    confirm(productimport_id=source.pk, by="ada")
    work(source.import_key)
    source.refresh_from_db()

    assert counts(source.findings) == [0, 2, 0, 0]
    assert counts(source.results) == [0, 1, 0, 1]
    assert not Product.objects.get(sku="HO-001").on_sale


def test_nothing_is_imported_before_it_is_looked_at_and_confirmed_once(open_shop: Shop) -> None:
    source = brought(lines(EBB))
    with pytest.raises(NotAllowed):
        confirm(productimport_id=source.pk, by="ada")
    work(source.check_key)
    confirm(productimport_id=source.pk, by="ada")
    with pytest.raises(NotAllowed):
        confirm(productimport_id=source.pk, by="bob")

    assert not Product.objects.filter(sku="PR-900").exists()


def test_withdrawn_nothing_comes_of_it(open_shop: Shop) -> None:
    source = looked_at(lines(EBB))
    confirm(productimport_id=source.pk, by="ada")
    withdraw(productimport_id=source.pk, by="ada", reason="the wrong file")
    work(source.import_key)
    source.refresh_from_db()

    assert not Product.objects.filter(sku="PR-900").exists()
    assert (source.done_at, source.results) == (None, None)
    for decide in (confirm, partial(withdraw, reason="again")):
        with pytest.raises(NotAllowed):
            decide(productimport_id=source.pk, by="ada")


def test_withdrawn_before_the_relay_has_written_its_job_it_ends_behind_the_chunk_under_way(
    open_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody could cancel a job that was not there: the import looks for itself, chunk by chunk."""
    monkeypatch.setattr(importing, "CHUNK", 1)
    source = looked_at(lines(EBB, EBB.replace("900", "901"), EBB.replace("900", "902")))
    confirm(productimport_id=source.pk, by="ada")

    monkeypatch.setattr(
        importing,
        "crashpoint",
        lambda _: ProductImport.objects.update(withdrawn_at=timezone.now()),
    )
    work(source.import_key)
    source.refresh_from_db()

    assert [one.sku for one in Product.objects.filter(sku__startswith="PR-90")] == ["PR-900"]
    assert (source.done_at, source.results) == (None, None)
    assert not AuditEntry.objects.filter(action="products_imported").exists()


def test_a_file_that_cannot_be_read_says_why(transactional_db: None) -> None:
    source = looked_at(b"SKU,Colour\nA-1,blue\n")

    assert "Nobody knows the column" in source.refusal
    assert source.findings is None


def test_a_file_that_is_too_large_is_not_kept(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "MOST_BYTES", 100)
    with pytest.raises(NotReadable, match="A file has at most"):
        receiving.receive(io.BytesIO(b"x" * 101), name="large.csv", uploaded_by="ada")
    assert not ProductImport.objects.exists()


def test_of_what_is_wrong_with_a_file_no_more_is_kept_than_anybody_reads(
    open_shop: Shop, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST_SAID", 5)
    monkeypatch.setattr(checking, "CHUNK", 2)
    source = looked_at(lines(*(f"HO-001,,{n},x,," for n in range(4))))
    more = "10 more, which are not kept"

    assert RefusedCell.objects.count() == 5
    assert list(complaints(source))[-1] == f',,"And {more}. Mend these first."\n'
    assert more in staff.get(f"/admin/shop/productimport/{source.pk}/change/").content.decode()


def test_a_file_is_deleted_after_a_week_unless_its_job_lives(open_shop: Shop) -> None:
    over, living = looked_at(lines("A-1,,,,,")), looked_at(lines(EBB))
    confirm(productimport_id=living.pk, by="ada")
    ProductImport.objects.update(uploaded_at=timezone.now() - KEPT)
    expand_events()
    assert forget_old_imports() == 1
    over.refresh_from_db()
    living.refresh_from_db()

    assert (over.forgotten_at is None, living.forgotten_at is None) == (False, True)
    assert not RefusedCell.objects.exists()


def test_a_dead_import_keeps_its_file_until_it_is_replayed_or_withdrawn(open_shop: Shop) -> None:
    source = looked_at(lines(EBB))
    confirm(productimport_id=source.pk, by="ada")
    expand_events()
    Job.objects.filter(key=source.import_key).update(state="dead")
    ProductImport.objects.update(uploaded_at=timezone.now() - KEPT)
    assert forget_old_imports() == 0

    withdraw(productimport_id=source.pk, by="ada", reason="the wrong file")
    assert forget_old_imports() == 1


@pytest.mark.parametrize("name", ["../../x", "a\x00b\n.csv", "x" * 500, ""])
def test_what_a_file_is_called_is_only_shown(transactional_db: None, name: str) -> None:
    source: Any = receiving.receive(io.BytesIO(EBB.encode()), name=name, uploaded_by="ada")

    assert source.name
    assert len(source.name) <= 200
    assert source.file.name.startswith("imports/")
    assert ".." not in source.file.name
