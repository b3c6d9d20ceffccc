"""The shop window kept warm: what visitors see of it, what is their own, and how old it is."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpRequest
from django.template import engines
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings
from redis import Redis

from accounts.models import User
from deferral.handlers import job
from deferral.models import Event, Job
from deferral.relay.expansion import expand_events
from deferral.warm import entries
from deferral.warm.rebuilding import rebuild
from deferral.warm.sealing import unseal
from media.models import Asset, Variant
from media.verdicts import judge, refuse, release
from shop.models import Product
from shop.seeding import seed_catalogue
from shop.selectors import PAGE
from shop.warm import stock
from shop.warm.anybody import AsksForSomebody, Words
from shop.warm.details import DETAILS
from shop.warm.pages import beside, window
from shop.warm.shelves import CATEGORIES, OTHERS, REBUILD, SHELF, build_others, build_shelf
from tests.media.made import make
from tests.rig.caching import RunningCache
from tests.rig.jobs import run_as_a_worker
from tests.shop.filmed import filmed
from tests.shop.filmed import made as film_is_made
from tests.shop.pictured import added

Shop = dict[str, Product]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
NEXT = re.compile(r'name="next" value="([^"]*)"')


@pytest.fixture
def warm(transactional_db: None, cache: RunningCache) -> Shop:
    """Every shelf has been read once, and nothing has happened since."""
    seed_catalogue()
    run_as_a_worker(job("shop.warm_up", key="warm_up"))
    read()
    Event.objects.all().delete()
    Job.objects.all().delete()
    return {product.slug: product for product in Product.objects.all()}


def read(path: str = "/", client: Client | None = None) -> str:
    return (client or Client()).get(path).content.decode()


def work() -> list[Job]:
    """What events ask for, and all of it done."""
    while expand_events():
        pass
    jobs = list(Job.objects.filter(queue="background", state="pending").order_by("id"))
    for each in jobs:
        run_as_a_worker(job(each.task, key=each.key, **each.kwargs))
    return jobs


def stock_is_read_anew(cache: RunningCache) -> None:
    """As after five seconds."""
    with cache.client as line:
        line.delete(*cache.keys("warm:*shop.stock"))


def test_a_warm_first_page_asks_the_database_nothing(
    warm: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "time", SimpleNamespace(time=partial(float, time.time())))
    read()
    with CaptureQueriesContext(connection) as asked:
        page = read()

    assert page.count('class="card"') == 40
    assert asked.captured_queries == []


@pytest.mark.parametrize("path", ["/", "/?category=print", "/products/harbour-mug/"])
def test_a_page_from_the_cache_is_the_page_without_one(
    warm: Shop, path: str, settings: Settings
) -> None:
    first, second = read(path), read(path)
    settings.CACHE_URL = ""
    without = read(path)

    assert same(first) == same(second) == same(without)


def same(page: str) -> str:
    """Beside what is the visitor's own."""
    return re.sub(r"\s+", " ", TOKEN.sub("", page))


@pytest.mark.parametrize("path", ["/", "/products/harbour-mug/"])
def test_a_page_with_photographs_is_the_same_page_too(
    warm: Shop, cache: RunningCache, path: str, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    make(added(warm["harbour-mug"]).asset)
    forget_all(cache)
    first, second = read(path), read(path)
    settings.CACHE_URL = ""
    without = read(path)

    assert 'type="image/avif"' in first
    assert same(first) == same(second) == same(without)


def test_templates_are_given_the_same_names_with_a_cache_and_without(
    warm: Shop, settings: Settings
) -> None:
    def names() -> list[set[str]]:
        page, mug = RequestFactory().get("/"), warm["harbour-mug"]
        return [set(window(page, "", 1)), set(beside(page, mug))]

    kept = names()
    settings.CACHE_URL = ""

    assert kept == names()


@pytest.mark.parametrize("cached", ["with a cache", ""])
@pytest.mark.parametrize("path", ["/", "/?category=print"])
def test_more_than_a_page_is_more_pages(
    warm: Shop, settings: Settings, cache: RunningCache, cached: str, path: str
) -> None:
    many(cache)
    settings.CACHE_URL = cached and settings.CACHE_URL
    wanted = Product.objects.filter(category__startswith="print" if "=" in path else "")
    pages = [read(path)]
    while after := re.findall(r'rel="next" href="([^"]+)"', pages[-1]):
        pages.append(read(unescape(after[0])))

    assert {page.count('class="card"') for page in pages[:-1]} == {PAGE}
    slugs = [slug for page in pages for slug in re.findall(r'<h3><a href="/products/(.+?)/', page)]
    assert slugs == [product.slug for product in wanted]


def many(cache: RunningCache) -> None:
    """More products than a page has, and nothing is kept."""
    one = Product.objects.filter(category="print")[0]
    own = {"id": None, "version": 1, "position": 500}
    kept = {name: value for name, value in vars(one).items() if not name.startswith("_")}
    Product.objects.bulk_create(
        Product(**kept | own | {"slug": f"more-{number}", "sku": f"MORE-{number}"})
        for number in range(45)
    )
    forget_all(cache)


def forget_all(cache: RunningCache) -> None:
    with cache.client as line:
        line.flushall()


def test_what_is_kept_of_a_shop_does_not_grow_with_it(warm: Shop, cache: RunningCache) -> None:
    many(cache)

    assert len(stock.read_stock("")) == PAGE + 1
    assert len(build_shelf("")["cards"]) == PAGE
    assert len(build_others("print")["cards"]) == OTHERS + 1


@pytest.mark.parametrize("page", ["0", "-1", "9" * 30, "²", "x", "1e3", "", "2"])
def test_a_page_that_is_not_there_is_the_first(warm: Shop, page: str) -> None:
    assert read(f"/?page={page}").count('class="card"') == 40


def test_each_visitor_has_the_token_of_their_own_and_the_address_they_are_at(warm: Shop) -> None:
    visitors = [Client(), Client()]
    pages = [read("/?category=print&from=<a>", one) for one in visitors]
    secrets = [one.cookies["csrftoken"].value for one in visitors]

    assert secrets[0] != secrets[1]
    assert set(NEXT.findall(pages[0])) == {"/?category=print&amp;from=%3Ca%3E"}
    strict = Client(enforce_csrf_checks=True)
    form = {"csrfmiddlewaretoken": TOKEN.findall(read("/", strict))[0], "sku": "HO-001"}
    assert strict.post("/cart/add/", form | {"quantity": "1"}).status_code == 302


def test_nothing_of_a_person_is_in_the_cache(warm: Shop, cache: RunningCache) -> None:
    someone = Client()
    user = User.objects.create_superuser("meret.okonjo@person.example")
    someone.force_login(user, "django.contrib.auth.backends.ModelBackend")
    someone.post("/cart/add/", {"sku": warm["harbour-mug"].sku, "quantity": "2"})
    with cache.client as line:
        line.flushall()
    for path in ("/", *(f"/?category={each}" for each in CATEGORIES), "/products/harbour-mug/"):
        read(path, someone)

    kept = everything_in(cache)
    cookies = [cookie.value for cookie in someone.cookies.values()]
    assert len(kept) > 5
    for own in (user.email, "meret", *filter(lambda value: len(value) > 8, cookies)):
        assert not [text for text in kept if own in text]
    tokens = {token for text in kept for token in TOKEN.findall(text)}
    assert {len(token) for token in tokens} == {32}  # a visitor's has 64 letters


def everything_in(cache: RunningCache) -> list[str]:
    """Every value, opened."""
    with cache.client as line:
        return [opened(line, key) for key in cache.keys("warm:")]


def opened(line: Redis, key: bytes) -> str:
    return str(unseal(key.decode(), line.get(key)))


@pytest.mark.parametrize(
    "asks",
    [
        "{{ request.user }}",
        "{% if request.user.is_staff %}x{% endif %}",
        "{% if 1 and request.COOKIES.a %}x{% endif %}",
        "{% load shopfront %}{% cart_count as pieces %}{{ pieces }}",
        "{{ request.META }}",
    ],
)
def test_a_shared_template_that_asks_who_reads_it_fails(asks: str) -> None:
    template = engines["django"].from_string(asks)

    with pytest.raises(AsksForSomebody):
        Words().render_with(template.render)


def test_nobody_can_write_what_stands_for_a_visitors_token(warm: Shop) -> None:
    one, other = Words(), Words()

    assert len({one.token, one.path, other.token, other.path}) == 4
    assert one.shown_to(HttpRequest(), other.token) == other.token


def test_what_is_sold_is_seen_within_five_seconds(warm: Shop, cache: RunningCache) -> None:
    assert (stock.RENEWED, stock.OLDEST) == (3, 5)
    Product.objects.filter(slug="harbour-mug").update(available=0)
    Product.objects.filter(slug="tide-clock").update(available=2)
    stock_is_read_anew(cache)
    page = read()

    assert card(page, "harbour-mug").count("Sold out") == 1
    assert "<button" not in card(page, "harbour-mug")
    assert "Only 2 left" in card(page, "tide-clock")


def card(page: str, slug: str) -> str:
    [found] = [each for each in page.split('<li class="card">') if f"/products/{slug}/" in each]
    return found


def test_a_new_price_is_seen_within_five_seconds_without_any_job(
    warm: Shop, cache: RunningCache
) -> None:
    Product.objects.filter(slug="harbour-mug").update(price_cents=12_345)
    stock_is_read_anew(cache)

    assert "€123.45" in card(read(), "harbour-mug")


def test_a_product_that_is_changed_makes_pages_stale_and_the_next_reader_has_them_rebuilt(
    warm: Shop, cache: RunningCache
) -> None:
    product = warm["harbour-mug"]
    read(product.get_absolute_url())
    product.title = "A mug from the other harbour"
    product.save()
    assert "shop.mark_products_changed" in {each.task for each in work()}

    page = read()
    assert page.count('class="card"') == 40
    assert "A mug from the other harbour" in page
    assert {"name": SHELF.name, "of": ""}.items() <= work()[0].kwargs.items()
    assert [text for text in everything_in(cache) if "A mug from the other harbour" in text]


def a_size_is_made_later(asset: Asset) -> None:
    Variant.objects.filter(asset=asset, measure=480).delete()
    run_as_a_worker(job("media.make_picture", key=f"picture:{asset.tag}:480", tag=asset.tag))


def judged(asset: Asset) -> None:
    with transaction.atomic():
        judge(Asset.objects.filter(pk=asset.pk), Asset.Verdict.REFUSED)


def refused(asset: Asset) -> None:
    refuse(asset_id=asset.pk, by="", reason="")


@pytest.mark.parametrize("happens", [refused, judged, a_size_is_made_later])
def test_what_is_decided_or_made_of_a_picture_makes_its_page_stale(
    warm: Shop, settings: Settings, tmp_path: Path, happens: Callable[[Asset], None]
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    mug = warm["harbour-mug"]
    asset = added(mug).asset
    work()
    make(asset)
    read(mug.get_absolute_url())
    work()
    happens(asset)

    [marking] = [each for each in work() if each.task == "shop.mark_products_changed"]
    assert marking.kwargs["product_ids"] == [mug.pk]
    read(mug.get_absolute_url())
    work()
    page = read(mug.get_absolute_url())
    assert ('type="image/avif"' in page) == (happens is a_size_is_made_later)


def test_what_is_decided_about_a_film_makes_its_page_stale(
    warm: Shop, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    film = filmed(warm["harbour-mug"])
    film_is_made(film, 720, verdict=Asset.Verdict.REVIEW)
    work()
    release(asset_id=film.asset_id, by="", reason="")

    assert [each.task for each in work()] == ["shop.mark_products_changed"]


def test_many_that_are_changed_together_are_one_job(warm: Shop) -> None:
    Product.objects.filter(category="print").update(subtitle="Now on better paper")
    [marking] = [each for each in work() if each.task == "shop.mark_products_changed"]

    assert len(marking.kwargs["product_ids"]) > 5


AWAY: dict[str, dict[str, Any]] = {
    "taken off sale": {"on_sale": False},
    "moved": {"category": "print"},
}


@pytest.mark.parametrize("away", [*AWAY, "deleted"])
def test_what_is_no_longer_there_is_not_shown(warm: Shop, cache: RunningCache, away: str) -> None:
    found = Product.objects.filter(slug="harbour-mug")
    if away == "deleted":
        found.delete()
    else:
        found.update(**AWAY[away])
    stock_is_read_anew(cache)

    assert "/products/harbour-mug/" not in read("/?category=home")


def test_a_new_product_stands_in_its_place_though_no_shelf_knows_it(
    warm: Shop, cache: RunningCache
) -> None:
    Product.objects.filter(slug="harbour-mug").update(position=0)
    stock_is_read_anew(cache)

    assert read().split('<li class="card">')[1].count("/products/harbour-mug/") == 2


def test_an_evening_that_begins_is_over_at_once(
    warm: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = warm["lantern-walk"]
    assert evening.event_at
    moment = evening.event_at + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: moment)

    assert "This evening is over" in card(read(), "lantern-walk")


def test_a_product_page_takes_its_text_and_stock_from_the_row(
    warm: Shop, cache: RunningCache
) -> None:
    path = warm["harbour-mug"].get_absolute_url()
    read(path)
    Product.objects.filter(slug="harbour-mug").update(available=0, price_cents=777)

    page = read(path)
    assert "€7.77" in page
    assert "Sold out" in page


def test_details_that_are_older_than_their_product_are_rebuilt(warm: Shop) -> None:
    mug = warm["harbour-mug"]
    read(mug.get_absolute_url())
    Product.objects.filter(pk=mug.pk).update(title="Another mug")
    Event.objects.all().delete()  # its announcement is lost
    assert 'alt="Drawing: Another mug"' in read(mug.get_absolute_url())

    [asked] = [each.payload["kwargs"] for each in Event.objects.filter(payload__task=REBUILD)]
    assert asked["name"] == DETAILS.name
    rebuild(**asked)
    assert 'alt="Drawing: Another mug"' in read(mug.get_absolute_url())


def test_details_of_a_later_version_than_their_product_are_not_shown(warm: Shop) -> None:
    mug = warm["harbour-mug"]
    later = {
        "version": mug.version + 5,
        "gallery": "of another day",
        "film": "",
        "link_photo": None,
    }
    mark = entries.mark_before(DETAILS, str(mug.pk))
    entries.keep(DETAILS, str(mug.pk), later, mark=mark, built=time.time())

    assert "of another day" not in read(mug.get_absolute_url())
    [asked] = [each.payload["kwargs"] for each in Event.objects.filter(payload__task=REBUILD)]
    rebuild(**asked)
    found = entries.look(DETAILS, str(mug.pk))
    assert found
    assert found.body["version"] == mug.version


def test_pages_stand_while_the_cache_is_gone(warm: Shop, cache: RunningCache) -> None:
    cache.end()

    for path in ("/", "/?category=print", "/products/harbour-mug/"):
        assert Client().get(path).status_code == 200


def test_a_cache_full_of_lies_shows_none_of_them(warm: Shop, cache: RunningCache) -> None:
    lie = b'{"body": {"cards": {}, "token": "", "path": ""}, "until": 9e9}'
    with cache.client as line:
        for key in cache.keys("warm:"):
            line.set(key, lie)

    assert read().count('class="card"') == 40


def test_the_schedule_keeps_every_shelf() -> None:
    assert SHELF.always == CATEGORIES
    assert len(CATEGORIES) == 5
