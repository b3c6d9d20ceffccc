"""A customer sends a film of what they bought, as the page's script does it."""

from typing import Any
from zlib import crc32

from django.test import Client

from media.models import Asset, Upload
from orders.models import Order
from reviews.attaching import attach
from reviews.models import Review
from tests.media.uploads.sending import content, finish
from tests.reviews.reviewing import line_of
from tests.shop.filmed import made_of, sent

WHOLE = content()


def film_page(order: Order, *, token: bool = True) -> str:
    """Of its first line's review, by the order's link."""
    query = f"?token={order.link_token}" if token else ""
    return f"/orders/{order.number}/review/{line_of(order).pk}/film/{query}"


def form_of(customer: Client, order: Order) -> Any:
    """What the page gives its script; None where nothing can be sent."""
    return customer.get(film_page(order)).context["upload"]


def begins(customer: Client, order: Order, **changes: Any) -> Any:
    """Its first request."""
    form = form_of(customer, order)
    said = {"ticket": form.ticket, "name": "pier.mp4", "size": len(WHOLE)}
    return customer.post(form.begin, said | changes)


def sends_part(customer: Client, state: dict[str, Any], part: bytes = WHOLE) -> Any:
    """All of it in one."""
    headers = {"Upload-Offset": "0", "Upload-Crc": str(crc32(part))}
    kind = "application/octet-stream"
    return customer.post(state["send_to"], part, content_type=kind, headers=headers)


def sends_film(customer: Client, order: Order, **changes: Any) -> Upload:
    """Sent, and looked at by the job."""
    assert sends_part(customer, begins(customer, order, **changes).json()).status_code == 200
    upload = Upload.objects.all()[0]
    finish(upload)
    return upload


def with_film(review: Review, name: str = "pier.mp4", *, moderated: str = "ok") -> Asset:
    """Its film, made and judged."""
    asset = sent(name)
    attach(asset=asset, review_id=review.pk)
    made_of(asset, 480, 1080, verdict=Asset.Verdict.REVIEW)
    Asset.objects.filter(pk=asset.pk).update(moderated=moderated)
    asset.refresh_from_db()
    return asset
