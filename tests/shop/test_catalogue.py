"""The shop window."""

import gzip
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertNumQueries
from pytest_django.fixtures import Settings

from shop.models import Product
from shop.seeding import event_time

Shop = dict[str, Product]
# Named by the style sheet, not by the page.
INTER = "shop/fonts/inter-latin-wght-normal.woff2"


def seed() -> str:
    """What `manage.py seed` prints."""
    said = StringIO()
    call_command("seed", stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_seeding_creates_what_is_missing_and_says_so() -> None:
    assert seed() == "Catalogue: 40 products created.\n"
    assert seed() == "Catalogue: complete.\n"
    Product.objects.filter(slug="harbour-mug").delete()
    assert seed() == "Catalogue: 1 products created.\n"


def test_seeding_changes_nothing_that_exists(stocked: Shop) -> None:
    Product.objects.filter(slug="harbour-mug").update(price_cents=1)
    seed()

    assert Product.objects.get(slug="harbour-mug").price_cents == 1


def test_seeded_evenings_lie_ahead_on_their_weekday_and_hour() -> None:
    now = timezone.localtime()
    evening = event_time(now, weeks=3, weekday=5, clock="19:00")

    assert (evening.weekday(), evening.hour) == (5, 19)
    assert now + timedelta(days=13) < evening < now + timedelta(days=28)


def test_the_first_page_asks_for_products_and_for_pictures(stocked: Shop, customer: Client) -> None:
    with assertNumQueries(2):
        page = customer.get("/")

    assert page.content.count(b'class="card"') == 40


def test_a_category_shows_its_own(stocked: Shop, customer: Client) -> None:
    assert customer.get("/?category=ticket").content.count(b'class="card"') == 8
    assert customer.get("/?category=nonsense").content.count(b'class="card"') == 40


def test_what_is_withdrawn_is_nowhere(stocked: Shop, customer: Client) -> None:
    Product.objects.filter(slug="harbour-mug").update(on_sale=False)

    assert customer.get("/products/harbour-mug/").status_code == 404
    assert b"Harbour mug" not in customer.get("/").content


def test_a_sold_out_product_says_so_and_cannot_be_bought(stocked: Shop, customer: Client) -> None:
    page = customer.get("/products/smokehouse-supper/").content

    assert b"Sold out" in page
    assert b"Put in the cart" not in page


def test_few_seats_are_counted(stocked: Shop, customer: Client) -> None:
    assert b"Only 11 seats left" in customer.get("/products/harbour-sessions/").content


def test_an_evening_that_has_begun_is_not_sold(stocked: Shop) -> None:
    past = Product(category="ticket", event_at=timezone.now() - timedelta(hours=1))

    assert (past.most, past.stock_note) == (0, "This evening is over")


def test_a_page_that_does_not_exist_is_ours(customer: Client) -> None:
    answer = customer.get("/nowhere/")

    assert answer.status_code == 404
    assert b"Nothing is moored here" in answer.content


@pytest.mark.parametrize(
    ("template", "words"),
    [("400.html", "could not read"), ("403.html", "for staff"), ("500.html", "broke on our side")],
)
def test_an_error_page_needs_no_request(template: str, words: str) -> None:
    assert words in render_to_string(template)


def packed_size(file: Path) -> int:
    """What `collectstatic` leaves of it: text is packed, a font is that already."""
    content = file.read_bytes()
    return (
        len(gzip.compress(content, 9)) if file.suffix in {".css", ".js", ".svg"} else len(content)
    )


def test_what_is_text_is_sent_packed(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)

    for file in ("shop.css", "shop.js"):
        whole = tmp_path / "shop" / file
        packed = whole.with_name(f"{file}.gz")
        assert gzip.decompress(packed.read_bytes()) == whole.read_bytes()
        assert packed.stat().st_size < whole.stat().st_size / 2


def test_the_first_page_is_small(stocked: Shop, customer: Client) -> None:
    """Page, style, script, fonts and every picture, as the image sends them: 150 kB."""
    packed = {"accept-encoding": "gzip"}
    page = customer.get("/", headers=packed).content
    parts = set(re.findall(r'(?:src|href)="(/[as][^"]+)"', gzip.decompress(page).decode()))
    pictures = {part for part in parts if part.startswith("/art/")}
    files = {part.removeprefix("/static/") for part in parts - pictures} | {INTER}
    sizes = [len(customer.get(address, headers=packed).content) for address in pictures]
    sizes += [packed_size(Path(str(finders.find(file)))) for file in files]

    assert (len(pictures), len(files)) == (41, 6)
    assert len(page) + sum(sizes) < 150_000


def test_no_page_has_styles_or_scripts_of_its_own(stocked: Shop, customer: Client) -> None:
    for address in ("/", "/products/harbour-mug/", "/cart/", "/orders/", "/nowhere/"):
        answer = customer.get(address)
        assert b"style=" not in answer.content
        assert b"<style" not in answer.content
        assert "default-src 'self'" in answer["Content-Security-Policy"]
