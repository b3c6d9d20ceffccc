"""The form: what is taken, what is refused in which words, and that nothing typed is lost."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from config.limits import LIMITS
from deferral.errors import Retry
from deferral.models import Event, Job
from deferral.pressure.rules import Level
from media.large_bodies import has_room
from media.models import Asset
from media.places import place
from media.services import keep_original
from orders.models import Order
from reviews.models import LONGEST_WORDS, Review
from tests.deferral.test_pressure import behind
from tests.media.drawn import SVG, bomb
from tests.reviews.reviewing import a_file, address, refused, sends, shown, written

pytestmark = pytest.mark.django_db
MARKED = 422


def test_what_is_sent_waits_for_staff(order: Order, customer: Client) -> None:
    assert customer.get(address(order)).content.decode().count('value="Ada"') == 1
    answer = sends(customer, order, a_file("a"), a_file("b"), stars=5)

    assert (answer.status_code, answer["Location"]) == (302, address(order))
    review = Review.objects.get()
    assert (review.stars, review.state, review.product.slug) == (5, "waiting", "slow-swell")
    assert [asset.verdict for asset in review.assets()] == ["", ""]
    assert Event.objects.filter(type="media.asset_received").count() == 2
    assert b"Nobody sees it before" in customer.get(address(order)).content


def test_the_form_sent_twice_is_one_review_with_its_photos_once(
    order: Order, customer: Client
) -> None:
    for _ in range(2):
        assert sends(customer, order, a_file()).status_code == 302

    assert (Review.objects.count(), Asset.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"stars": ""}, "This field is required"),
        ({"stars": 0}, "Select a valid choice"),
        ({"stars": 6}, "Select a valid choice"),
        ({"stars": "5.0"}, "Select a valid choice"),
        ({"words": " \u200b\u2800 "}, "something that can be seen"),
        ({"words": "right\u202eleft"}, "leave out control characters"),
        ({"words": "x" * (LONGEST_WORDS + 1)}, "at most 2000 characters"),
        ({"words": "x" + "\r\n" * 60 + "x"}, "At most 60 lines"),
        ({"name": "Ada\nLovelace"}, "leave out line breaks"),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"dropped": "nobodys"}, None),
    ],
)
def test_what_is_well_formed_and_wrong_is_told(
    order: Order, customer: Client, said: dict[str, Any], words: str | None
) -> None:
    answer = sends(customer, order, **said)

    assert answer.status_code == (MARKED if words else 302)
    assert (words or "") in answer.content.decode()
    assert Review.objects.exists() is (words is None)


def test_a_line_break_counts_once(order: Order, customer: Client) -> None:
    words = "x\r\n" * 50 + "x" * (LONGEST_WORDS - 100)

    assert sends(customer, order, words=words).status_code == 302
    assert len(Review.objects.get().words) == LONGEST_WORDS


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SVG, "This is an SVG drawing"),
        (b"%PDF-1.7", "PDF"),
        (bomb().read(), "megapixels"),
        (b"no picture at all", "no picture and no film"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "here belongs a picture"),
    ],
)
def test_of_several_photos_the_one_that_is_refused_is_named_and_nothing_is_kept(
    order: Order, customer: Client, content: bytes, words: str
) -> None:
    answer = sends(customer, order, a_file("good.jpg"), a_file("bad.jpg", content))

    assert answer.status_code == MARKED
    assert "bad.jpg: " in answer.content.decode()
    assert words in answer.content.decode()
    assert "It smells of the sea." in answer.content.decode()
    assert (Review.objects.count(), Asset.objects.count()) == (0, 0)


def test_five_photos_are_too_many_also_one_by_one(order: Order, customer: Client) -> None:
    def files(count: int) -> list[SimpleUploadedFile]:
        return [a_file(f"{number}.jpg") for number in range(count)]

    assert sends(customer, order, *files(5)).status_code == MARKED
    assert sends(customer, order, *files(3)).status_code == 302
    assert b"at most four photos" in sends(customer, order, *files(2), version=1).content
    tag = Review.objects.get().assets()[0].tag

    assert sends(customer, order, *files(2), version=1, dropped=[tag]).status_code == 302


def test_what_was_changed_in_another_tab_is_told_with_what_was_typed(
    order: Order, customer: Client
) -> None:
    written(order, words="From the other tab.")
    answer = sends(customer, order, words="From this tab.")

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "It was changed elsewhere" in page
    assert "From this tab." in page
    assert 'name="version" value="1"' in page
    assert sends(customer, order, words="From this tab.", version=1).status_code == 302


@pytest.mark.parametrize(
    ("decide", "words"),
    [(shown, "Everybody can read it"), (refused, "We do not show it: It is about another shop.")],
)
def test_what_was_decided_meanwhile_is_told(
    order: Order, customer: Client, decide: Any, words: str
) -> None:
    decide(written(order))
    answer = sends(customer, order, words="Changed.", version=1)

    assert answer.status_code == 409
    assert "We have decided about it meanwhile" in answer.content.decode()
    assert words in answer.content.decode()
    assert 'name="words"' not in answer.content.decode()


def originals() -> list[str]:
    """What is in storage of photos."""
    return [one.name for one in place("local").names(Asset.folder)]


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (lambda _: Order.objects.update(state="cancelled"), {}),
        (written, {}),
        (lambda order: written(order, version=0), {"version": 7}),
        (lambda order: shown(written(order)), {"version": 2}),
        (lambda order: refused(written(order)), {"version": 1}),
    ],
    ids=["not paid for", "of another tab", "of a later version", "shown", "refused"],
)
def test_for_a_review_that_is_not_taken_no_photo_reaches_the_storage(
    order: Order, customer: Client, monkeypatch: pytest.MonkeyPatch, before: Any, said: Any
) -> None:
    before(order)
    monkeypatch.setattr("media.services.file_stream_away", None)

    assert sends(customer, order, a_file(), **said).status_code == 409


def test_a_photo_sent_again_does_not_reach_the_storage_again(
    order: Order, customer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sends(customer, order, a_file())
    monkeypatch.setattr("media.services.file_stream_away", None)

    assert sends(customer, order, a_file()).status_code == 302


def test_whoever_was_overtaken_while_photos_were_kept_leaves_none(
    order: Order, customer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(*given: Any, **named: Any) -> Any:
        found = keep_original(*given, **named)
        Order.objects.update(state="cancelled")
        return found

    monkeypatch.setattr("media.originals.keep_original", overtaken)

    assert sends(customer, order, a_file("a"), a_file("b")).status_code == 409
    assert originals() == []


def test_of_four_photos_none_is_left_when_the_third_cannot_be_kept(
    order: Order, customer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def third(*given: Any, name: str, **named: Any) -> Any:
        if name == "2":
            raise Retry("away")
        return keep_original(*given, name=name, **named)

    monkeypatch.setattr("media.originals.keep_original", third)

    assert sends(customer, order, *map(a_file, "0123")).status_code == 503
    assert originals() == []


def test_under_pressure_photos_wait_and_words_are_taken(order: Order, customer: Client) -> None:
    behind("media", Level.RED)
    answer = sends(customer, order, a_file())

    assert (answer.status_code, Asset.objects.count()) == (429, 0)
    assert int(answer["Retry-After"]) > 0
    assert "It smells of the sea." in answer.content.decode()
    assert sends(customer, order).status_code == 302


def test_without_a_storage_the_words_are_there_still(
    order: Order, customer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise Retry("away")

    monkeypatch.setattr("media.services.file_stream_away", away)
    answer = sends(customer, order, a_file())

    assert answer.status_code == 503
    assert "Photos cannot be kept" in answer.content.decode()
    assert "It smells of the sea." in answer.content.decode()


def test_it_is_withdrawn_by_a_button(order: Order, customer: Client) -> None:
    written(order)
    for _ in range(2):
        answer = customer.post(address(order), {"do": "withdraw"})
        assert answer["Location"] == f"/orders/{order.number}/?token={order.link_token}"

    assert not Review.objects.exists()


def test_the_customer_is_mailed_about_no_photo(order: Order, customer: Client) -> None:
    """What was decided about the review is told by a mail of its own."""
    sends(customer, order, a_file())

    assert [one.uploaded_by for one in Asset.objects.all()] == [""]
    assert not Job.objects.exists()


def test_photos_may_be_sent_from_its_form_and_from_no_other_page(
    order: Order, customer: Client
) -> None:
    page = customer.get(address(order)).content.decode()
    path, _, query = unescape(re.findall(r'action="(/orders/[^"]*)"', page)[0]).partition("?")

    assert has_room(path, query)
    assert not has_room(path.replace("review/", "review/1"), query)
    assert customer.post(f"{path}?{query}", {}).status_code == MARKED


def test_so_many_in_ten_minutes_and_no_more(
    order: Order, customer: Client, settings: Settings
) -> None:
    settings.RATE_LIMITS = True
    [limit] = [one for one in LIMITS if one.name == "review"]
    answers = [sends(customer, order, words="").status_code for _ in range(limit.most + 1)]

    assert answers == [MARKED] * limit.most + [429]
    assert customer.get(address(order)).status_code == 200


def test_it_is_kept_by_nobody_and_found_by_no_search(order: Order, customer: Client) -> None:
    answer = customer.get(address(order))

    assert "no-store" in answer["Cache-Control"]
    assert b'content="noindex"' in answer.content
    assert answer["Referrer-Policy"] == "same-origin"
