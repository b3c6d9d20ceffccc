"""What customers and staff do with reviews, in short."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from media.models import Asset
from media.services import Original, keep_original
from orders import services
from orders.models import Order, OrderLine
from orders.payments.provider import gateway
from reviews.deciding import refuse_review, show_review
from reviews.models import Review
from reviews.writing import Said, write_review
from shop.models import Product
from tests.media.drawn import photo
from tests.media.made import make
from tests.shop.buying import placed

CAPTURED = gateway.Settlement(outcome="captured", ref="pi_1", card="Visa ending 4242")


def paid_for(*wanted: tuple[Product, int]) -> Order:
    """An order, paid."""
    order = placed(*wanted)
    [attempt] = order.payments.all()
    return services.mark_paid(attempt_id=attempt.pk, settlement=CAPTURED)


def line_of(order: Order) -> OrderLine:
    """Its first."""
    line = order.lines.first()
    assert line is not None
    return line


def a_photo(name: str = "pier.jpg", width: int = 700) -> Original:
    """Kept, and in no row yet."""
    return keep_original(photo(width, 350), name=name)


def written(order: Order, *photos: Original, version: int = 0, **said: Any) -> Review:
    """Of its first line."""
    facts = {"stars": 4, "words": "It smells of the sea.", "name": "Ada", **said}
    return write_review(
        line_id=line_of(order).pk, said=Said(**facts), version=version, photos=photos
    )


def offered(review: Review) -> list[str]:
    """Its photos that staff can look at now."""
    return [one.tag for one in review.to_be_seen()]


def shown(review: Review, *photos: Asset) -> Review:
    """Decided by staff."""
    review.refresh_from_db()
    tags = [one.tag for one in photos]
    seen: Any = {"offered": offered(review), "photos": tags, "version": review.version}
    show_review(review_id=review.pk, by="harbour", reason="", **seen)
    review.refresh_from_db()
    return review


def refused(review: Review, reason: str = "It is about another shop.") -> Review:
    """The same."""
    review.refresh_from_db()
    refuse_review(review_id=review.pk, by="harbour", reason=reason, version=review.version)
    review.refresh_from_db()
    return review


def made(review: Review) -> list[Asset]:
    """Its photos, with their variants."""
    found = list(review.assets().order_by("pk"))
    for asset in found:
        assert make(asset).state == "done"
    return found


def address(order: Order, *, token: bool = True) -> str:
    """Of its first line's review, by the order's link."""
    query = f"?token={order.link_token}" if token else ""
    return f"/orders/{order.number}/review/{line_of(order).pk}/{query}"


def sends(customer: Client, order: Order, *files: SimpleUploadedFile, **said: Any) -> Any:
    """The form, as it was filled in."""
    facts = {"version": 0, "stars": 4, "words": "It smells of the sea.", "name": "Ada", **said}
    return customer.post(address(order), {**facts, "photos": list(files), "do": "save"})


def a_file(name: str = "pier.jpg", content: bytes = b"") -> SimpleUploadedFile:
    """As a browser sends it."""
    return SimpleUploadedFile(name, content or photo(700, 350).read(), "image/jpeg")
